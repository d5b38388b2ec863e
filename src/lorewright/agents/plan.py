"""The plan of a run: what is to be done, seen and edited while it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from lorewright.errors import BadParameter

ItemState = Literal["open", "doing", "done", "dropped"]
MOST_ITEMS, MOST_CHARACTERS = 30, 300


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One thing to do, and how far it is."""

    text: str
    state: ItemState = "open"

    def to_json(self) -> dict[str, str]:
        """Return the item as JSON."""
        return asdict(self)


def plan_from(items: Sequence[Any]) -> tuple[PlanItem, ...]:
    """Return a plan from texts or objects with `text` and `state`; raise `BadParameter` for anything else."""
    if len(items) > MOST_ITEMS:
        raise BadParameter("items", f"The plan has {len(items)} items; at most {MOST_ITEMS} are allowed.")
    return tuple(_item(item, place) for place, item in enumerate(items))


def render_plan(items: Sequence[PlanItem]) -> str:
    """Return a plan as a list with boxes."""
    marks = {"open": " ", "doing": ">", "done": "x", "dropped": "-"}
    return "\n".join(
        f"{place}. [{marks[item.state]}] {item.text}" for place, item in enumerate(items, start=1)
    )


def _item(item: Any, place: int) -> PlanItem:
    text, state = (
        (item.get("text"), item.get("state", "open")) if isinstance(item, Mapping) else (item, "open")
    )
    if not isinstance(text, str) or not text.strip():
        raise BadParameter(f"items[{place}].text", f"items[{place}] has no text.")
    states: tuple[ItemState, ...] = get_args(ItemState)
    known = next((one for one in states if one == state), None)
    if known is None:
        raise BadParameter(
            f"items[{place}].state",
            f"items[{place}].state is {state!r}; it must be one of {', '.join(get_args(ItemState))}.",
        )
    return PlanItem(" ".join(text.split())[:MOST_CHARACTERS], known)
