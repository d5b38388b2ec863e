"""What its owner thinks of an answer in a chat: kept as feedback, and remembered in the chat."""

from lorewright.access import Key
from lorewright.errors import BadParameter
from lorewright.storage import Record
from lorewright.workspace.chat_turns import find_turn, mark_answer
from lorewright.workspace.feedback import Opinion, give_feedback
from lorewright.workspace.home import Home


def judge_answer(home: Home, caller: Key, turn_id: str, place: int, opinion: Opinion) -> Record:
    """Return the feedback on one of a turn's answers, which shows its thumb from here on.

    Raises `BadParameter` for an answer that is not there, or not complete.
    """
    turn = find_turn(home, caller, turn_id)
    if not 0 <= place < len(turn.answers):
        raise BadParameter("place", f"place is {place}; the turn has {len(turn.answers)} answers.")
    answer = turn.answers[place]
    if answer["state"] != "done":
        raise BadParameter("place", "This answer is not complete, so it cannot be judged.")
    given = give_feedback(home, caller, str(answer["id"]), opinion)
    mark_answer(home, turn.id, place, thumb=opinion.thumb)
    return given
