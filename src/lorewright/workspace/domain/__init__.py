"""A domain is a folder: its layout, its settings, opening it, checking it."""
