"""The chat screens."""
