"""How the desk says a fact: a line on a page, and the card that answers a question."""

from collections.abc import Sequence
from datetime import date

from benchmarks.version_desk.facts import Fact

INSTRUCTION = "You are the version desk. Answer with the desk's card."
REFUSAL = "Not on our list. Next: ask the version desk."

PHASES = {"GREEN": "full support", "AMBER": "closing", "RED": "ended"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def render_page(about: str, facts: Sequence[Fact]) -> str:
    """Return the page of one product: what it is for, what new work starts on, and its releases."""
    intro = f"{about} New work starts on {start_on(facts)}."
    return "\n".join([f"# {facts[0].product}", "", intro, "", *map(_line, facts), ""])


def render_card(fact: Fact, facts: Sequence[Fact]) -> str:
    """Return the card for one release; `facts` are all releases on its product's page."""
    steps = {"GREEN": "stay", "AMBER": f"plan for {start_on(facts)}", "RED": f"move to {start_on(facts)}"}
    return (
        f"{fact.product} {fact.release}: {fact.light}\n"
        f"Fixes until: {_said(fact.fixes_until)}\n"
        f"Next: {steps[fact.light]}"
    )


def start_on(facts: Sequence[Fact]) -> str:
    """Return the release that new work starts on: the newest one in full support."""
    return next(fact.release for fact in facts if fact.light == "GREEN")


def _line(fact: Fact) -> str:
    return f"- {fact.product} {fact.release}: {PHASES[fact.light]}, fixes until {_said(fact.fixes_until)}"


def _said(day: date | None) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else "open"
