"""Tuning on another server, through the `/v1/fine_tuning/jobs` that it serves."""
