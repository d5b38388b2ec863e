"""Votes for one of several answers side by side; a blind one was given before any name was seen."""

from collections.abc import Mapping
from typing import Any

from lorewright.access import Key
from lorewright.errors import BadParameter
from lorewright.workspace.chat_turns import Turn, change_turn, find_turn
from lorewright.workspace.home import Home

KIND = "vote"
NONE_BETTER = -1


def vote(home: Home, caller: Key, turn_id: str, place: int) -> Turn:
    """Return the turn with a vote for one of its answers, or for none (`NONE_BETTER`).

    A later vote takes the place of the first, and another choice is blind no more: the names show by
    then. Raises `BadParameter` where there is nothing to choose.
    """
    caller.need("chat")
    turn = find_turn(home, caller, turn_id)
    if len(turn.answers) < 2:
        raise BadParameter("place", "One answer alone is not voted for: give it a thumb.")
    if not NONE_BETTER <= place < len(turn.answers):
        raise BadParameter("place", f"place is {place}; it is one of {len(turn.answers)} answers, or -1.")
    body = {
        "models": [answer["model"] for answer in turn.answers],
        "answers": [answer.get("id") for answer in turn.answers],
        "winner": turn.answers[place]["model"] if place >= 0 else None,
        "is_blind": turn.is_blind,
        "question": turn.question,
    }

    def cast(old: Mapping[str, Any]) -> dict[str, Any]:
        is_same = not old or old["winner"] == body["winner"]
        return body | {"is_blind": is_same and old.get("is_blind", turn.is_blind)}

    home.records(KIND).put(f"vote/{turn.id}", cast, parent=turn.id, owner=caller.id)
    changed = change_turn(home, turn.id, vote=place)
    home.live.tell(turn.chat)
    return changed
