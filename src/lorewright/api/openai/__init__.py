"""Routes of OpenAI's API, one file per resource."""
