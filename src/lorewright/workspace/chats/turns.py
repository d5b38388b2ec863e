"""Turns of a chat: a tree. Who edits a question, or asks it again, begins a branch beside it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Record
from lorewright.workspace.chats.chats import KIND as CHATS
from lorewright.workspace.chats.chats import TURNS, Chat, change_chat, find_chat, find_shared
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.server import Server

MAX_QUESTION = 100_000
_TITLE = 70

Answer = Mapping[str, Any]
"""One model's answer: `model`, `state` (running, done, stopped, failed), `text`, what `chat_answer` adds."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with the answer of each model; `before` is the turn before it, '' for the first.

    `variation` counts how often the same was asked before. `vote` is the place of the answer that
    was voted for, -1 where none was better than the others, `None` before a vote.
    """

    id: str
    chat: str
    before: str
    question: str
    answers: tuple[Answer, ...]
    is_blind: bool
    variation: int
    vote: int | None
    at: float

    @property
    def hides_names(self) -> bool:
        """Whether nobody may see yet who said what."""
        return self.is_blind and len(self.answers) > 1 and self.vote is None


Turns = Mapping[str, Turn]


def add_turn(
    server: Server, caller: Caller, chat: Chat, question: str, *, before: str, models: Sequence[str]
) -> Turn:
    """Return a new turn whose answers are still running, one for each model in this order.

    It becomes the end of the branch in sight, and gives a chat without a title its own.
    """
    if not question.strip():
        raise BadParameter("question", "The question is empty.")
    if len(question) > MAX_QUESTION:
        raise BadParameter(
            "question", f"The question has {len(question):,} characters; the limit is {MAX_QUESTION:,}."
        )
    beside = [turn for turn in stored_turns(server, chat.id).values() if turn.before == before]
    body = {
        "before": before,
        "question": question,
        "answers": [{"model": model, "state": "running", "text": ""} for model in models],
        "is_blind": chat.is_blind,
        "variation": sum(turn.question == question for turn in beside),
        "vote": None,
    }
    record = server.records(TURNS).add(f"turn_{uuid4().hex}", body, parent=chat.id, owner=caller.id)
    title = chat.title or " ".join(question.split())[:_TITLE]
    change_chat(server, caller, chat.id, leaf=record.id, title=title, at=time.time())
    return _turn(record)


def turns_of(server: Server, caller: Caller, chat: Chat) -> dict[str, Turn]:
    """Return every turn of a chat by its id, the oldest first.

    In a chat that somebody else shared, answers that were made of documents which the caller may not
    read are not shown. Raises `NotFound` for a chat that is neither the caller's own nor shared.
    """
    (find_shared if chat.token else find_chat)(server, caller, chat.token or chat.id)
    turns = stored_turns(server, chat.id)
    if may_follow(server, caller, chat.id):
        return turns
    allowed = readable(server.workspace, caller)
    return {turn.id: _for_reader(turn, branch(turns, turn.before), allowed) for turn in turns.values()}


def may_follow(server: Server, caller: Caller, chat_id: str) -> bool:
    """Return whether a caller sees all of a chat: it is their own, or they may read whatever it tells."""
    chat = server.records(CHATS).find(chat_id)
    is_own = chat is not None and chat.owner in caller.owners
    return is_own or readable(server.workspace, caller).is_all


def _for_reader(turn: Turn, earlier: Sequence[Turn], allowed: Readable) -> Turn:
    """Return a turn with the answers that a reader may see: what was said before went into them too."""
    before = [answer for one in earlier for answer in one.answers]
    shown = tuple(
        answer
        if all(allowed.covers(one.get("made_of")) for one in (*before, answer))
        else {"model": answer["model"], **_NOT_SHOWN}
        for answer in turn.answers
    )
    return replace(turn, answers=shown)


_NOT_SHOWN = {
    "state": "failed",
    "text": "",
    "error": "This answer may rest on documents that you have no access to.",
    "hint": "Ask the question yourself: the answer will rest on what you may read.",
}


def stored_turns(server: Server, chat_id: str) -> dict[str, Turn]:
    """Return every turn of a chat, whoever asks."""
    return {record.id: _turn(record) for record in server.records(TURNS).all(parent=chat_id)}


def find_turn(server: Server, caller: Caller, turn_id: str) -> Turn:
    """Return a turn of a chat of the caller's own; raise `NotFound` for any other."""
    record = server.records(TURNS).find(turn_id, owner=caller.owners)
    if record is None:
        raise NotFound(f"No turn found with id {turn_id!r}.")
    return _turn(record)


