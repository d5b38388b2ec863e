"""The flows screens."""
