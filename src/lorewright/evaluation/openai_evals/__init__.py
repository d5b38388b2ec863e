"""Evaluations as OpenAI describes them: where items come from, and their schema."""
