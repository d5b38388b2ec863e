"""Votes for one of several answers side by side: which model people prefer when they do not see its name."""

from dataclasses import dataclass

from lorewright.access import Key
from lorewright.errors import BadParameter
from lorewright.workspace.chat_turns import Turn, change_turn, find_turn
from lorewright.workspace.home import Home

KIND = "vote"
NONE_BETTER = -1


@dataclass(frozen=True, slots=True)
class Votes:
    """How often a model stood beside others to be voted for, and how often it won or shared."""

    n_stood: int = 0
    n_won: int = 0
    n_tied: int = 0


def vote(home: Home, caller: Key, turn_id: str, place: int) -> Turn:
    """Return the turn with a vote for one of its answers, or for none (`NONE_BETTER`).

    A later vote takes the place of the first. Raises `BadParameter` where there is nothing to choose.
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
    home.records(KIND).put(
        f"vote/{turn.id}", lambda old: body | {"is_blind": old.get("is_blind", turn.is_blind)},
        parent=turn.id, owner=caller.id,
    )  # fmt: skip
    changed = change_turn(home, turn.id, vote=place)
    home.live.tell(turn.chat)
    return changed


def votes_by_model(home: Home, *, blind_only: bool = False) -> dict[str, Votes]:
    """Return by model how people voted, of all votes or of those where no name was seen."""
    counted: dict[str, Votes] = {}
    for record in home.records(KIND).all():
        if blind_only and not record.body["is_blind"]:
            continue
        winner = record.body["winner"]
        for model in record.body["models"]:
            known = counted.get(model, Votes())
            counted[model] = Votes(
                known.n_stood + 1, known.n_won + (model == winner), known.n_tied + (winner is None)
            )
    return counted
