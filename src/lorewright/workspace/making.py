"""How an answer of a comparison came about: what was retrieved, the prompt, and what the model said first."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lorewright.evaluation import Comparison, Row, from_json
from lorewright.flows import Answer
from lorewright.knowledge import Hit
from lorewright.workspace.comparison_list import find_comparison
from lorewright.workspace.measured_file import find_bundled_making
from lorewright.workspace.workspace import Workspace

_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Making:
    """What stood before the model, and what it said before claims without support were withheld.

    `draft` is empty where it is what was answered.
    """

    hits: tuple[Hit, ...]
    prompt: tuple[Mapping[str, str], ...]
    draft: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)


def find_making(workspace: Workspace, comparison_id: str, arm: str, question_id: str) -> Making | None:
    """Return how an answer came about, or `None` where only the answer was kept."""
    comparison = find_comparison(workspace, comparison_id)
    report = comparison.report(arm)
    row = next((row for row in report.rows if row.question_id == question_id), None) if report else None
    if row is None:
        return None
    for answer in _answers(workspace, comparison, arm, row):
        return making_of(answer)
    bundled = find_bundled_making(comparison_id, arm, question_id)
    return None if bundled is None else from_json(Making, bundled)


def making_of(answer: Answer) -> Making:
    """Return what an answer's trace says of how it came about."""
    draft = _draft(answer.trace)
    return Making(
        hits=answer.hits,
        prompt=tuple(_prompt(answer.trace)),
        draft=draft if _bare(draft) != _bare(answer.text) else "",
        timings_ms=answer.timings_ms,
    )


def _bare(text: str) -> str:
    """Return a text without the marks that cite: they leave the answer, and that changes nothing."""
    return " ".join(_MARK.sub("", text).split())


def _answers(workspace: Workspace, comparison: Comparison, arm: str, row: Row) -> Iterator[Answer]:
    """Yield answers of the job that measured a comparison: those that say what the row says."""
    for job in workspace.queue.all(kind="compare", state="finished"):
        if isinstance(job.result, dict) and job.result.get("comparison") == comparison.id:
            found = workspace.queue.step_results(job.id, f"answer/{arm}/", f"/{row.question_id}")
            for _, result in found:
                answer = from_json(Answer, json.loads(result)["answer"])
                if answer.text == row.text:
                    yield answer


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
