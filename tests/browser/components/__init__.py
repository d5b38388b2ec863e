"""The studio's two components, by themselves in a browser."""
