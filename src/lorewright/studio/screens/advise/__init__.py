"""The advise screens."""
