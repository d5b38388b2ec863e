"""`/v1/evals` and graders."""
