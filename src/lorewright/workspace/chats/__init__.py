"""Chats of the studio."""
