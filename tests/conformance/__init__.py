"""How much of OpenAI's API is there: every endpoint of the SDK, driven against a real server."""
