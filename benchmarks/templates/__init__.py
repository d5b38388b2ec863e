"""The examples and questions of the templates for tuning, written from word lists and rules."""
