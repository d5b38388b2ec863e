"""The most that a run may take where nobody says otherwise."""

from lorewright.agents.budget import Budget
from lorewright.settings import Agent


def usual_budget(agent: Agent) -> Budget:
    """Return the budget of the settings."""
    return Budget(
        steps=agent.max_steps, tokens=agent.max_tokens, usd=agent.max_usd, seconds=agent.max_seconds
    )
