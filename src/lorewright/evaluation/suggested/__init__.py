"""Held-out questions made from documents: drafted by templates or a model, checked, then spread."""
