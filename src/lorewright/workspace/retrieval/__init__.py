"""Searching, and trying other ways to search."""
