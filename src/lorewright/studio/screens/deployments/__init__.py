"""The deployments screens."""
