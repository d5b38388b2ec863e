"""The chunk that a completion was written from."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from lorewright.datasets import Example
from lorewright.knowledge import Hit, unsupported

N_SEARCHED = 20
MIN_SUPPORT = 0.5  # of a completion's claims, where the example names no document
MIN_OVERLAP = 0.6  # of its words, where it makes no claims

Search = Callable[[str], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Gold:
    """The hit that supports a completion best, and the ids of all chunks that do it as well."""

    hit: Hit
    chunk_ids: frozenset[str]


def find_gold(example: Example, *, query: str, search: Search, style_words: frozenset[str]) -> Gold | None:
    """Return the chunk that supports the example's completion best; `None` where none does.

    Looked for among the hits for the query and for the completion, in the example's own documents
    where it names them. Numbers, dates and names count first, shared words decide ties.
    """
    found = {hit.chunk.id: hit for text in (query, example.completion) for hit in reversed(search(text))}
    hits = [hit for hit in found.values() if _is_of(hit.chunk.document_id, example.document_ids)]
    if not hits:
        return None
    n_claims = len(unsupported(example.completion, [], allowed=style_words))
    words = _words(example.completion) - style_words
    support = {hit.chunk.id: _support(hit, example.completion, n_claims, words, style_words) for hit in hits}
    best = max(support.values())
    n_supported, overlap = best
    if example.document_ids:
        is_gold = n_supported > 0 or overlap > 0
    else:
        is_gold = n_supported >= MIN_SUPPORT * n_claims if n_claims else overlap >= MIN_OVERLAP
    if not is_gold:
        return None
    as_good = [hit for hit in hits if support[hit.chunk.id] == best]
    return Gold(min(as_good, key=lambda hit: hit.rank), frozenset(hit.chunk.id for hit in as_good))


def _support(
    hit: Hit, completion: str, n_claims: int, words: set[str], style_words: frozenset[str]
) -> tuple[int, float]:
    """Return how many claims of the completion the chunk holds, and which share of its words."""
    read = f"{hit.chunk.document_id}\n{hit.chunk.context}"
    n_missing = len(unsupported(completion, [read], allowed=style_words))
    return n_claims - n_missing, len(words & _words(read)) / (len(words) or 1)


def _is_of(document_id: str, wanted: Sequence[str]) -> bool:
    """Return whether a document is among those named: by its id, with or without suffix and folder."""
    path = PurePosixPath(document_id)
    return not wanted or not {document_id, str(path.with_suffix("")), path.name, path.stem}.isdisjoint(wanted)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
