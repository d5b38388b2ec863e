"""A model that uses tools until it has an answer: plan, budget, tools, sub-agents, journal."""
