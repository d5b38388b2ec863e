"""What the agents of one run share: driver, tools, journal, limits, sources."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lorewright.agents.budget import Meter
from lorewright.agents.driver import Driver, DriverLimits, asks_model
from lorewright.agents.journal import Entry, Journal, latest_plan, of_agent
from lorewright.agents.redaction import Redactor
from lorewright.agents.sources import Sources
from lorewright.agents.steering import Decision, OnEntry, Price, free, never_decided, unheard
from lorewright.agents.tool import AgentTool
from lorewright.models import Stopped, Usage, never


@dataclass(kw_only=True, slots=True)
class Setting:
    """What a run and its sub-agents share.

    `decided` tells what a person decided on a call, `price` what an answer of the driver cost. `schema`
    is the form of the result, if it must be JSON. `n_shown` tools at most stand in one prompt.
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
