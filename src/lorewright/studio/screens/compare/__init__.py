"""The compare screens."""
