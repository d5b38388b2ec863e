"""What the agents of one run share: driver, tools, journal, limits, sources."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lorewright.agents.budget import Meter
from lorewright.agents.driver import Driver, DriverLimits, asks_model
from lorewright.agents.journal import Entry, Journal, latest_plan, of_agent
from lorewright.agents.redaction import Redactor
from lorewright.agents.sources import Sources
from lorewright.agents.steering import Decision, OnEntry, Price, free, never_decided, unheard
from lorewright.agents.tool import AgentTool
from lorewright.models import Stopped, Usage, never


@dataclass(frozen=True, kw_only=True, slots=True)
class SubDriver:
    """What drives a sub-agent of a name, what its agent reads of it, and what its answers cost."""

    driver: Driver
    description: str = ""
    price: Price = free
    n_shown: int = 8


@dataclass(kw_only=True, slots=True)
class Setting:
    """What a run and its sub-agents share.

    `decided` tells what a person decided on a call, `price` what an answer of the driver cost. `schema`
    is the form of the result, if it must be JSON. `n_shown` tools at most stand in one prompt.
    `sub_drivers` are those of sub-agents that have one of their own, by name.
    """

    driver: Driver
    tools: tuple[AgentTool, ...]
    journal: Journal
    meter: Meter
    limits: DriverLimits = field(default_factory=DriverLimits)
    sources: Sources = field(default_factory=Sources)
    redact: Callable[[str], str] = field(default_factory=Redactor)
    stopped: Stopped = never
    decided: Callable[[str], Decision | None] = never_decided
    price: Price = free
    on_entry: OnEntry = unheard
    schema: Mapping[str, Any] | None = None
    instruction: str = ""
    n_shown: int = 8
    sub_drivers: Mapping[str, SubDriver] = field(default_factory=dict)
    repeats: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, kind: str, agent: str, **more: Any) -> Entry:
        """Write one entry down, and tell whoever listens."""
        entry = {"kind": kind, "agent": agent, "at": time.time(), **more}
        self.journal.add(entry)
        self.on_entry(entry)
        return entry

    def paid(self, usage: Usage, seconds: float) -> dict[str, Any]:
        """Count an answer of the driver, and return what it took: model, time, tokens, US dollars."""
        usd = self.price(seconds, usage)
        self.meter.add(usage, usd)
        return {
            "model": self.driver.name if asks_model(self.driver) else "",
            "usd": usd, "ms": seconds * 1000, "tokens": usage.prompt_tokens + usage.completion_tokens,
            "tokens_in": usage.prompt_tokens, "tokens_out": usage.completion_tokens,
        }  # fmt: skip

    def driven_by(self, name: str) -> "Setting":
        """Return the same run with the driver of a sub-agent's name; '' is that of its agent."""
        own = self.sub_drivers.get(name)
        if own is None:
            return self
        return replace(self, driver=own.driver, price=own.price, n_shown=own.n_shown)

    @property
    def seconds_left(self) -> float:
        """How long the run may still go on."""
        return self.meter.seconds_left


def plan_note(setting: Setting, agent: str) -> str:
    """Return the plan as the driver is told of it once a person has changed it."""
    plan = latest_plan(of_agent(setting.journal.entries(), agent))
    if plan is None or plan["by"] != "person":
        return ""
    lines = "\n".join(f"- [{item['state']}] {item['text']}" for item in plan["items"])
    return f"The plan was edited by the person you work for. Follow it:\n{lines}"
