"""Answers that are being written: owned by the server, so that no page that closes can lose them."""

import threading
import time
from collections.abc import Callable
from typing import Any

from lorewright.errors import LorewrightError
from lorewright.workspace.chats import save_answer
from lorewright.workspace.home import Home

Listener = Callable[[str | None], None]
"""Called with every new piece, and with `None` when the answer is over; from the thread that writes."""
_SAVE_EVERY_SECONDS = 5.0


class LiveAnswer:
    """One answer that is being written; pages that open later hear of the rest."""

    def __init__(self, home: Home, turn_id: str, place: int, model: str) -> None:
        self.text = ""
        self._home, self._turn_id, self._place, self._model = home, turn_id, place, model
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._saved_at = time.monotonic()
        self.is_over = False

    def stop(self) -> None:
        """End it after the piece it is at; what it has said stays."""
        self._stopped.set()

    def listen(self, listener: Listener) -> str:
        """Return the text so far; the listener hears what comes after it."""
        with self._lock:
            if not self.is_over:
                self._listeners.append(listener)
            return self.text

    def forget(self, listener: Listener) -> None:
        """Tell a listener nothing more: its page is gone."""
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def begin(self, write: Callable[[Callable[[str], None], Callable[[], bool]], dict[str, Any]]) -> None:
        """Let `write(on_text, stopped)` write the answer in a thread of its own."""
        threading.Thread(target=self._write, args=(write,), name="chat answer", daemon=True).start()

    def _write(self, write: Callable[..., dict[str, Any]]) -> None:
        try:
            said = write(self._hear, self._stopped.is_set)
            state = "stopped" if self._stopped.is_set() else "done"
            self._save({**said, "state": state})
        except LorewrightError as error:
            self._save({"text": self.text, "state": "failed", "error": str(error), "hint": error.hint})
        finally:
            with self._lock:
                self.is_over = True
                listeners, self._listeners = self._listeners, []
            for listener in listeners:
                listener(None)
            _LIVE.pop((self._turn_id, self._place), None)

    def _hear(self, piece: str) -> None:
        with self._lock:
            self.text += piece
            listeners = list(self._listeners)
        if time.monotonic() - self._saved_at > _SAVE_EVERY_SECONDS:
            self._saved_at = time.monotonic()
            self._save({"text": self.text, "state": "running"})
        for listener in listeners:
            listener(piece)

    def _save(self, answer: dict[str, Any]) -> None:
        save_answer(self._home, self._turn_id, self._place, {**answer, "model": self._model})


_LIVE: dict[tuple[str, int], LiveAnswer] = {}


def begin_live(home: Home, turn_id: str, place: int, model: str) -> LiveAnswer:
    """Return the answer at a place of a turn, about to be written."""
    _LIVE[turn_id, place] = LiveAnswer(home, turn_id, place, model)
    return _LIVE[turn_id, place]


def find_live(turn_id: str, place: int) -> LiveAnswer | None:
    """Return the answer at a place of a turn while it is being written."""
    return _LIVE.get((turn_id, place))
