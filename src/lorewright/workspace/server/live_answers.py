"""Answers that are being written: they belong to the server, and any number of pages follows them."""

import threading
import time
from collections.abc import Callable

from lorewright.errors import Overloaded

MAX_AT_ONCE = 512
LEFT_ALONE_SECONDS = 60.0
"""How long an answer is written on that no page follows any more."""

Hear = Callable[[str], None]
"""Hears the next piece, in the thread that writes."""


class LiveAnswer:
    """An answer that is being written."""

    def __init__(self, key: str, chat: str, *, left_alone_seconds: float) -> None:
        self.key, self.chat = key, chat
        self._left_alone_seconds = left_alone_seconds
        self._pieces: list[str] = []
        self._followers: list[Hear] = []
        self._lock = threading.RLock()
        self._is_stopped = False
        self._left_at = time.monotonic()

    @property
    def text(self) -> str:
        """What was said so far."""
        with self._lock:
            return "".join(self._pieces)

    def say(self, piece: str) -> None:
        """Add a piece, and let every follower hear it."""
        with self._lock:
            self._pieces.append(piece)
            for hear in tuple(self._followers):  # one may leave while it hears
                hear(piece)

    def follow(self, hear: Hear) -> None:
        """Let `hear` hear the text so far at once, then every piece that comes."""
        with self._lock:
            if self._pieces:
                hear("".join(self._pieces))
            self._followers.append(hear)

    def leave(self, hear: Hear) -> None:
        """Let a follower go; one that is gone already may go again."""
        with self._lock:
            if hear in self._followers:
                self._followers.remove(hear)
                self._left_at = time.monotonic()

    def stop(self) -> None:
        """End it after the piece it is at."""
        self._is_stopped = True

    def stopped(self) -> bool:
        """Whether to end it: somebody said so, or nobody has followed it for a while."""
        is_alone = not self._followers and time.monotonic() - self._left_at > self._left_alone_seconds
        return self._is_stopped or is_alone


class LiveAnswers:
    """All answers of chats that are being written, by their keys, and the pages that watch the chats."""

    def __init__(self, *, left_alone_seconds: float = LEFT_ALONE_SECONDS) -> None:
        self._left_alone_seconds = left_alone_seconds
        self._answers: dict[str, LiveAnswer] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._watchers: dict[str, list[Callable[[], None]]] = {}
        self._lock = threading.RLock()
        self._is_closed = False

    def begin(self, key: str, chat: str, write: Callable[[LiveAnswer], None]) -> LiveAnswer:
        """Return an answer that a thread of its own writes; raise `Overloaded` with too many at once."""
        answer = LiveAnswer(key, chat, left_alone_seconds=self._left_alone_seconds)
        with self._lock:
            if len(self._answers) >= MAX_AT_ONCE or self._is_closed:
                raise Overloaded(f"{MAX_AT_ONCE} answers are being generated.", hint="Try again in a minute.")
            self._answers[key] = answer
            self._threads[key] = threading.Thread(
                target=self._write, args=(answer, write), name="chat", daemon=True
            )
            self._threads[key].start()
        return answer

    def find(self, key: str) -> LiveAnswer | None:
        """Return an answer while it is being written."""
        with self._lock:
            return self._answers.get(key)

    def stop(self, chat: str) -> None:
        """End every answer of a chat; what was said stays."""
        with self._lock:
            for answer in self._answers.values():
                if answer.chat == chat:
                    answer.stop()

    def watch(self, chat: str, hear: Callable[[], None]) -> None:
        """Let `hear` know, in some thread, whenever a chat has changed."""
        with self._lock:
            self._watchers.setdefault(chat, []).append(hear)

    def unwatch(self, chat: str, hear: Callable[[], None]) -> None:
        """Let it know no more."""
        with self._lock:
            watchers = self._watchers.get(chat, [])
            if hear in watchers:
                watchers.remove(hear)
            if not watchers:
                self._watchers.pop(chat, None)

    def tell(self, chat: str) -> None:
        """Let all who watch a chat know that it has changed."""
        with self._lock:
            watchers = tuple(self._watchers.get(chat, ()))
        for hear in watchers:
            hear()

    def close(self) -> None:
        """End every answer and wait until what was said is kept."""
        with self._lock:
            self._is_closed = True
            for answer in self._answers.values():
                answer.stop()
            threads = list(self._threads.values())
        for thread in threads:
            thread.join()

    def _write(self, answer: LiveAnswer, write: Callable[[LiveAnswer], None]) -> None:
        try:
            write(answer)
        finally:
            with self._lock:
                del self._answers[answer.key], self._threads[answer.key]
            self.tell(answer.chat)
