"""Who drives an agent: a model that the caller may use, by itself or along fixed steps."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from lorewright.access import Caller
from lorewright.agents.driver import Driver
from lorewright.errors import BadParameter, NotFound
from lorewright.models import EngineKey
from lorewright.settings import SMALL_MODEL
from lorewright.workspace.answering.served_models import find_served
from lorewright.workspace.server.server import Server

Mode = Literal["auto", "model", "plan"]


def driver_key(server: Server, caller: Caller, name: str) -> EngineKey:
    """Return the engine behind a driver's name; '' stands for the one in the settings, or the chat model.

    Raises `BadParameter` for an arm or a deployed flow, which answers by steps of its own.
    """
    wanted = name or server.workspace.settings.agent.driver or server.workspace.settings.models.chat
    served = find_served(server, wanted, caller)
    if served.engine is None:
        raise BadParameter(
            "driver",
            f"{wanted!r} is a flow and cannot drive an agent. Name a model: the base model or a tuned one. "
            "An agent can ask flows as a tool.",
        )
    return served.engine


def sub_agent_keys(
    server: Server, caller: Caller, on_missing: Callable[[str, str], None]
) -> dict[str, EngineKey]:
    """Return the engines of the sub-agents in the settings whose models the caller may use, by name.

    `on_missing` hears of the others: they are not there for the caller's agent.
    """
    keys: dict[str, EngineKey] = {}
    for name, sub_agent in server.workspace.settings.agent.sub_agents.items():
        try:
            keys[name] = driver_key(server, caller, sub_agent.model)
        except (NotFound, BadParameter):
            on_missing(name, "Its model does not exist, is a flow, or you have no right to use it.")
    return keys


def mode_of(server: Server, key: EngineKey, order: Mapping[str, Any]) -> Literal["model", "plan"]:
    """Return who decides on the steps: the model, or a fixed plan for one that is too small for that."""
    settings = server.workspace.settings
    mode = order.get("mode") or "auto"
    mode = settings.agent.mode if mode == "auto" else mode
    if mode in ("model", "plan"):
        return "plan" if mode == "plan" else "model"
    is_chat_model = key.uri == settings.models.chat
    is_small = is_chat_model and settings.models.n_parameters <= SMALL_MODEL
    return "plan" if is_small else "model"


def has_fixed_steps(server: Server, caller: Caller) -> bool:
    """Return whether the steps of this caller's agents are fixed: a small model cannot decide on them."""
    caller.need("chat")
    return mode_of(server, driver_key(server, caller, ""), {}) == "plan"


def planned(
    server: Server, _caller: Caller, engine: Driver, key: EngineKey, order: Mapping[str, Any]
) -> Driver:
    """Return the driver of a run: the engine, or fixed steps that it fills."""
    if mode_of(server, key, order) == "model":
        return engine
    from lorewright.agents.fixed_plan import FixedPlan

    return FixedPlan(key.metered_name)  # its steps load no model
