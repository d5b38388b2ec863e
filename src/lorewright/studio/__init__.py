"""The web UI: pages in Python, and two Vue components."""

ROOT = "/studio"
"""Where the studio is below the address of its domain."""
