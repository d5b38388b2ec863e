"""What of a file's visible text its document holds, and what it does not."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any, Self

_MOSTLY = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingReport:
    """How completely a file was read.

    `unread_pages` are pages that are pictures whose text nobody could read, of `n_pages`, counted from 1.
    `unread_parts` are parts that could not be read, such as attachments: each its name and the reason.
    `left_out` is what was left out on purpose, such as menus or pictures written as text.
    `n_visible` and `n_kept` count the letters and digits that a reader of the file sees, and those of
    them that the document holds; 0 where nobody counted.
    """

    n_pages: int = 0
    unread_pages: tuple[int, ...] = ()
    unread_parts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    n_visible: int = 0
    n_kept: int = 0

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the report that `as_json` made these values of."""
        several = {"unread_pages", "unread_parts", "left_out"}
        held: dict[str, Any] = {
            name: tuple(value) if name in several else value for name, value in values.items()
        }
        return cls(**held)

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is stored."""
        return asdict(self)

    @property
    def share_kept(self) -> float:
        """The share of the visible text that the document holds; 1 where nobody counted."""
        return min(self.n_kept / self.n_visible, 1.0) if self.n_visible else 1.0

    @property
    def notices(self) -> tuple[str, ...]:
        """What a user should know, each as half a sentence; nothing where all was read."""
        notices = []
        if self.unread_pages:
            notices.append(_pages(self.unread_pages, self.n_pages))
        notices += self.unread_parts
        if self.share_kept < _MOSTLY:
            notices.append(f"only {self.share_kept:.0%} of the visible text was kept")
        return tuple(notices)

    def with_parts(self, parts: Iterable[str]) -> Self:
        """Return the report with further parts that could not be read."""
        return replace(self, unread_parts=(*self.unread_parts, *parts))

    def with_left_out(self, *what: str) -> Self:
        """Return the report with something more that was left out on purpose."""
        return replace(self, left_out=(*self.left_out, *filter(None, what)))


NOTHING_MISSED = ReadingReport()
"""The report of a file that was read as a whole, as plain text is."""


def _pages(pages: Iterable[int], n_pages: int) -> str:
    """Return which pages were not read: `pages 2, 4-6 of 9 are pictures and were not read`."""
    runs = [
        [page for _, page in run]
        for _, run in groupby(enumerate(sorted(pages)), lambda numbered: numbered[1] - numbered[0])
    ]
    named = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    if len(runs) == 1 and len(runs[0]) == 1:
        return f"page {named} of {n_pages} is a picture and was not read"
    return f"pages {named} of {n_pages} are pictures and were not read"
