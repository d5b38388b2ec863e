"""How an answer came about: what was retrieved, the prompt, and what the model said first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lorewright.flows.answer import Answer
from lorewright.knowledge import Hit

TOOL = "tool:"
"""How the id of a hit begins that is no document but what a tool said: `tool:SERVER/TOOL`."""
_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerEvidence:
    """What stood before the model, and what it said before claims without support were withheld.

    `draft` is empty where it is what was answered; `trace` is all of it node by node, as JSON.
    """

    hits: tuple[Hit, ...]
    prompt: tuple[Mapping[str, str], ...]
    draft: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    trace: Mapping[str, Any] = field(default_factory=dict)

    @property
    def bare_draft(self) -> str:
        """Return the draft without the marks that cite."""
        return _MARK.sub("", self.draft)


def evidence_of(answer: Answer) -> AnswerEvidence:
    """Return what an answer's trace says of how it came about."""
    draft = _draft(answer.trace)
    return AnswerEvidence(
        hits=answer.hits,
        prompt=tuple(_prompt(answer.trace)),
        draft=draft if _bare(draft) != _bare(answer.text) else "",
        timings_ms=answer.timings_ms,
    )


def documents_of(answer: Answer) -> set[str]:
    """Return the ids of all documents that were found for an answer, by whichever node."""
    cited = {citation.document_id for citation in answer.citations}
    hits = {hit.chunk.document_id for hit in answer.hits}
    return {name for name in (*cited, *hits, *_named(answer.trace)) if not name.startswith(TOOL)}


def _named(value: Any) -> Iterator[str]:
    """Yield the ids of documents in a trace, however deep they stand."""
    if isinstance(value, Mapping):
        if isinstance(value.get("document_id"), str):
            yield value["document_id"]
        for inner in value.values():
            yield from _named(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _named(inner)


def _bare(text: str) -> str:
    """Return a text without the marks that cite: they leave the answer, and that changes nothing."""
    return " ".join(_MARK.sub("", text).split())


def _prompt(trace: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for put_out in trace.values():
        if isinstance(put_out, Mapping) and isinstance(put_out.get("messages"), list):
            for message in put_out["messages"]:
                yield {"role": str(message["role"]), "content": str(message["content"])}
            return


def _draft(trace: Mapping[str, Any]) -> str:
    """Return what the first node that wrote a text wrote."""
    for put_out in trace.values():
        draft = put_out.get("draft") if isinstance(put_out, Mapping) else None
        if isinstance(draft, Mapping):
            return str(draft.get("text", ""))
    return ""
