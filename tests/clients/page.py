"""The table of clients in docs/conformance.md, between its markers."""

from collections.abc import Sequence
from pathlib import Path

from tests.clients.drive import Tried

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
BEGIN, END = "<!-- clients: written by make clients -->", "<!-- /clients -->"
CAPABILITIES = {
    "chat": "chat",
    "stream": "stream",
    "structured": "JSON schema",
    "tool": "forced tool call",
    "embeddings": "embeddings",
    "file_search": "file search",
    "rag": "arm `rag`",
}


SPECIFICATION = "openresponses"
"""The checks of a specification, with capabilities of their own."""


def kept_section(page: str) -> str:
    """Return the section of a page that holds the table, markers and all; '' for a page without one."""
    if BEGIN not in page or END not in page:
        return ""
    return page[page.index(BEGIN) : page.index(END) + len(END)]


def with_section(page: str, section: str) -> str:
    """Return a page whose table is another; a page without one gets it at its end."""
    before = kept_section(page)
    return page.replace(before, section) if before else f"{page.rstrip()}\n\n{section}\n"


def render(tried: Sequence[Tried], *, model: str, day: str) -> str:
    """Return the section: one row for each client, the reasons below."""
    n_ok = sum(outcome.outcome == "ok" for one in tried for outcome in one.outcomes.values())
    n_failed = sum(outcome.outcome == "failed" for one in tried for outcome in one.outcomes.values())
    lines = [
        BEGIN,
        "",
        "## Clients",
        "",
        "Written by `make clients`: each client is installed in an environment of its own, unmodified, and",
        f"pointed at `lorewright serve` with the default model ({model}). {day}: {n_ok} of {n_ok + n_failed}",
        "checks pass. `-` marks what a client does not have; the reasons stand below the table.",
        "",
        f"| client | {' | '.join(CAPABILITIES.values())} |",
        f"|---|{'---|' * len(CAPABILITIES)}",
        *(_row(one) for one in tried if one.client.name != SPECIFICATION),
        "",
        *(line for one in tried if one.client.name == SPECIFICATION for line in _specification(one)),
        *_reasons(tried),
        "",
        END,
    ]
    return "\n".join(lines)


def _row(one: Tried) -> str:
    told = [", ".join(one.client.pinned) + ("" if one.client.is_python else " (npm)")]
    if one.skipped:
        return f"| {told[0]} | {' | '.join(['skipped'] * len(CAPABILITIES))} |"
    said = {"ok": "ok", "failed": "failed", "not applicable": "-"}
    cells = [said[one.outcomes[name].outcome] if name in one.outcomes else "not run" for name in CAPABILITIES]
    return f"| {' | '.join(told + cells)} |"


def _specification(one: Tried) -> list[str]:
    passed = [name for name, outcome in one.outcomes.items() if outcome.outcome == "ok"]
    return [
        "The HTTP checks of the OpenResponses specification, written from its public description,",
        f"because its own suite is in no package registry: {len(passed)} pass ({', '.join(passed)}).",
        "",
    ]


def _reasons(tried: Sequence[Tried]) -> list[str]:
    reasons = []
    for one in tried:
        is_client = one.client.name != SPECIFICATION
        name = one.client.name.replace("_", " ") if is_client else "OpenResponses"
        if one.skipped:
            reasons.append(f"- {name}: skipped, {_line(one.skipped)}")
        for capability, outcome in one.outcomes.items():
            if outcome.detail:
                shown = CAPABILITIES.get(capability, capability)
                reasons.append(f"- {name}, {shown}: {outcome.outcome}: {_line(outcome.detail)}")
    return reasons


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
