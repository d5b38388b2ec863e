"""Asking in a chat: every model answers in a thread of the server, whatever becomes of the page."""

import logging
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from lorewright.access import Caller
from lorewright.errors import LorewrightError, NotFound
from lorewright.workspace.answering.traces import not_readable
from lorewright.workspace.chats.answer import ModelPrompt, chat_turn
from lorewright.workspace.chats.chats import EVIDENCE, Chat, find_chat
from lorewright.workspace.chats.files import wait_for_files
from lorewright.workspace.chats.turns import (
    Turn,
    add_turn,
    branch,
    find_turn,
    may_follow,
    messages_for,
    save_answer,
    stored_turns,
)
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.live_answers import LiveAnswer
from lorewright.workspace.server.server import Server

SAVE_EVERY_SECONDS = 5.0
_log = logging.getLogger("lorewright.chat")


def ask(server: Server, caller: Caller, chat_id: str, question: str, *, before: str | None = None) -> Turn:
    """Return the turn that a question begins: every model of the chat is answering it now.

    It follows the branch in sight, or the turn `before` ('' for none): then it is a branch beside
    those that follow it already.
    """
    chat = find_chat(server, caller, chat_id)
    models = list(chat.models)
    if chat.is_blind:
        random.shuffle(models)
    turn = add_turn(
        server, caller, chat, question, before=chat.leaf if before is None else before, models=models
    )
    earlier = branch(stored_turns(server, chat_id), turn.before)
    for place, model in enumerate(models):
        prompt = ModelPrompt(
            model=model, messages=messages_for(model, earlier, question), stores=chat.stores,
            tools=chat.tools, files=chat.files, variation=turn.variation,
        )  # fmt: skip
        _begin(server, caller, chat, turn, place, prompt)
    server.live.tell(chat_id)
    return turn


def ask_again(server: Server, caller: Caller, turn_id: str) -> Turn:
    """Return a turn that asks the same once more, beside the one that did."""
    turn = find_turn(server, caller, turn_id)
    return ask(server, caller, turn.chat, turn.question, before=turn.before)


def stop_answers(server: Server, caller: Caller, chat_id: str) -> None:
    """End every answer that is being written in a chat; what was said is kept."""
    server.live.stop(find_chat(server, caller, chat_id).id)


def find_live(server: Server, caller: Caller, turn: Turn, place: int) -> LiveAnswer | None:
    """Return an answer of a turn while it is being written, to whom may see it whatever it will say."""
    caller.need("chat")
    if not may_follow(server, caller, turn.chat):
        return None
    return server.live.find(f"{turn.id}/{place}")


def is_interrupted(server: Server, caller: Caller, turn: Turn, place: int) -> bool:
    """Return whether an answer was being written when its server ended."""
    return turn.answers[place]["state"] == "running" and find_live(server, caller, turn, place) is None


def find_evidence(server: Server, caller: Caller, chat_id: str, answer_id: str) -> Mapping[str, Any]:
    """Return how an answer came about; raise `NotFound` where that is not known."""
    find_chat(server, caller, chat_id)
    record = server.records(EVIDENCE).find(f"evidence/{answer_id}")
    if record is None or record.parent != chat_id:
        raise NotFound("The trace of this answer was not stored.")
    if not readable(server.workspace, caller).covers(record.body.get("made_of", ())):
        raise not_readable()
    return record.body


def _begin(server: Server, caller: Caller, chat: Chat, turn: Turn, place: int, prompt: ModelPrompt) -> None:
    def write(live: LiveAnswer) -> None:
        with suppress(NotFound):  # the chat was removed meanwhile
            save_answer(server, turn.id, place, _answer(server, caller, chat, turn, place, prompt, live))

    try:
        server.live.begin(f"{turn.id}/{place}", chat.id, write)
    except LorewrightError as error:
        save_answer(server, turn.id, place, _failed("", error))


def _answer(
    server: Server, caller: Caller, chat: Chat, turn: Turn, place: int, prompt: ModelPrompt, live: LiveAnswer
) -> dict[str, Any]:
    """Return the answer as it is kept, complete or as far as it came."""
    saved_at = time.monotonic()

    def hear(piece: str) -> None:
        nonlocal saved_at
        live.say(piece)
        if time.monotonic() - saved_at > SAVE_EVERY_SECONDS:  # a killed server loses no more than this
            saved_at = time.monotonic()
            save_answer(server, turn.id, place, {"state": "running", "text": live.text})

    try:
        wait_for_files(server, chat, stopped=live.stopped)
        reply = chat_turn(server, caller, prompt, on_text=hear, stopped=live.stopped)
    except LorewrightError as error:
        return _failed(live.text, error)
    except Exception:  # noqa: BLE001 - a bug: the page says so, the log has its traceback
        _log.exception("An answer failed.")
        return {"state": "failed", "text": live.text, "error": "This answer failed.", "hint": ""}
    if live.stopped():
        return {"state": "stopped", "text": live.text.strip()}
    evidence = reply.evidence | {"made_of": reply.answer["made_of"]}
    server.records(EVIDENCE).add(f"evidence/{reply.answer['id']}", evidence, parent=chat.id)
    return {"state": "done", **reply.answer}


def _failed(text: str, error: LorewrightError) -> dict[str, Any]:
    return {"state": "failed", "text": text, "error": str(error), "hint": error.hint}
