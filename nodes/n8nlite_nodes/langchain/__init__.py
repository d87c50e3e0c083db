"""The nodes of `@n8n/n8n-nodes-langchain`: `openAi` is in `open_ai.py`, and so on."""
