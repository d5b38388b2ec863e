"""Whether all chunks of a document are in an index, none of them twice: each says how many there are."""

from collections import Counter
from collections.abc import Iterable, Sequence

from lorewright.documents import Document
from lorewright.knowledge.index import Embedded


def marks_of(documents: Sequence[Document], parts: Sequence[Embedded]) -> dict[str, str]:
    """Return by the id of each document what is written on its chunks, of which all are in these parts."""
    numbers = Counter(chunk.document_id for part in parts for chunk in part.chunks)
    return {document.id: counted(document.text_hash, numbers[document.id]) for document in documents}


def mark_of_part(
    document: Document, parts: Sequence[Embedded], *, n_before: int, is_last: bool
) -> dict[str, str]:
    """Return by a long document's id what is written on a part of its chunks, behind `n_before`."""
    n_chunks = n_before + sum(len(part.chunks) for part in parts)
    return {document.id: counted(document.text_hash, n_chunks) if is_last else ""}


def counted(text_hash: str, n_chunks: int) -> str:
    """Return what is written on the chunks of a document: the hash of its text, and how many they are."""
    return f"{text_hash}:{n_chunks}"


def whole_hashes(found: Iterable[tuple[str, str, int]]) -> dict[str, str]:
    """Return the hash of every document's text, in the order of ids, '' for one that is not whole.

    `found` tells the id of a document, what is written on some of its chunks, and how many chunks these
    are. Nothing is written on all but the last part of a long document. Not whole are one of which
    chunks of two texts are in, and one of which too few are, or too many: what two processes may leave
    that wrote it at once, or one that was killed.
    """
    marks: dict[str, set[str]] = {}
    numbers: dict[str, int] = {}
    for document_id, mark, n_chunks in found:
        marks.setdefault(document_id, set()).add(mark)
        numbers[document_id] = numbers.get(document_id, 0) + n_chunks
    return {known: _hash_of(marks[known] - {""}, numbers[known]) for known in sorted(marks)}


def _hash_of(marks: set[str], n_chunks: int) -> str:
    if len(marks) != 1:
        return ""
    text_hash, _, wanted = marks.pop().partition(":")
    return text_hash if wanted in ("", str(n_chunks)) else ""  # an earlier release wrote no number
