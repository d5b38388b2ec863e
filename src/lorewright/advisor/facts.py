"""What is known about a domain before and besides any measurement, and what is not."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_LABEL = re.compile(r"^\W*([\w -]{1,30}?)\s*[:=]")
_DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """How often documents changed, as far as it was watched, or as it was stated.

    `stated_per_month` comes from lorewright.toml and wins; the rest was counted.
    """

    stated_per_month: float | None = None
    n_changed: int = 0
    n_documents: int = 0
    days: float = 0.0

    @property
    def per_month(self) -> float | None:
        """Return the stated rate, else the counted one after a week of watching, else nothing."""
        if self.stated_per_month is not None:
            return self.stated_per_month
        return self.n_changed / self.days * _DAYS_PER_MONTH if self.days >= 7 else None

    @property
    def share(self) -> float:
        """Return the share of documents that changed or went since they were first added."""
        return self.n_changed / self.n_documents if self.n_documents else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known about a domain; `None` is unknown, and said so.

    `n_labels` are the labels that answers are chosen from, 0 where they are not. `form` is how
    alike the completions are in form, 0 to 1 (`form_of`). `tuned` names the adapters that exist.
    `model` is the chat model's source. `machine` describes the computer.
    """

    n_examples: int | None = None
    n_after_dedup: int | None = None
    n_documents: int | None = None
    n_chunks: int | None = None
    n_questions: int | None = None
    n_labels: int = 0
    form: float | None = None
    changes: Changes = field(default_factory=Changes)
    tuned: tuple[str, ...] = ()
    model: str = ""
    machine: Mapping[str, str] = field(default_factory=dict)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return what nobody has said or counted yet, as a user would name it."""
        missing = {
            "the number of examples": self.n_examples is None,
            "the number of documents": self.n_documents is None,
            "how often facts change (traffic.changes_per_month)": self.changes.per_month is None,
            "the effect of tuning (nothing has been tuned yet)": not self.tuned,
            "your own held-out questions": not self.n_questions,
        }
        return tuple(name for name, is_missing in missing.items() if is_missing)


def count_changes(
    events: Iterable[tuple[str, str, float]], *, now: float, stated_per_month: float = -1.0
) -> Changes:
    """Return how often documents changed, from events (document id, kind, seconds since the epoch).

    The kinds are `new`, `changed` and `removed`; a document's first `new` is where watching it
    begins. A negative stated rate means that none was stated.
    """
    log = sorted(events, key=lambda event: event[2])
    changed = {document_id for document_id, kind, _ in log if kind != "new"}
    return Changes(
        stated_per_month=stated_per_month if stated_per_month >= 0 else None,
        n_changed=len(changed),
        n_documents=len({document_id for document_id, _, _ in log}),
        days=(now - log[0][2]) / 86_400 if log else 0.0,
    )


def form_of(completions: Sequence[str]) -> float:
    """Return how alike completions are in form, 0 to 1: the share that follows a common pattern.

    The largest of four shares: completions whose lines carry the most common labels ("STATUS:",
    JSON keys); completions of several lines whose last begins in the most common way ("####");
    completions that occur more than once (classes); words that stand in a third of them.
    """
    if len(completions) < 3:
        return 0.0
    repeated = sum(n for n in Counter(completions).values() if n > 1)
    skeletons = Counter(skeleton for text in completions if (skeleton := _skeleton(text)))
    endings = Counter(text.split("\n")[-1].split(" ")[0] for text in completions if "\n" in text.strip())
    n_alike = max(repeated, _most_common(skeletons), _most_common(endings))
    return max(n_alike / len(completions), _share_of_common_words(completions))


def _skeleton(text: str) -> tuple[str, ...]:
    labels = (_LABEL.match(line) for line in text.splitlines())
    return tuple(label[1].strip().lower() for label in labels if label)


def _share_of_common_words(completions: Sequence[str]) -> float:
    words_of_each = [re.findall(r"\w+", text.lower()) for text in completions]
    spread = Counter(word for words in words_of_each for word in set(words))
    n_enough = max(2, len(completions) / 3)
    n_common = sum(spread[word] >= n_enough for words in words_of_each for word in words)
    return n_common / max(1, sum(map(len, words_of_each)))


def _most_common(counts: Mapping[Any, int]) -> int:
    return max(counts.values(), default=0)
