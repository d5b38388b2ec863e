"""Versions under a name."""
