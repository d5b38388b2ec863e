"""Chats of the studio: conversations kept on the server, in folders, searchable, shared and exported.

A chat is a tree of turns: who edits a question, or asks it again, begins a branch beside it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from lorewright.access import Key
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Record
from lorewright.workspace.home import Home
from lorewright.workspace.owned import is_own

KIND, TURNS = "chat", "chat_turn"
MAX_ARMS = 6
MAX_QUESTION = 100_000


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation: what answers in it (one model, or several side by side), and its branch in sight.

    `leaf` is the last turn of that branch; with `is_blind` names are hidden until a vote.
    """

    id: str
    title: str
    folder: str
    models: tuple[str, ...]
    stores: tuple[str, ...]
    is_blind: bool
    leaf: str
    shared: str
    updated_at: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with an answer for each model; `parent` is the turn before it, '' for the first.

    An answer is a mapping with `model`, `state` (running, done, stopped, failed), `text` and what
    belongs to it; `vote` is the place of the answer that was voted for.
    """

    id: str
    parent: str
    question: str
    answers: tuple[Mapping[str, Any], ...]
    vote: int | None
    at: float


def new_chat(home: Home, caller: Key, *, models: Sequence[str], folder: str = "") -> Chat:
    """Return a new chat without turns."""
    caller.need("chat")
    body = {
        "title": "", "folder": folder, "models": _checked(models), "stores": [], "is_blind": False,
        "leaf": "",
    }  # fmt: skip
    return _chat(home.records(KIND).add(f"chat_{uuid4().hex}", body, owner=caller.owners[0]))


def list_chats(home: Home, caller: Key, *, search: str = "") -> list[Chat]:
    """Return the caller's chats, the one used last first; `search` in titles, questions and answers."""
    caller.need("chat")
    wanted = search.casefold().strip()
    found = [
        record
        for record in home.records(KIND).all(owner=caller.owners)
        if not wanted or wanted in str(record.body["title"]).casefold() or _mentions(home, record.id, wanted)
    ]
    return [_chat(record) for record in sorted(found, key=lambda record: -record.updated_at)]


def find_chat(home: Home, caller: Key, chat_id: str) -> Chat:
    """Return a chat; raise `NotFound` for one that is not there, or somebody else's."""
    caller.need("chat")
    return _chat(_own(home, caller, chat_id))


def find_shared(home: Home, caller: Key, token: str) -> Chat:
    """Return the chat that is shared under a token, whosever it is; raise `NotFound` where none is."""
    caller.need("read")
    found = home.records(KIND).all(label=token) if token else []
    if not found:
        raise NotFound("This chat is not shared, or not any more.")
    return _chat(found[0])


def change_chat(home: Home, caller: Key, chat_id: str, **changes: Any) -> Chat:
    """Return the chat with another title, folder, `models`, `stores`, `is_blind` or `leaf`."""
    _own(home, caller, chat_id)
    if "models" in changes:
        changes["models"] = _checked(changes["models"])
    return _chat(home.records(KIND).change(chat_id, lambda body: body | changes))


def share_chat(home: Home, caller: Key, chat_id: str, *, is_shared: bool = True) -> Chat:
    """Return the chat with a token under which everybody here may read it, or without one."""
    _own(home, caller, chat_id)
    token = secrets.token_urlsafe(16) if is_shared else ""
    return _chat(home.records(KIND).change(chat_id, lambda body: body, label=token))


def remove_chat(home: Home, caller: Key, chat_id: str) -> None:
    """Remove a chat with its turns; answers and feedback that were kept stay."""
    _own(home, caller, chat_id)
    home.records(TURNS).remove_all(parent=chat_id)
    home.records(KIND).remove(chat_id)


def add_turn(home: Home, caller: Key, chat_id: str, question: str, *, parent: str) -> Turn:
    """Return a new turn whose answers are still running; it becomes the end of the branch in sight."""
    chat = find_chat(home, caller, chat_id)
    if not question.strip():
        raise BadParameter("question", "The question is empty.")
    if len(question) > MAX_QUESTION:
        raise BadParameter("question", f"The question has {len(question):,} of {MAX_QUESTION:,} characters.")
    answers = [{"model": model, "state": "running", "text": ""} for model in chat.models]
    body = {"turn_of": parent, "question": question, "answers": answers, "vote": None}
    made = home.records(TURNS).add(f"turn_{uuid4().hex}", body, parent=chat_id)
    changes: dict[str, Any] = {"leaf": made.id}
    if not chat.title:
        changes["title"] = " ".join(question.split())[:70]
    change_chat(home, caller, chat_id, **changes)
    return _turn(made)


