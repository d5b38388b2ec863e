"""OpenAI's API without HTTP: what it asks and what it gets."""
