"""The data screens."""
