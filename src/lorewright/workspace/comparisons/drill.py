"""The update drill: facts change in a copy of the index, and every arm is asked about them again."""

import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

from lorewright.access import Caller
from lorewright.documents import find_files
from lorewright.evaluation import (
    DrillRow,
    DrillSummary,
    Question,
    ScoringContext,
    UpdateDrill,
    drill_row,
    questions_about,
    read_questions,
    summarise,
)
from lorewright.flows import Answer, Flow, adapters_of, retrieves
from lorewright.jobs import Steps
from lorewright.knowledge import Collection
from lorewright.knowledge.index_location import current_place
from lorewright.knowledge.reader_view import ReaderView
from lorewright.workspace.comparisons.asking import ask_all
from lorewright.workspace.dataset.question_choice import choose_questions
from lorewright.workspace.documents.reader import document_reader
from lorewright.workspace.documents.site_frames import SiteFrames
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.parts import DomainParts


def drill(
    workspace: Workspace, caller: Caller, flows: Sequence[Flow], context: ScoringContext, steps: Steps
) -> UpdateDrill | None:
    """Return what changed facts do to every arm, or `None` where the domain has no update.

    The update is `update/documents/`, pages under the ids of those they replace,
    `update/removed.txt`, ids of pages that go, one a line, and `update/questions/` or
    `update/questions.jsonl`. The domain's own index stays as it is. Only questions about what
    changed count; those about other pages are asked, too, and shown.
    """
    changed, removed = workspace.update_folder / "documents", _removed(workspace)
    if not changed.is_dir() and not removed:
        return None
    questions = _questions(workspace)
    before = {flow.name: _ask(workspace, caller, flow, questions, None, steps) for flow in flows}
    copy = _copy_of_index(workspace)
    seconds = _apply(workspace, changed, removed, copy)
    add_seconds = steps.once("drill/add_seconds", lambda: seconds)
    after = {  # what does not look into documents answers as before
        flow.name: _ask(workspace, caller, flow, questions, copy, steps)
        if retrieves(flow)
        else before[flow.name]
        for flow in flows
    }
    shutil.rmtree(workspace.state_folder / "drill", ignore_errors=True)
    rows = {
        flow.name: [
            drill_row(question, before[flow.name][question.id], after[flow.name][question.id], context)
            for question in questions
        ]
        for flow in flows
    }
    counted = {question.id for question in questions_about(questions, tuple(add_seconds))}
    return UpdateDrill(
        document_ids=tuple(add_seconds),
        rows=tuple(row for flow in flows for row in rows[flow.name]),
        summaries=tuple(
            _summary(
                workspace,
                flow,
                [row for row in rows[flow.name] if row.question_id in counted],
                _arrival(rows[flow.name], questions, after[flow.name], add_seconds),
            )
            for flow in flows
        ),
    )


def _questions(workspace: Workspace) -> list[Question]:
    folder, file = workspace.update_folder / "questions", workspace.update_folder / "questions.jsonl"
    questions = read_questions(folder if folder.is_dir() else file)
    return choose_questions(questions, workspace.settings.evaluation.drill_limit)


def _copy_of_index(workspace: Workspace) -> Collection:
    folder = workspace.state_folder / "drill"
    shutil.rmtree(folder, ignore_errors=True)
    index = current_place(workspace.state_folder / "index")
    if workspace.settings.retrieval.index:  # on another machine, where nothing is tried out
        collection = workspace.open_collection(folder)
        found = (workspace.documents.find(name) for name in workspace.documents.states())
        collection.add(document for document in found if document is not None)
        return collection
    if workspace.documents.count():
        shutil.copytree(index, folder)
    return workspace.open_collection(folder)


def _removed(workspace: Workspace) -> list[str]:
    """Return the ids of the documents that the update removes."""
    file = workspace.update_folder / "removed.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [name for line in lines if (name := line.strip()) and not name.startswith("#")]


def _apply(
    workspace: Workspace, changed: Path, removed: Sequence[str], collection: Collection
) -> dict[str, float]:
    """Add every changed document and remove the others, one at a time; return the seconds each took."""
    seconds: dict[str, float] = {}
    frames = SiteFrames(workspace)
    with document_reader(workspace.settings.documents) as reader:
        for path in find_files(changed) if changed.is_dir() else ():
            started = time.perf_counter()
            name = path.relative_to(changed).as_posix()
            collection.add([frames.own(reader.read(path, document_id=name))])
            seconds[name] = time.perf_counter() - started
    for name in removed:
        started = time.perf_counter()
        collection.remove([name])
        seconds[name] = time.perf_counter() - started
    return seconds


def _ask(
    workspace: Workspace,
    caller: Caller,
    flow: Flow,
    questions: Sequence[Question],
    copy: Collection | None,
    steps: Steps,
) -> Mapping[str, Answer]:
    moment = "before" if copy is None else "after"
    view = ReaderView(copy, readable(workspace, caller)) if copy else None
    parts = DomainParts(workspace, caller, view)
    arm_answers = ask_all(flow, questions, parts, steps, label=f"{moment} the update: {flow.name}")
    workspace.close_engines()
    return arm_answers.answers


def _arrival(
    rows: Sequence[DrillRow],
    questions: Sequence[Question],
    answers: Mapping[str, Answer],
    add_seconds: Mapping[str, float],
) -> float | None:
    """Return the mean seconds from a changed document to the first right answer about it."""
    right = {row.question_id for row in rows if row.outcome == "right"}
    times = [
        max(add_seconds.get(name, 0.0) for name in question.document_ids)
        + answers[question.id].latency_ms / 1000
        for question in questions
        if question.id in right and question.document_ids
    ]
    return mean(times) if times else None


def _summary(
    workspace: Workspace, flow: Flow, rows: Sequence[DrillRow], arrival: float | None
) -> DrillSummary:
    """Return what the changes did to an arm; one that does not retrieve has to be tuned again at least."""
    tuned = [metrics for adapter in adapters_of(flow) if adapter and (metrics := workspace.tuned(adapter))]
    seconds = sum(metrics.seconds for metrics in tuned)
    return summarise(
        flow.name,
        rows,
        update_seconds=arrival if retrieves(flow) else seconds if tuned else None,
        is_lower_bound=not retrieves(flow),
        seed=workspace.settings.tuning.seed,
    )
