"""A question that was made from documents, before anybody accepted it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "sentence", "definition", "table", "field", "heading", "comparison", "paraphrase", "unanswerable"
]
KINDS: tuple[Kind, ...] = (
    "sentence", "definition", "table", "field", "heading", "comparison", "paraphrase", "unanswerable",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Where an answer stands, word for word; `start` and `end` are offsets into the document's text."""

    document_id: str
    title: str
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A question with its answer and what bears it; without an answer it is unanswerable.

    `closer` asks the same and names what it is about, for where `question` alone fits several
    documents. `absent` are words which must stand together in no document: a question without
    an answer is one only as long as they do not.
    """

    kind: Kind
    question: str
    answer: str
    evidence: tuple[Evidence, ...]
    closer: str = ""
    absent: tuple[str, ...] = ()
    language: str = "English"

    @property
    def is_answerable(self) -> bool:
        """Whether the documents hold an answer."""
        return self.kind != "unanswerable"

    @property
    def document_ids(self) -> tuple[str, ...]:
        """Return the documents it was made of."""
        return tuple(dict.fromkeys(one.document_id for one in self.evidence))
