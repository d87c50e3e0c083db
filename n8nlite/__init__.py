"""Run, test, check and serve n8n workflow JSON in plain Python."""
