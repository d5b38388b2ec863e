"""The tuning screens."""
