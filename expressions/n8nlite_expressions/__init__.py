"""n8n's `={{ … }}` expressions. Knows nothing of workflows or nodes."""