def branch(turns: Turns, leaf: str) -> list[Turn]:
    """Return the turns from the first one to `leaf`."""
    path: list[Turn] = []
    while leaf in turns:
        path.append(turns[leaf])
        leaf = turns[leaf].before
    return path[::-1]


def siblings(turns: Turns, turn: Turn) -> list[Turn]:
    """Return the turns that begin a branch at the same place, the oldest first, `turn` included."""
    return [other for other in turns.values() if other.before == turn.before]


def newest_leaf(turns: Turns, turn: Turn) -> str:
    """Return the id of the newest end of the branch that a turn begins."""
    after = [other for other in turns.values() if other.before == turn.id]
    return newest_leaf(turns, after[-1]) if after else turn.id


def select_branch(server: Server, caller: Caller, chat_id: str, turn_id: str) -> Chat:
    """Return the chat with the branch in sight that a turn begins, as far as it goes."""
    find_chat(server, caller, chat_id)
    turns = stored_turns(server, chat_id)
    if turn_id not in turns:
        raise NotFound(f"No turn found with id {turn_id!r}.")
    return change_chat(server, caller, chat_id, leaf=newest_leaf(turns, turns[turn_id]))


def messages_for(model: str, turns: Sequence[Turn], question: str) -> list[dict[str, str]]:
    """Return what a model is asked after the turns of a branch, in OpenAI's words.

    Each model goes on with what it said itself; where it said nothing, with the answer that was
    voted for, or else the first. A turn that nobody answered is left out.
    """
    messages = []
    for turn in turns:
        answers = [answer for answer in turn.answers if answer["text"]]
        own = [answer for answer in answers if answer["model"] == model]
        best = [turn.answers[turn.vote]] if turn.vote is not None and turn.vote >= 0 else []
        if answers:
            text = str([*own, *best, *answers][0]["text"])
            messages += [
                {"role": "user", "content": turn.question},
                {"role": "assistant", "content": text},
            ]
    return [*messages, {"role": "user", "content": question}]


def save_answer(server: Server, turn_id: str, place: int, answer: Answer) -> None:
    """Keep an answer of a turn as it is now; raise `NotFound` where its chat was removed."""

    def changed(body: dict[str, Any]) -> dict[str, Any]:
        answers = list(body["answers"])
        answers[place] = {"model": answers[place]["model"], **answer}
        return body | {"answers": answers}

    server.records(TURNS).change(turn_id, changed)


def mark_answer(server: Server, turn_id: str, place: int, **marks: Any) -> None:
    """Write more on an answer of a turn, which stays otherwise as it is."""

    def marked(body: dict[str, Any]) -> dict[str, Any]:
        answers = list(body["answers"])
        answers[place] = {**answers[place], **marks}
        return body | {"answers": answers}

    server.records(TURNS).change(turn_id, marked)


def change_turn(server: Server, turn_id: str, **changes: Any) -> Turn:
    """Return a turn with another value in its body."""
    return _turn(server.records(TURNS).change(turn_id, lambda body: body | changes))


def _turn(record: Record) -> Turn:
    body = record.body
    return Turn(
        record.id, record.parent, body["before"], body["question"], tuple(body["answers"]),
        body["is_blind"], body["variation"], body["vote"], record.created_at,
    )  # fmt: skip
