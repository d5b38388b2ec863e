"""The chunks that a completion was written from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol, runtime_checkable

from lorewright.datasets import Example
from lorewright.documents import Chunk
from lorewright.knowledge import Hit, Retriever, unsupported

N_SEARCHED = 12
MAX_CHUNKS = 50  # of a long document
MAX_GOLD = 2
MIN_SUPPORT = 0.5  # more than this share of the completion's claims must stand in the best chunk
MIN_OVERLAP = 0.6  # of its words, where it makes no claims


@runtime_checkable
class HoldsDocuments(Protocol):
    """A retriever that can also show a document it was not asked for."""

    def chunks_of(self, document_id: str) -> Sequence[Chunk]:
        """Return the chunks of one document in its order; none where it is unknown."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A hit that supports a completion.

    `as_good` are the ids of all chunks that support it as well, `holding` of all that hold at least
    the same claims: without those, the question cannot be answered.
    """

    hit: Hit
    as_good: frozenset[str]
    holding: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Support:
    """What a chunk holds of a completion: claims, and the share of its words."""

    hit: Hit
    claims: frozenset[str]
    overlap: float


def find_gold(
    example: Example, retriever: Retriever, *, query: str, style_words: frozenset[str]
) -> tuple[Gold, ...]:
    """Return the chunks that hold the completion's numbers, dates and names, the best first.

    Looked for in the example's own documents where it names them: the best chunk there is gold.
    Else among the hits for the question and for the question with its answer, and only where it
    supports most of the completion. A second chunk is gold where it holds claims that the first
    lacks. Shared words decide ties.
    """
    claims = frozenset(unsupported(example.completion, [], allowed=style_words))
    words = _words(example.completion) - style_words
    supports = [
        _supported(hit, example.completion, claims, words, style_words)
        for hit in _candidates(example, retriever, query)
    ]
    golds: list[Gold] = []
    while supports and len(golds) < MAX_GOLD:
        best = max(supports, key=lambda support: (len(support.claims), support.overlap, -support.hit.rank))
        if not (best.claims if golds else example.document_ids or _is_gold(best, len(claims))):
            break
        golds.append(_gold(best, supports))
        supports = [_Support(left.hit, left.claims - best.claims, left.overlap) for left in supports]
    return tuple(golds)


def _candidates(example: Example, retriever: Retriever, query: str) -> list[Hit]:
    """Return the hits that may be gold; chunks that were only looked up rank last."""
    with_answer = f"{query}\n{example.completion}"
    hits = [hit for text in (query, with_answer) for hit in retriever.search(text, n=N_SEARCHED)]
    if isinstance(retriever, HoldsDocuments):
        for document_id in example.document_ids:
            chunks = retriever.chunks_of(document_id)[:MAX_CHUNKS]
            hits += [Hit(chunk, score=0.0, rank=N_SEARCHED + 1) for chunk in chunks]
    hit_by_chunk = {hit.chunk.id: hit for hit in reversed(hits)}  # of two hits of a chunk, the earlier stays
    return [hit for hit in hit_by_chunk.values() if _is_of(hit.chunk.document_id, example.document_ids)]


def _is_gold(best: _Support, n_claims: int) -> bool:
    """Tell whether a chunk that the example does not name supports enough of its completion."""
    return len(best.claims) > MIN_SUPPORT * n_claims if n_claims else best.overlap >= MIN_OVERLAP


def _gold(best: _Support, supports: Iterable[_Support]) -> Gold:
    same = [other for other in supports if other.claims >= best.claims]
    as_good = {other.hit.chunk.id for other in same if other.overlap == best.overlap}
    holding = {other.hit.chunk.id for other in same} if best.claims else as_good
    return Gold(best.hit, frozenset(as_good), frozenset(holding))


def _supported(
    hit: Hit, completion: str, claims: frozenset[str], words: set[str], style_words: frozenset[str]
) -> _Support:
    read = f"{hit.chunk.document_id}\n{hit.chunk.context}"
    missing = unsupported(completion, [read], allowed=style_words)
    return _Support(hit, claims.difference(missing), len(words & _words(read)) / (len(words) or 1))


def _is_of(document_id: str, wanted: Sequence[str]) -> bool:
    """Return whether a document is among those named: by its id, with or without suffix and folder."""
    path = PurePosixPath(document_id)
    named = {document_id, str(path.with_suffix("")), path.name, path.stem}
    return not wanted or not named.isdisjoint(wanted)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
