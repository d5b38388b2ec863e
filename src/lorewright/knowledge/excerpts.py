"""Hits cut down to the sentences that may answer: what a small model reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lorewright.knowledge.hit import Hit
from lorewright.knowledge.quotable import Quotable, quotables
from lorewright.knowledge.quoting import Likeness, choose_quotes


@dataclass(frozen=True, slots=True)
class _Span:
    """Parts of a chunk from one to another, both counted from 0."""

    first: int
    last: int

    def __or__(self, other: "_Span") -> "_Span":
        return _Span(min(self.first, other.first), max(self.last, other.last))


def excerpts(
    question: str, hits: Sequence[Hit], *, likeness: Likeness | None = None, n: int = 3, around: int = 0
) -> list[Hit]:
    """Return the hits that hold the `n` parts that answer best, cut down to those, the best first.

    An excerpt is one stretch of its document, under the same title and headings; the header of a table
    and the line that announces a list stay above it, a block of code stays whole, and so do `around`
    parts before and after each. Empty where no part seems to answer.
    """
    quotes = choose_quotes(question, hits, likeness=likeness, n=n)
    if not quotes or not quotes[0].is_enough:
        return []
    return cut_to([quote.part for quote in quotes], hits, around=around)


def cut_to(kept: Sequence[Quotable], hits: Sequence[Hit], *, around: int = 0) -> list[Hit]:
    """Return the hits that hold the kept parts, cut down to the stretch of them, in the order of the parts.

    Their ranks are their places in that order: a prompt numbers them so.
    """
    spans: dict[str, _Span] = {}
    by_id = {hit.chunk.id: hit for hit in hits}
    parts = {part.hit.chunk.id: quotables(part.hit) for part in kept}
    for part in kept:
        chunk_id = part.hit.chunk.id
        span = _around(part, parts[chunk_id], around)
        spans[chunk_id] = spans.get(chunk_id, span) | span
    return [
        _cut(replace(by_id[chunk_id], rank=rank), parts[chunk_id][span.first : span.last + 1])
        for rank, (chunk_id, span) in enumerate(spans.items(), start=1)
    ]


def _around(part: Quotable, parts: Sequence[Quotable], n: int) -> _Span:
    first, last = max(0, part.place - n), min(len(parts) - 1, part.place + n)
    while part.kind == "code" and first > 0 and parts[first - 1].kind == "code":
        first -= 1
    while part.kind == "code" and last + 1 < len(parts) and parts[last + 1].kind == "code":
        last += 1
    return _Span(first, last)


def _cut(hit: Hit, kept: Sequence[Quotable]) -> Hit:
    """Return the hit with nothing but the kept parts, which follow each other."""
    chunk, start, end = hit.chunk, kept[0].start, kept[-1].end
    text = chunk.text[start:end]
    leads = dict.fromkeys(part.lead for part in kept if part.lead and part.lead not in text)
    header = chunk.header or "\n".join(leads)
    return replace(
        hit, chunk=replace(chunk, start=chunk.start + start, end=chunk.start + end, text=text, header=header)
    )
