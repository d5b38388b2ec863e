"""Citation markers that a model writes into its text: [1], [2, 3]."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lorewright.knowledge.citation import cite
from lorewright.knowledge.hit import Citation, Hit

_MARKER = r"\[\d{1,2}(?:\s*,\s*\d{1,2})*\](?!\()"
_MARKERS = re.compile(rf"^(?:[ \t]*{_MARKER})+[ \t]*|(?:[ \t]*{_MARKER})+", re.MULTILINE)
MARKER = re.compile(rf"[ \t]*{_MARKER}")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def cited_by_markers(
    text: str, hits: Sequence[Hit], *, question: str = ""
) -> tuple[str, tuple[Citation, ...]]:
    """Return the text without its markers, and what they cite.

    A marker speaks for the text since the one before it, or at the start for the text after it.
    In its chunk the citation is as tight as what supports that text. Markers of chunks that do
    not exist are dropped; code is left alone.
    """
    code = [marker.span() for marker in _CODE.finditer(text)]
    plain = ""
    citations: list[Citation] = []
    end = since = 0
    for marker in _MARKERS.finditer(text):
        if any(start < marker.end() and marker.start() < stop for start, stop in code):
            continue
        plain = (plain + text[end : marker.start()]).lstrip()
        sentence = plain[since:].strip() or text[marker.end() :]
        numbers = dict.fromkeys(map(int, re.findall(r"\d+", marker.group())))
        citations += [
            _citation(sentence, number, hits[number - 1], len(plain.rstrip()), question)
            for number in numbers
            if 1 <= number <= len(hits)
        ]
        end, since = marker.end(), len(plain)
    return (plain + text[end:]).strip(), tuple(citations)


def has_marker(text: str) -> bool:
    """Return whether a text holds a citation marker; in code a bracket is no marker."""
    return _MARKERS.search(_CODE.sub("", text)) is not None


def _citation(sentence: str, number: int, hit: Hit, position: int, question: str) -> Citation:
    """Return the place in the chunk that supports what was said, or the whole chunk."""
    chunk = hit.chunk
    whole = Citation(
        number=number,
        document_id=chunk.document_id,
        title=chunk.title,
        start=chunk.start,
        end=chunk.end,
        quote=chunk.text,
        position=position,
        page=chunk.page,
        heading_path=chunk.heading_path,
    )
    tightest = max(
        cite(sentence, [hit], question=question), key=lambda citation: len(citation.quote), default=whole
    )
    return replace(tightest, number=number, position=position)
