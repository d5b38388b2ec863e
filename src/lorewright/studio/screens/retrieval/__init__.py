"""The retrieval screens."""
