"""Which documents a row of the dataset was made of: it is as secret as they are."""

from collections.abc import Mapping
from typing import Any, Protocol

from lorewright.access.readable import Readable

FEEDBACK = "feedback"
"""The metadata that names the feedback an example or a question came of."""
MADE_OF = "made_of"
"""The metadata that names the documents which the answer behind the feedback was made of."""


class Row(Protocol):
    """An example or a held-out question."""

    @property
    def document_ids(self) -> tuple[str, ...]:
        """The documents that answer it."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Where it is from."""


def sources_of(row: Row) -> tuple[str, ...] | None:
    """Return the documents that a row was made of, `None` where nobody knows them all.

    What came of feedback on an answer whose documents nobody wrote down may be made of any.
    """
    if FEEDBACK not in row.metadata:
        return row.document_ids
    made_of = row.metadata.get(MADE_OF)
    return (*row.document_ids, *map(str, made_of)) if isinstance(made_of, list) else None


def is_row_readable(row: Row, allowed: Readable) -> bool:
    """Return whether who may read these documents may see a row."""
    return allowed.covers(sources_of(row))
