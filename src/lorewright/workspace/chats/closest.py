"""The documents' own words beside an answer: above a small model's text, and where an answer was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from lorewright.flows import Answer
from lorewright.flows.evidence import evidence_of
from lorewright.knowledge import Citation, Hit, choose_quotes
from lorewright.knowledge.quoting import Likeness

N_QUOTES = 3

WhyRefused = Literal["nothing found", "withheld", "not answered"]


def why_refused(answer: Answer, hits: Sequence[Any]) -> WhyRefused:
    """Return why a flow refused: no passages, a text that they do not support, or no answer in them."""
    if not hits:
        return "nothing found"
    return "withheld" if evidence_of(answer).draft.strip() else "not answered"


def closest_passages(
    question: str,
    hits: Sequence[Hit],
    *,
    likeness: Likeness | None = None,
    names: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return the sentences of the hits that come closest to a question, as citations in JSON.

    Each has the number of its chunk among the hits; `names` are those of documents that have ids instead.
    """
    numbers = {hit.chunk.id: number for number, hit in enumerate(hits, start=1)}
    passages = []
    for quote in choose_quotes(question, hits, likeness=likeness, n=N_QUOTES):
        part, chunk = quote.part, quote.part.hit.chunk
        citation = Citation(
            number=numbers[chunk.id], document_id=chunk.document_id, title=chunk.title,
            start=chunk.start + part.start, end=chunk.start + part.end, quote=part.text, position=0,
            page=chunk.page, heading_path=chunk.heading_path,
        )  # fmt: skip
        passages.append(asdict(citation) | {"name": (names or {}).get(chunk.document_id, chunk.document_id)})
    return passages
