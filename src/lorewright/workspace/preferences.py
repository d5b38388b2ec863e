"""What people preferred in chats, of all votes that a caller may see."""

from dataclasses import dataclass

from lorewright.access import Key
from lorewright.evaluation.preference import Ballot, Preferences, preferences
from lorewright.workspace.chat_votes import KIND
from lorewright.workspace.home import Home


@dataclass(frozen=True, slots=True)
class Preferred:
    """What people preferred, how many of them voted, and how many of all votes were blind."""

    preferences: Preferences
    n_people: int
    n_blind: int


def preferred(home: Home, caller: Key, *, is_blind: bool | None = None) -> Preferred:
    """Return how people voted: all of them, blind votes, or those that saw the names.

    A vote in which a model stood that the caller may not use is not there for them. `n_blind` counts
    whatever `is_blind` leaves out.
    """
    caller.need("read")
    seen = [
        record
        for record in home.records(KIND).all()
        if all(caller.may_use_model(model) for model in record.body["models"])
    ]
    wanted = [record for record in seen if is_blind is None or record.body["is_blind"] == is_blind]
    ballots = [Ballot(tuple(record.body["models"]), record.body["winner"]) for record in wanted]
    return Preferred(
        preferences(ballots),
        n_people=len({record.owner for record in wanted}),
        n_blind=sum(bool(record.body["is_blind"]) for record in seen),
    )
