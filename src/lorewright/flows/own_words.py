"""Quotes put together as an answer: the documents' own words, each with its place."""

from collections.abc import Sequence
from itertools import groupby

from lorewright.knowledge import Citation, Hit, Quotable, Quote
from lorewright.knowledge.quoting import N_READ
from lorewright.knowledge.whole_lists import with_whole_lists

_TABLE_RULE = "|---"


def quoted(question: str, quotes: Sequence[Quote], hits: Sequence[Hit]) -> tuple[str, tuple[Citation, ...]]:
    """Return quotes as one text with a citation for each, those of a place together under its heading.

    Of a procedure all steps are shown to whoever asks how it is done, of a list all items.
    """
    parts = with_whole_lists(question, [quote.part for quote in quotes], hits[:N_READ])
    numbers = {hit.chunk.id: number for number, hit in enumerate(hits, start=1)}
    best = {place: rank for rank, place in enumerate(dict.fromkeys(map(_place, parts)))}
    ordered = sorted(parts, key=lambda part: (best[_place(part)], part.hit.chunk.start + part.start))
    text, citations = "", list[Citation]()
    for (_, heading), group in groupby(ordered, key=_place):
        text += ("\n\n" if text else "") + f"{heading}:"
        before: Quotable | None = None
        for part in group:
            text += _between(before, part) + part.text
            citations.append(citation_of(part, numbers[part.hit.chunk.id], len(text)))
            before = part
        text += "\n```" if before and before.kind == "code" else ""
    return text, tuple(citations)


def nearest_place(quotes: Sequence[Quote], hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Return the place of the best of the quotes of hits that do not seem to answer, if there is any."""
    numbers = {hit.chunk.id: number for number, hit in enumerate(hits, start=1)}
    return tuple(citation_of(quote.part, numbers[quote.part.hit.chunk.id], 0) for quote in quotes[:1])


def _place(part: Quotable) -> tuple[str, str]:
    """Return the document of a part and the headings above it, which name what it is about."""
    chunk = part.hit.chunk
    return chunk.document_id, chunk.headings or chunk.document_id


def _between(before: Quotable | None, part: Quotable) -> str:
    """Return what stands before a part: the lead that it does not share, and what a table or code needs."""
    closed = "\n```" if before and before.kind == "code" and part.kind != "code" else ""
    is_continued = before is not None and (
        part.lead == before.text or (before.kind == part.kind and part.lead == before.lead)
    )
    if part.kind == "table" and part.lead and not is_continued:
        n_columns = max(1, part.lead.count("|") - 1)
        return f"{closed}\n\n{part.lead}\n{_TABLE_RULE * n_columns}|\n"
    lead = f"\n{part.lead}" if part.lead and part.kind != "table" and not is_continued else ""
    fence = "\n```" if part.kind == "code" and not is_continued else ""
    return f"{closed}{lead}{fence}\n"


def citation_of(part: Quotable, number: int, position: int) -> Citation:
    """Return the place of a part as the citation of an answer's text up to a position."""
    chunk = part.hit.chunk
    return Citation(
        number=number,
        document_id=chunk.document_id,
        title=chunk.title,
        start=chunk.start + part.start,
        end=chunk.start + part.end,
        quote=part.text,
        position=position,
        page=chunk.page,
        heading_path=chunk.heading_path,
    )
