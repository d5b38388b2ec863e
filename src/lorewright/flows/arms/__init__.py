"""The arms: the standard ways to answer, as flows."""
