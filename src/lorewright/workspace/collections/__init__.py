"""Files of clients and the collections made of them (OpenAI's files, uploads, vector stores)."""
