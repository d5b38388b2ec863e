"""Examples into train, validation and test."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from lorewright.datasets.example import Example
from lorewright.messages import Conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """A dataset in three parts; no prompt occurs in two of them."""

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]


def split(examples: Iterable[Example], *, test_share: float = 0.2, validation_share: float = 0.1) -> Split:
    """Split by a hash of the prompt.

    No seed and no shuffle: an example keeps its part when others are added, so a report from last
    month and one from today measure the same questions.
    """
    train, validation, test = [], [], []
    for example in examples:
        place = _place(normalised(spoken(example.prompt)))
        if place < test_share:
            test.append(example)
        elif place < test_share + validation_share:
            validation.append(example)
        else:
            train.append(example)
    return Split(train=tuple(train), validation=tuple(validation), test=tuple(test))


def is_held_out(conversation: Conversation, *, test_share: float) -> bool:
    """Return whether `split` puts what was asked into the test part."""
    return _place(normalised(spoken(conversation))) < test_share


def spoken(conversation: Conversation) -> str:
    """Return what was said: the turns without the system message, one a paragraph."""
    return "\n\n".join(turn.content for turn in conversation if turn.role != "system")


def normalised(text: str) -> str:
    """Return a text as it is compared: without case, accents' encodings, punctuation and spacing."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _place(text: str) -> float:
    """Return a number in [0, 1) that depends on nothing but the text."""
    digest = blake2b(text.encode(), digest_size=6).digest()
    return int.from_bytes(digest) / 2**48
