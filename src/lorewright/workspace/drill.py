"""The update drill: facts change in a copy of the index, and every arm is asked about them again."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lorewright.documents import DocumentReader, find_files
from lorewright.evaluation import Question, read_questions
from lorewright.flows import Answer, Flow
from lorewright.jobs import Steps
from lorewright.knowledge import Collection
from lorewright.workspace.measure import ask_all, retrieves
from lorewright.workspace.parts import DomainParts
from lorewright.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Drilled:
    """What an arm answered before and after the facts changed, by question id.

    `add_seconds` is how long each changed document took to be findable, by document id.
    """

    before: Mapping[str, Answer]
    after: Mapping[str, Answer]
    add_seconds: Mapping[str, float]


def has_drill(workspace: Workspace) -> bool:
    """Return whether the domain says which facts change: update/documents and update/questions."""
    return (workspace.update_folder / "documents").is_dir()


def drill_questions(workspace: Workspace) -> list[Question]:
    """Return the questions whose answers the update changes: update/questions/ or update/questions.jsonl."""
    folder, file = workspace.update_folder / "questions", workspace.update_folder / "questions.jsonl"
    return read_questions(folder if folder.is_dir() else file)


def drill(
    workspace: Workspace, flows: Sequence[Flow], questions: Sequence[Question], steps: Steps
) -> dict[str, Drilled]:
    """Return what every arm answered before and after the changed documents were added.

    The domain's own index stays as it is: the change happens in a copy of it.
    """
    folder = workspace.state_folder / "drill"
    shutil.rmtree(folder, ignore_errors=True)
    if workspace.documents.count():
        shutil.copytree(workspace.state_folder / "index", folder)
    copy = workspace.open_collection(folder)
    retrieving = [flow for flow in flows if retrieves(flow)]
    before_parts, after_parts = DomainParts(workspace), DomainParts(workspace, copy)
    before = {
        flow.name: ask_all(
            flow, questions, before_parts, steps, label=f"before the update: {flow.name}"
        ).answers
        for flow in flows
    }
    seconds = _apply(workspace.update_folder / "documents", copy)
    add_seconds = steps.once("drill/add_seconds", lambda: seconds)
    after = dict(before)  # what does not look into documents answers as before
    for flow in retrieving:
        asked = ask_all(flow, questions, after_parts, steps, label=f"after the update: {flow.name}")
        after[flow.name] = asked.answers
    shutil.rmtree(folder, ignore_errors=True)
    return {flow.name: Drilled(before[flow.name], after[flow.name], add_seconds) for flow in flows}


def _apply(changed: Path, collection: Collection) -> dict[str, float]:
    """Add every changed document, one at a time, and return the seconds each took to be findable."""
    seconds: dict[str, float] = {}
    with DocumentReader() as reader:
        for path in find_files(changed):
            begun = time.perf_counter()
            name = path.relative_to(changed).as_posix()
            collection.add([reader.read(path, document_id=name)])
            seconds[name] = time.perf_counter() - begun
    return seconds
