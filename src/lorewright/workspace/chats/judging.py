"""What people think of answers: thumbs, votes, and how often each model was preferred."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.evaluation.preference import Ballot, Preferences, preferences
from lorewright.storage import Record
from lorewright.workspace.answering.feedback import Opinion, give_feedback
from lorewright.workspace.answering.preference_pairs import VOTES
from lorewright.workspace.chats.turns import Turn, change_turn, find_turn, mark_answer
from lorewright.workspace.server.server import Server


def judge_answer(server: Server, caller: Caller, turn_id: str, place: int, opinion: Opinion) -> Record:
    """Return the feedback on one of a turn's answers, which shows its thumb from here on.

    Raises `BadParameter` for an answer that is not there, or not complete.
    """
    turn = find_turn(server, caller, turn_id)
    if not 0 <= place < len(turn.answers):
        raise BadParameter("place", f"place is {place}; the turn has {len(turn.answers)} answers.")
    answer = turn.answers[place]
    if answer["state"] != "done":
        raise BadParameter("place", "This answer is incomplete and cannot be rated.")
    given = give_feedback(server, caller, str(answer["id"]), opinion)
    mark_answer(server, turn.id, place, thumb=opinion.thumb)
    return given


NONE_BETTER = -1


def vote(server: Server, caller: Caller, turn_id: str, place: int) -> Turn:
    """Return the turn with a vote for one of its answers, or for none (`NONE_BETTER`).

    A later vote takes the place of the first, and another choice is blind no more: the names show by
    then. Raises `BadParameter` where there is nothing to choose.
    """
    caller.need("chat")
    turn = find_turn(server, caller, turn_id)
    if len(turn.answers) < 2:
        raise BadParameter("place", "Voting needs more than one answer. Rate a single answer with a thumb.")
    if not NONE_BETTER <= place < len(turn.answers):
        raise BadParameter(
            "place", f"place is {place}; it must be the index of one of {len(turn.answers)} answers, or -1."
        )
    body = {
        "models": [answer["model"] for answer in turn.answers],
        "answers": [answer.get("id") for answer in turn.answers],
        "winner": turn.answers[place]["model"] if place >= 0 else None,
        "place": place,
        "is_blind": turn.is_blind,
        "question": turn.question,
    }

    def cast(old: Mapping[str, Any]) -> dict[str, Any]:
        is_same = not old or old["winner"] == body["winner"]
        return body | {"is_blind": is_same and old.get("is_blind", turn.is_blind)}

    server.records(VOTES).put(f"vote/{turn.id}", cast, parent=turn.id, owner=caller.id)
    changed = change_turn(server, turn.id, vote=place)
    server.live.tell(turn.chat)
    return changed


@dataclass(frozen=True, slots=True)
class Preferred:
    """What people preferred, how many of them voted, and how many of all votes were blind."""

    preferences: Preferences
    n_people: int
    n_blind: int


def preferred(server: Server, caller: Caller, *, is_blind: bool | None = None) -> Preferred:
    """Return how people voted: all of them, blind votes, or those that saw the names.

    A vote in which a model stood that the caller may not use is not there for them. `n_blind` counts
    whatever `is_blind` leaves out.
    """
    caller.need("read")
    votes = [
        record
        for record in server.records(VOTES).all()
        if all(caller.may_use_model(model) for model in record.body["models"])
    ]
    wanted = [record for record in votes if is_blind is None or record.body["is_blind"] == is_blind]
    ballots = [Ballot(tuple(record.body["models"]), record.body["winner"]) for record in wanted]
    return Preferred(
        preferences(ballots),
        n_people=len({record.owner for record in wanted}),
        n_blind=sum(bool(record.body["is_blind"]) for record in votes),
    )
