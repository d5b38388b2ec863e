"""The reader that ships with lorewright: an adapter that makes the default chat model read.

A LoRA for the catalogue's default model, learned on open reading data: it answers from the texts in
the prompt, in their own words, with the number of the text. How it is made: training/reader.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from lorewright.settings import DEFAULT_CHAT_MODEL
from lorewright.whole_files import sha256_of

READER = "reader"
"""The adapter that flows name for it; where there is none for a model, the model itself answers."""

SHA256 = "277454509d2b3b2fc2ca4777f0d73512a059e20fc0f497ca49706070d3bd781d"
RANK, ALPHA = 16, 32.0
_FILE = Path(__file__).parent / "reader_weights" / "smollm2-135m-instruct.reader.gguf"

Mode = Literal["auto", "off"]


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of a chat model: its file, or `None` where the model reads as it is, and why."""

    path: Path | None
    why: str

    @property
    def is_broken(self) -> bool:
        """Whether there should be one and its file cannot be used."""
        return self.path is None and bool(self.why)


def find_reader(uri: str, mode: Mode = "auto") -> Reader:
    """Return the reader of the chat model called `uri`.

    Only the default model has one. A file that is missing or damaged is not used: `why` names it.
    """
    if mode == "off" or uri != DEFAULT_CHAT_MODEL:
        return Reader(None, "")
    return _checked(_FILE)


@lru_cache(maxsize=4)  # the file is read once a process: it does not change under a running one
def _checked(path: Path) -> Reader:
    if not path.is_file():
        return Reader(None, f"The reader adapter {path} is missing: the chat model answers without it.")
    if sha256_of(path) != SHA256:
        return Reader(None, f"The reader adapter {path} is damaged: the chat model answers without it.")
    return Reader(path, "")
