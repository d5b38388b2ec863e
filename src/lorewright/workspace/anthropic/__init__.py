"""`/v1/messages` without HTTP."""
