"""What a run came to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from lorewright.agents.budget import Spent
from lorewright.agents.journal import Entry
from lorewright.knowledge import Citation, Hit

RunState = Literal["finished", "waiting", "stopped", "failed"]
"""`waiting` for a person; `stopped` at a limit or by a person; `failed` before anything was found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A call that waits for a person."""

    call_id: str
    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The result of a run, its citations, and why it ended.

    `reason` is '' where the driver finished by itself. `unsupported` are numbers and names of the text
    that no passage holds. `data` is the result in the form that was asked for, `None` without one.
    """

    state: RunState
    text: str = ""
    reason: str = ""
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    unsupported: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    data: Mapping[str, Any] | None = None
    spent: Spent = field(default_factory=Spent)

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as JSON, its passages left out: the journal has them."""
        return {
            "state": self.state, "text": self.text, "reason": self.reason, "data": self.data,
            "citations": [asdict(citation) for citation in self.citations],
            "unsupported": list(self.unsupported), "approvals": [asdict(one) for one in self.approvals],
            "spent": self.spent.to_json(),
        }  # fmt: skip


def found_so_far(hits: Sequence[Hit], why: str, *, n: int = 5, characters: int = 300) -> str:
    """Return what a run that ends early can tell: why, and how the passages it found begin."""
    if not hits:
        return f"{why} Nothing was found."
    lines = [f"- {' '.join(hit.chunk.text.split())[:characters]} [{hit.rank}]" for hit in hits[:n]]
    return "\n".join([f"{why} What was found so far:", *lines])


def pending_approvals(entries: Sequence[Entry]) -> list[Approval]:
    """Return the calls that wait for a person."""
    decided = {entry["call"] for entry in entries if entry["kind"] in ("decision", "call")}
    waiting = {
        entry["call"]: Approval(call_id=entry["call"], tool=entry["tool"], arguments=entry["arguments"])
        for entry in entries
        if entry["kind"] == "approval" and entry["call"] not in decided
    }
    return list(waiting.values())