def turns_of(home: Home, chat_id: str) -> dict[str, Turn]:
    """Return every turn of a chat by its id, the oldest first."""
    return {record.id: _turn(record) for record in home.records(TURNS).all(parent=chat_id)}


def branch(turns: Mapping[str, Turn], leaf: str) -> list[Turn]:
    """Return the turns from the first one to `leaf`."""
    found: list[Turn] = []
    while leaf in turns:
        found.append(turns[leaf])
        leaf = turns[leaf].parent
    return found[::-1]


def siblings(turns: Mapping[str, Turn], turn: Turn) -> list[Turn]:
    """Return the turns that begin a branch at the same place, the oldest first, `turn` included."""
    return [other for other in turns.values() if other.parent == turn.parent]


def end_of(turns: Mapping[str, Turn], turn: Turn) -> str:
    """Return the newest end of the branch that a turn begins."""
    after = [other for other in turns.values() if other.parent == turn.id]
    return end_of(turns, after[-1]) if after else turn.id


def save_answer(home: Home, turn_id: str, place: int, answer: Mapping[str, Any]) -> None:
    """Keep an answer of a turn as it is now."""

    def changed(body: dict[str, Any]) -> dict[str, Any]:
        answers = list(body["answers"])
        answers[place] = dict(answer)
        return body | {"answers": answers}

    home.records(TURNS).change(turn_id, changed)


def vote(home: Home, caller: Key, turn_id: str, place: int | None) -> Turn:
    """Return the turn with the vote for one of its answers; `None` takes it back."""
    record = home.records(TURNS).get(turn_id)
    _own(home, caller, record.parent)
    return _turn(home.records(TURNS).change(turn_id, lambda body: body | {"vote": place}))


def votes_by_model(home: Home) -> dict[str, tuple[int, int]]:
    """Return by model how often it was voted for, and how often it stood to vote, side by side."""
    counted: dict[str, list[int]] = {}
    for record in home.records(TURNS).all():
        if record.body["vote"] is not None:
            for place, answer in enumerate(record.body["answers"]):
                won = counted.setdefault(str(answer["model"]), [0, 0])
                won[0] += place == record.body["vote"]
                won[1] += 1
    return {model: (won, stood) for model, (won, stood) in counted.items()}


def as_markdown(chat: Chat, turns: Sequence[Turn]) -> str:
    """Return a branch of a chat as a Markdown text with its sources."""
    parts = [f"# {chat.title}"]
    for turn in turns:
        parts.append(f"## {turn.question}")
        for answer in turn.answers:
            name = f"**{answer['model']}**\n\n" if len(turn.answers) > 1 else ""
            sources = "\n".join(
                f"- [{one['number']}] {one['document_id']}: {one['quote']}"
                for one in answer.get("citations", ())
            )
            parts.append("\n\n".join(filter(None, (f"{name}{answer['text']}", sources))))
    return "\n\n".join(parts) + "\n"


def _own(home: Home, caller: Key, chat_id: str) -> Record:
    found = home.records(KIND).find(chat_id)
    if found is None or not is_own(caller, found):
        raise NotFound(f"No chat found with id {chat_id!r}.")
    return found


def _mentions(home: Home, chat_id: str, wanted: str) -> bool:
    return any(
        wanted in turn.question.casefold()
        or any(wanted in str(one["text"]).casefold() for one in turn.answers)
        for turn in turns_of(home, chat_id).values()
    )


def _checked(models: Sequence[str]) -> list[str]:
    if not 1 <= len(models) <= MAX_ARMS:
        raise BadParameter("models", f"{len(models)} models were chosen; a chat has 1 to {MAX_ARMS}.")
    return list(models)


def _chat(record: Record) -> Chat:
    body = record.body
    return Chat(
        record.id, body["title"], body["folder"], tuple(body["models"]), tuple(body["stores"]),
        body["is_blind"], body["leaf"], record.label, record.updated_at,
    )  # fmt: skip


def _turn(record: Record) -> Turn:
    body = record.body
    return Turn(
        record.id, body["turn_of"], body["question"], tuple(body["answers"]), body["vote"], record.created_at
    )
