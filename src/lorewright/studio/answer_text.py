"""An answer in Markdown that grows while it is made, with its citations once it is complete."""

import json
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NotRequired, TypedDict

from nicegui import core
from nicegui.element import Element
from nicegui.events import GenericEventArguments

STATIC = Path(__file__).parent / "static"
_EVERY_SECONDS = 0.04
_BUSY_EVERY_SECONDS = 0.1
"""How often a page is sent what is new when many pages stream at once: every message costs the server."""
_N_BUSY = 12


_sent: deque[float] = deque(maxlen=_N_BUSY)
"""When the last messages with pieces left, of all pages together."""


def _pause() -> float:
    """Return how long to gather pieces: longer while messages leave thick and fast."""
    is_busy = len(_sent) == _N_BUSY and time.monotonic() - _sent[0] < _EVERY_SECONDS * 2
    return _BUSY_EVERY_SECONDS if is_busy else _EVERY_SECONDS


class Cite(TypedDict):
    """A numbered source at a place in the answer's text: `position` counts its characters.

    `title` names the source, `support` is its sentence that supports the text before `position`.
    """

    number: int
    position: int
    title: str
    support: NotRequired[str]


Unsupported = str | tuple[int, int] | tuple[int, int, str]
"""A text that no source supports, or where it stands as (start, end) in characters, and why it is marked."""


class AnswerText(Element, component="static/answer_text.js"):
    """Markdown without any HTML of its own, which may still be growing.

    The text is kept here; only what is new is sent. A page that connects again gets all of it.
    """

    def __init__(
        self,
        text: str = "",
        *,
        citations: Sequence[Cite] = (),
        unsupported: Sequence[Unsupported] = (),
        dark: bool | None = None,
        strings: Mapping[str, str] | None = None,
        on_cite: Callable[[int], Any] | None = None,
    ) -> None:
        """Show a text; `on_cite` is called with the number of a citation that is opened.

        `dark` left at `None` follows the page. `strings` replaces the words of `answer_text_words`.
        """
        super().__init__()
        self._lock = Lock()
        self._n_units = _units(text)
        self._pending: list[str] = []
        self._on_cite = on_cite
        with self._props.suspend_updates():
            self.add_resource(STATIC / "lazy")
            self._props["text"] = text
            self._props["version"] = 1
            self._props["streaming"] = False
            self._props["citations"] = [dict(cite) for cite in citations]
            self._props["unsupported"] = list(unsupported)
            self._props["dark"] = dark
            self._props["strings"] = dict(strings or {})
        self.on("cite", self._cite)
        self.on("resync", self._reset)

    @property
    def text(self) -> str:
        """All of the text so far."""
        with self._lock:
            return str(self._props["text"]) + "".join(self._pending)

    def append(self, piece: str) -> None:
        """Add a piece to the text and show that more may come; any thread may call this."""
        if not piece:
            return
        with self._lock:
            is_planned = bool(self._pending)
            self._pending.append(piece)
        if not is_planned and core.is_loop_running() and core.loop is not None:
            # Pieces come far more often than a page can be drawn: they are sent together.
            core.loop.call_soon_threadsafe(core.loop.call_later, _pause(), self._send)

    def finish(
        self, text: str, citations: Sequence[Cite] = (), unsupported: Sequence[Unsupported] = ()
    ) -> None:
        """Show the complete text with its citations and what no source supports; nothing more comes."""
        self._replace(text, citations, unsupported)

    def set_text(self, text: str) -> None:
        """Show another text, without citations; an empty one clears the answer for a new stream."""
        self._replace(text, (), ())

    def set_dark(self, value: bool | None) -> None:  # noqa: FBT001 - as NiceGUI's own setters take it
        """Show the dark or the light look; `None` follows the page."""
        self._props["dark"] = value

    def _replace(self, text: str, citations: Sequence[Cite], unsupported: Sequence[Unsupported]) -> None:
        with self._lock:
            self._pending.clear()
            self._n_units = _units(text)
            with self._props.suspend_updates():
                self._props["text"] = text
                self._props["version"] += 1
                self._props["streaming"] = False
                self._props["citations"] = [dict(cite) for cite in citations]
                self._props["unsupported"] = list(unsupported)
        self._reset()

    def _send(self) -> None:
        """Send the pieces that have come since the last time."""
        with self._lock:
            piece = "".join(self._pending)
            self._pending.clear()
            if not piece:
                return  # the complete text has come meanwhile
            # Past the properties' own `update`, which looks for somebody to tell each time.
            dict.update(self._props, text=self._props["text"] + piece, streaming=True)
            start, version = self._n_units, self._props["version"]
            self._n_units += _units(piece)
        _sent.append(time.monotonic())
        if not self.is_deleted:
            # `run_method` could be awaited and makes a task for that; this is sent too often for one.
            code = f"runMethod({self.id}, 'append', {json.dumps([version, start, piece])})"
            self.client.outbox.enqueue_message("run_javascript", {"code": code}, self.client.id)

    def _reset(self) -> None:
        """Send everything."""
        props = self._props
        self.run_method(
            "reset", props["version"], props["text"], props["streaming"], props["citations"],
            props["unsupported"],
        )  # fmt: skip

    def _cite(self, event: GenericEventArguments) -> Any:
        return self._on_cite(int(event.args["number"])) if self._on_cite else None


@lru_cache
def answer_text_words() -> Mapping[str, str]:
    """Return every text of the component in English, by the key that `strings` may replace."""
    words: dict[str, str] = json.loads((STATIC / "answer_text_words.json").read_text("utf-8"))
    return words


def _units(text: str) -> int:
    """Return how long the browser thinks a text is: what lies beyond the first 65,536 counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)
