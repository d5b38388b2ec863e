"""Routes of Anthropic's API."""
