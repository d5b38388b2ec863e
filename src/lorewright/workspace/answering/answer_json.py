"""A flow's answer in the words of OpenAI's API: its citations, its usage, and what made it."""

from typing import Any

from lorewright.flows import Answer
from lorewright.flows.answer_trace import labels_of
from lorewright.flows.evidence import TOOL
from lorewright.knowledge import Citation
from lorewright.models import usage_json


def annotations(answer: Answer) -> list[dict[str, Any]]:
    """Return an answer's citations as annotations of its text."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": 0,
                "end_index": citation.position,
                "title": citation.document_id,
                "url": _url(citation),
                "quote": citation.quote,
                "page": citation.page,
            },
        }
        for citation in answer.citations
    ]


def refusal_json(answer: Answer) -> dict[str, Any]:
    """Return whether an answer was refused, and then the passage that comes closest, which may not answer."""
    nearest = [
        {
            "title": citation.document_id,
            "url": _url(citation),
            "quote": citation.quote,
            "page": citation.page,
        }
        for citation in answer.nearest
    ]
    return {"refused": answer.refused} | ({"nearest": nearest} if nearest else {})


def _url(citation: Citation) -> str:
    """Return where a cited passage can be read; what a tool said can be read nowhere again."""
    if citation.document_id.startswith(TOOL):
        return citation.document_id
    return f"/lorewright/v1/documents/{citation.document_id}#{citation.start}-{citation.end}"


def provenance(answer: Answer) -> dict[str, Any]:
    """Return what made an answer."""
    made_by = answer.provenance
    return {
        "model": made_by.model, "weights": made_by.weights, "adapter": made_by.adapter,
        "index_version": made_by.index_version, "prompt_hash": made_by.prompt_hash,
        "flow_hash": made_by.flow_hash, "seed": made_by.seed,
    }  # fmt: skip


def label_probabilities(answer: Answer) -> dict[str, Any]:
    """Return the likeliest labels of every field where a classifier answered; nothing elsewhere.

    The examples behind them are in the trace, for those who may see it.
    """
    told = [{name: value for name, value in one.items() if name != "nearest"} for one in labels_of(answer)]
    return {"labels": told} if told else {}


def usage_of(answer: Answer) -> dict[str, Any]:
    """Return the tokens an answer took."""
    return usage_json(answer.usage)
