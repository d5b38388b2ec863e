"""Working files for one answer: in memory, gone with it; its trace tells what they held."""

import threading
from typing import Any

from lorewright.agents.tools.files import no_file, plain_path
from lorewright.errors import BadParameter

MOST_FILES, MOST_CHARACTERS = 20, 100_000
"""The most that one answer may write, all files and their former texts together."""


class MemoryFiles:
    """Keeps the texts of a few files; several agents may write at once, and no text is lost by that."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def write(self, path: str, text: str) -> int:
        """Write a text into a file, and return how many former texts of it are kept."""
        name = str(plain_path(path))
        with self._lock:
            if name not in self._texts and len(self._texts) >= MOST_FILES:
                raise BadParameter("path", f"There are {MOST_FILES} files already. Write into one of them.")
            n_characters = len(text) + sum(len(one) for texts in self._texts.values() for one in texts)
            if n_characters > MOST_CHARACTERS:
                raise BadParameter(
                    "text",
                    f"With this text the files would have {n_characters:,} characters, what was written over "
                    f"included; the limit is {MOST_CHARACTERS:,}. Write less.",
                )
            self._texts.setdefault(name, []).append(text)
            return len(self._texts[name]) - 1

    def read(self, path: str) -> str:
        """Return the text of a file."""
        name = str(plain_path(path))
        with self._lock:
            texts = self._texts.get(name)
        if texts is None:
            raise no_file(path, self.names())
        return texts[-1]

    def names(self) -> list[str]:
        """Return the paths of all files."""
        with self._lock:
            return sorted(self._texts)

    def left(self) -> list[dict[str, Any]]:
        """Return what the files hold at last, as JSON."""
        with self._lock:
            return [
                {"path": name, "size_bytes": len(texts[-1].encode()), "text": texts[-1]}
                for name, texts in sorted(self._texts.items())
            ]
