"""How an answer of a comparison came about: what was retrieved, the prompt, and what the model said first."""

import json
from collections.abc import Iterator
from dataclasses import replace

from lorewright.access import Caller
from lorewright.agents.packed_turns import whole_outputs
from lorewright.evaluation import Comparison, Row, from_json, to_json
from lorewright.flows import Answer
from lorewright.flows.answer_trace import trace_of, trace_of_evidence
from lorewright.flows.evidence import AnswerEvidence, evidence_of
from lorewright.workspace.comparisons.bundled import find_bundled_evidence
from lorewright.workspace.comparisons.listing import find_comparison
from lorewright.workspace.domain.workspace import Workspace


def find_evidence(
    workspace: Workspace, caller: Caller, comparison_id: str, arm: str, question_id: str
) -> AnswerEvidence | None:
    """Return how an answer came about, or `None` where only the answer was kept."""
    caller.need("read")
    comparison = find_comparison(workspace, caller, comparison_id)
    report = comparison.report(arm)
    row = next((row for row in report.rows if row.question_id == question_id), None) if report else None
    if row is None:
        return None
    for answer in _answers(workspace, comparison, arm, row):
        trace = {**whole_outputs(trace_of(answer)), "provenance": to_json(answer.provenance)}
        return replace(evidence_of(answer), trace=trace)
    bundled = find_bundled_evidence(comparison_id, arm, question_id)
    if bundled is None:
        return None
    evidence = from_json(AnswerEvidence, bundled)
    return replace(evidence, trace={**trace_of_evidence(evidence), "provenance": {}})


def _answers(workspace: Workspace, comparison: Comparison, arm: str, row: Row) -> Iterator[Answer]:
    """Yield answers of the job that measured a comparison: those that say what the row says."""
    for job in workspace.queue.all(kind="compare", state="finished"):
        if isinstance(job.result, dict) and job.result.get("comparison") == comparison.id:
            results = workspace.queue.step_results(job.id, f"answer/{arm}/", f"/{row.question_id}")
            for _, result in results:
                answer = from_json(Answer, json.loads(result)["answer"])
                if answer.text == row.text:
                    yield answer
