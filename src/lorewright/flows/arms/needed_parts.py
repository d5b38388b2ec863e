"""The parts of the hits that a completion was written from."""

from collections.abc import Collection, Sequence

from lorewright.knowledge import unsupported
from lorewright.knowledge.quotable import Quotable


def claims_beyond(question: str, completion: str, style_words: frozenset[str]) -> frozenset[str]:
    """Return the numbers, dates and names of a completion that neither its question nor the style holds."""
    return frozenset(unsupported(completion, [question], allowed=style_words))


def needed_parts(
    question: str,
    completion: str,
    parts: Sequence[Quotable],
    *,
    style_words: frozenset[str],
    documents: Collection[str] = (),
) -> list[Quotable]:
    """Return the fewest parts that hold what the completion claims beyond its question, as far as any does.

    Among those that hold as much, one of the named documents, and then the first, is taken.
    """
    left = set(claims_beyond(question, completion, style_words))
    if not left or not parts:
        return []
    held = [
        left.difference(unsupported(completion, [question, _read(part)], allowed=style_words))
        for part in parts
    ]
    needed: list[Quotable] = []
    while left:
        best = max(
            range(len(parts)),
            key=lambda place: (
                len(held[place] & left),
                parts[place].hit.chunk.document_id in documents,
                -place,
            ),
        )
        if not held[best] & left:
            break
        needed.append(parts[best])
        left -= held[best]
    return needed


def _read(part: Quotable) -> str:
    return "\n".join((part.hit.chunk.title, part.hit.chunk.headings, part.lead, part.text))
