"""Which of the domain's documents somebody may read: by folder or document, decided when it is asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from lorewright.access.caller import DOMAIN_STORE, Caller


@dataclass(frozen=True, slots=True)
class Readable:
    """Which documents may be read.

    `restricted` are folders (`hr/`) and documents (`board.md`) that only some may read, `opened` those
    of them that may be read here. A document is governed by the innermost restriction around it;
    `has_rest` says whether those without any may be read.
    """

    has_rest: bool = True
    restricted: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()

    @property
    def is_all(self) -> bool:
        """Whether there is no document that may not be read."""
        return self.has_rest and self.opened >= self.restricted

    @property
    def is_nothing(self) -> bool:
        """Whether there can be no document that may be read."""
        return not self.has_rest and not self.opened

    def holds(self, document_id: str) -> bool:
        """Return whether a document may be read, be it there or not."""
        around = governing(document_id, self.restricted)
        return around in self.opened if around else self.has_rest

    def holds_all(self, document_ids: Iterable[str]) -> bool:
        """Return whether all of these may be read."""
        return self.is_all or all(self.holds(document_id) for document_id in document_ids)

    def is_within(self, other: "Readable") -> bool:
        """Return whether everything that may be read here may be read there; in doubt it is not."""
        if other.is_all:
            return True
        if not other.has_rest and (self.has_rest or not self.opened <= other.opened):
            return False
        closed = other.restricted - other.opened
        inside = self.opened - other.opened
        return not any(self.holds(path) or any(is_within(one, path) for one in inside) for path in closed)

    def covers(self, made_of: Iterable[str] | None) -> bool:
        """Return whether what was made of these documents may be seen; `None` may be any of them."""
        return self.is_all or (made_of is not None and self.holds_all(made_of))


EVERYTHING = Readable()
"""What may be read where nobody asks: to index, to count for an administrator."""


def governing(document_id: str, restricted: Iterable[str]) -> str:
    """Return the innermost restriction around a document, '' for none."""
    return max((path for path in restricted if is_within(document_id, path)), key=len, default="")


def is_within(document_id: str, path: str) -> bool:
    """Return whether a document lies in a folder (`hr/`), or is the one that is named."""
    return document_id.startswith(path) if path.endswith("/") else document_id == path


def part_id(path: str) -> str:
    """Return the id under which groups and keys name a restricted part of the domain's documents."""
    return f"{DOMAIN_STORE}/{path}"


def readable_by(caller: Caller, restricted: Iterable[str]) -> Readable:
    """Return what a caller may read where these folders and documents are restricted."""
    paths = frozenset(restricted)
    opened = frozenset(path for path in paths if caller.may_use_store(part_id(path)))
    return Readable(caller.may_use_store(DOMAIN_STORE), paths, opened)
