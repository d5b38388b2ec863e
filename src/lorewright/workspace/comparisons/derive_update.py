"""An update drill from a folder: the documents as they will be, and the questions that this changes."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lorewright.access import Caller
from lorewright.documents import find_files
from lorewright.errors import InUse, NothingMeasured, UserError
from lorewright.evaluation import Question, question_to_json
from lorewright.evaluation.derived_update import about_the_change
from lorewright.whole_files import write_whole
from lorewright.workspace.dataset.material import held_out_questions
from lorewright.workspace.documents.reader import document_reader
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import need_all_documents
from lorewright.workspace.domain.workspace import Workspace

DERIVED = "derived.txt"
"""Marks an update that was derived: only such a one is replaced."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DerivedUpdate:
    """What a folder changes: documents by id, and how many questions have another answer for it."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    n_questions: int


def derive_update(workspace: Workspace, caller: Caller, folder: Path) -> DerivedUpdate:
    """Lay out the domain's update from a folder with its documents as they will be; return what it changes.

    A held-out question that names a changed document, and whose short answer stood there and does so no
    more, is asked about the value that took its place. Raises `NothingMeasured` where there is none,
    `InUse` where the domain has an update that somebody wrote.
    """
    caller.need("evaluate")
    need_all_documents(workspace, caller)
    if not folder.is_dir():
        raise UserError(f"No folder at {folder}.", hint="Name a folder with the new documents.")
    target = workspace.update_folder
    if target.exists() and not (target / DERIVED).is_file():
        raise InUse(f"{target.name}/ holds an update already.", hint="Move it away, or run without --update.")
    texts = _texts(workspace, folder)
    old = {
        name: document.text
        for name in workspace.documents.states()
        if (document := workspace.documents.find(name))
    }
    changed = [name for name, (_, text) in texts.items() if text != old.get(name)]
    own = workspace.documents_folder
    removed = sorted(name for name in old.keys() - texts.keys() if (own / name).is_file())
    questions = list(_questions(held_out_questions(workspace, caller), old, texts))
    if not questions:
        raise NothingMeasured(
            f"{len(changed)} documents changed, and no held-out question has another answer for it.",
            hint="Add questions with short answers and the document_ids of the pages that change.",
        )
    _lay_out(target, {name: texts[name][0] for name in changed}, removed, questions)
    audit(workspace, caller, Act.UPDATE_DERIVED, folder.name, changed=len(changed), questions=len(questions))
    return DerivedUpdate(changed=tuple(changed), removed=tuple(removed), n_questions=len(questions))


def _texts(workspace: Workspace, folder: Path) -> dict[str, tuple[Path, str]]:
    """Return the file and the text of every document in a folder, by its id."""
    with document_reader(workspace.settings.documents) as reader:
        return {
            name: (path, reader.read(path, document_id=name).text)
            for path in find_files(folder)
            for name in [path.relative_to(folder).as_posix()]
        }


def _questions(
    questions: list[Question], old: Mapping[str, str], new: Mapping[str, tuple[Path, str]]
) -> Iterator[Question]:
    for question in questions:
        for name in question.document_ids:
            if name in old and name in new and (about := about_the_change(question, old[name], new[name][1])):
                yield about
                break


def _lay_out(
    target: Path, changed: Mapping[str, Path], removed: list[str], questions: list[Question]
) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for name, path in changed.items():
        place = target / "documents" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    (target / "documents").mkdir(parents=True, exist_ok=True)
    write_whole(target / "removed.txt", "".join(f"{name}\n" for name in removed))
    lines = (json.dumps(question_to_json(question), ensure_ascii=False) for question in questions)
    write_whole(target / "questions.jsonl", "".join(f"{line}\n" for line in lines))
    write_whole(target / DERIVED, "Derived by: lorewright compare --update\n")
