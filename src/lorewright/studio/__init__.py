"""The web UI: pages in Python, and two Vue components."""
