"""Asking in a chat: every model answers in a thread of the server, whatever becomes of the page."""

import logging
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from lorewright.access import Key
from lorewright.errors import LorewrightError, NotFound
from lorewright.workspace.chat_answer import Asked, chat_turn
from lorewright.workspace.chat_files import wait_for_files
from lorewright.workspace.chat_turns import (
    Turn,
    add_turn,
    branch,
    find_turn,
    messages_for,
    save_answer,
    turns_of,
)
from lorewright.workspace.chats import EVIDENCE, Chat, find_chat
from lorewright.workspace.home import Home
from lorewright.workspace.live_answers import LiveAnswer

SAVE_EVERY_SECONDS = 5.0
_log = logging.getLogger("lorewright.chat")


def ask(home: Home, caller: Key, chat_id: str, question: str, *, before: str | None = None) -> Turn:
    """Return the turn that a question begins: every model of the chat is answering it now.

    It follows the branch in sight, or the turn `before` ('' for none): then it is a branch beside
    those that follow it already.
    """
    chat = find_chat(home, caller, chat_id)
    models = list(chat.models)
    if chat.is_blind:
        random.shuffle(models)
    turn = add_turn(
        home, caller, chat, question, before=chat.leaf if before is None else before, models=models
    )
    earlier = branch(turns_of(home, chat_id), turn.before)
    for place, model in enumerate(models):
        asked = Asked(
            model=model, messages=messages_for(model, earlier, question), stores=chat.stores,
            files=chat.files, variation=turn.variation,
        )  # fmt: skip
        _begin(home, caller, chat, turn, place, asked)
    home.live.tell(chat_id)
    return turn


def ask_again(home: Home, caller: Key, turn_id: str) -> Turn:
    """Return a turn that asks the same once more, beside the one that did."""
    turn = find_turn(home, caller, turn_id)
    return ask(home, caller, turn.chat, turn.question, before=turn.before)


def stop_answers(home: Home, caller: Key, chat_id: str) -> None:
    """End every answer that is being written in a chat; what was said is kept."""
    home.live.stop(find_chat(home, caller, chat_id).id)


def find_live(home: Home, turn: Turn, place: int) -> LiveAnswer | None:
    """Return an answer of a turn while it is being written."""
    return home.live.find(f"{turn.id}/{place}")


def is_interrupted(home: Home, turn: Turn, place: int) -> bool:
    """Return whether an answer was being written when its server ended."""
    return turn.answers[place]["state"] == "running" and find_live(home, turn, place) is None


def find_evidence(home: Home, caller: Key, chat_id: str, answer_id: str) -> Mapping[str, Any]:
    """Return how an answer came about; raise `NotFound` where that is not known."""
    find_chat(home, caller, chat_id)
    found = home.records(EVIDENCE).find(f"evidence/{answer_id}")
    if found is None or found.parent != chat_id:
        raise NotFound("How this answer came about was not kept.")
    return found.body


def _begin(home: Home, caller: Key, chat: Chat, turn: Turn, place: int, asked: Asked) -> None:
    def write(live: LiveAnswer) -> None:
        with suppress(NotFound):  # the chat was removed meanwhile
            save_answer(home, turn.id, place, _answer(home, caller, chat, turn, place, asked, live))

    try:
        home.live.begin(f"{turn.id}/{place}", chat.id, write)
    except LorewrightError as error:
        save_answer(home, turn.id, place, _failed("", error))


def _answer(
    home: Home, caller: Key, chat: Chat, turn: Turn, place: int, asked: Asked, live: LiveAnswer
) -> dict[str, Any]:
    """Return the answer as it is kept, complete or as far as it came."""
    saved_at = time.monotonic()

    def hear(piece: str) -> None:
        nonlocal saved_at
        live.say(piece)
        if time.monotonic() - saved_at > SAVE_EVERY_SECONDS:  # a killed server loses no more than this
            saved_at = time.monotonic()
            save_answer(home, turn.id, place, {"state": "running", "text": live.text})

    try:
        wait_for_files(home, chat, stopped=live.stopped)
        said = chat_turn(home, caller, asked, on_text=hear, stopped=live.stopped)
    except LorewrightError as error:
        return _failed(live.text, error)
    except Exception:  # noqa: BLE001 - a bug: the page says so, the log has its traceback
        _log.exception("An answer failed.")
        return {"state": "failed", "text": live.text, "error": "This answer failed.", "hint": ""}
    if live.stopped():
        return {"state": "stopped", "text": live.text.strip()}
    home.records(EVIDENCE).add(f"evidence/{said.answer['id']}", said.evidence, parent=chat.id)
    return {"state": "done", **said.answer}


def _failed(text: str, error: LorewrightError) -> dict[str, Any]:
    return {"state": "failed", "text": text, "error": str(error), "hint": error.hint}
