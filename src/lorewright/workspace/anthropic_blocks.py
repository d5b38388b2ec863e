"""A flow's answer as blocks of text in the words of Anthropic's API, each with its citations."""

from typing import Any

from lorewright.flows import Answer
from lorewright.knowledge import Citation
from lorewright.knowledge.words import sentences


def cited_blocks(answer: Answer) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the texts that make up an answer's text, each with the citations that support it.

    A sentence with citations is a block of its own. Documents are numbered as they are cited.
    """
    numbers: dict[str, int] = {}
    for citation in answer.citations:
        numbers.setdefault(citation.document_id, len(numbers))
    blocks: list[tuple[str, list[dict[str, Any]]]] = []
    begun = 0
    for start, end in sentences(answer.text):
        cited = [one for one in answer.citations if start < one.position <= end]
        if cited:
            blocks += [(answer.text[begun:start], [])] if begun < start else []
            blocks.append((answer.text[start:end], [_location(one, numbers) for one in cited]))
            begun = end
    return [*blocks, (answer.text[begun:], [])] if begun < len(answer.text) or not blocks else blocks


def _location(citation: Citation, numbers: dict[str, int]) -> dict[str, Any]:
    """Return where in a document a citation is: character offsets into its text."""
    return {
        "type": "char_location",
        "cited_text": citation.quote,
        "document_index": numbers[citation.document_id],
        "document_title": citation.title or citation.document_id,
        "file_id": None,
        "start_char_index": citation.start,
        "end_char_index": citation.end,
        "lorewright": {
            "document": citation.document_id,
            "url": f"/lorewright/v1/documents/{citation.document_id}#{citation.start}-{citation.end}",
            "page": citation.page,
        },
    }
