"""Worked domains to start from, one for every use: documents, examples, questions, and what was measured."""
