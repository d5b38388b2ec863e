"""Tasks given to agents: what they do, step by step, and what people decide meanwhile."""
