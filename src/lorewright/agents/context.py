"""A conversation that fits the driver's context: older results become notes, their sources stay."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Turn = dict[str, Any]
Count = Callable[[Sequence[Turn]], int]

_SOURCE_LINE = re.compile(r"^\[\d+\] .*", re.MULTILINE)
_N_RECENT = 4
_NOTE_CHARACTERS, _SHORT_CHARACTERS = 240, 600


@dataclass(frozen=True, slots=True)
class Fitted:
    """The turns to send, and how many older ones were cut down to notes."""

    turns: list[Turn]
    n_shortened: int = 0


def fitted(turns: Sequence[Turn], *, limit: int, count: Count) -> Fitted:
    """Return the turns within `limit` tokens.

    First the results of older calls are cut to the places they name and their first words, then older
    steps are joined into one note, at last the newest results are cut too. The system's turn and the
    task are kept whole.
    """
    kept = list(turns)
    if count(kept) <= limit:
        return Fitted(kept)
    old = [place for place, turn in enumerate(kept[:-_N_RECENT]) if turn["role"] == "tool"]
    for place in old:
        kept[place] = {**kept[place], "content": note_of(str(kept[place]["content"]))}
        if count(kept) <= limit:
            return Fitted(kept, len(old))
    kept, n_joined = _joined(kept)
    for most in (_SHORT_CHARACTERS, _NOTE_CHARACTERS, 80):
        if count(kept) <= limit:
            break
        kept = [_cut(turn, most) if turn["role"] == "tool" else turn for turn in kept]
    return Fitted(kept, max(n_joined, len(old)))


def note_of(result: str, *, characters: int = _NOTE_CHARACTERS) -> str:
    """Return a result as a note: every place it names, and how it begins."""
    places = [line.group()[:120] for line in _SOURCE_LINE.finditer(result)]
    begun = " ".join(_SOURCE_LINE.sub("", result).split())[:characters]
    return "[shortened] " + "\n".join([*places, begun]) if len(result) > characters else result


def _joined(turns: list[Turn]) -> tuple[list[Turn], int]:
    """Return the turns with older steps as one note behind the task, and how many went into it."""
    first = next((place for place, turn in enumerate(turns) if turn["role"] == "user"), 0) + 1
    last = _first_of_recent(turns, first)
    if last <= first:
        return turns, 0
    notes = [note for turn in turns[first:last] if (note := _note(turn))]
    text = "Notes on earlier steps:\n" + "\n".join(notes)
    return [*turns[:first], {"role": "user", "content": text}, *turns[last:]], last - first


def _first_of_recent(turns: Sequence[Turn], first: int) -> int:
    """Return where the recent turns begin: at an answer of the driver, whose calls keep their results."""
    starts = [place for place, turn in enumerate(turns) if place >= first and turn["role"] == "assistant"]
    recent = [place for place in starts if place >= len(turns) - _N_RECENT]
    return recent[0] if recent else (starts[-1] if starts else len(turns))


def _note(turn: Mapping[str, Any]) -> str:
    if turn["role"] == "assistant":
        calls = [call["function"] for call in turn.get("tool_calls") or ()]
        return "\n".join(f"You called {call['name']}({str(call['arguments'])[:160]})." for call in calls)
    return note_of(str(turn["content"]), characters=120)


def _cut(turn: Turn, most: int) -> Turn:
    return {**turn, "content": note_of(str(turn["content"]), characters=most)}
