"""Which held-out questions a comparison asks: all, some of them, those with a tag, those of a file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.datasets.rows import find_example_files
from lorewright.errors import InvalidExamples, NothingMeasured, UnknownName
from lorewright.evaluation import Question, read_questions, tags_of
from lorewright.workspace.dataset.at_hand import material_at_hand_for
from lorewright.workspace.domain.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOut:
    """What there is to choose from: how many questions in all, by tag and by file.

    `n_unanswerable` are those that a refusal is right for. `is_from_examples` says that they are
    examples held out, because the domain has no questions of its own.
    """

    n: int
    n_unanswerable: int
    tags: Mapping[str, int]
    files: Mapping[str, int]
    is_from_examples: bool


def held_out(workspace: Workspace, caller: Caller) -> HeldOut:
    """Return which held-out questions a caller may choose from."""
    questions = material_at_hand_for(workspace, caller).questions
    ids = {question.id for question in questions}
    counts = {name: len(ids_of_file & ids) for name, ids_of_file in _by_file(workspace).items()}
    files = {name: n for name, n in counts.items() if n}
    return HeldOut(
        n=len(questions),
        n_unanswerable=sum(not question.answerable for question in questions),
        tags=dict(Counter(tag for question in questions for tag in tags_of(question.metadata)).most_common()),
        files=files,
        is_from_examples=bool(questions) and not files,
    )


def count_held_out(workspace: Workspace, caller: Caller) -> int:
    """Return how many questions a comparison could ask, those held out from the examples included."""
    caller.need("read")
    return len(material_at_hand_for(workspace, caller).questions)


def comparison_order(
    arms: Sequence[str] | None,
    *,
    limit: int,
    tags: Sequence[str] = (),
    file: str = "",
    is_drilled: bool = True,
) -> dict[str, Any]:
    """Return the order of a comparison; the same wish gives the same order, so that a job goes on."""
    order: dict[str, Any] = {"arms": list(arms) if arms else None, "limit": limit, "is_drilled": is_drilled}
    if tags:
        order["tags"] = sorted(set(tags))
    if file:
        order["file"] = file
    return order


def chosen_questions(
    workspace: Workspace, questions: Sequence[Question], order: Mapping[str, Any]
) -> list[Question]:
    """Return the questions that an order names by `file`, `tags` and `limit`; all where it names none.

    Raises `UnknownName` for a file that is not there, and `NothingMeasured` where none is left.
    """
    kept = list(questions)
    if file := order.get("file"):
        kept = [question for question in kept if question.id in _ids_in(workspace, str(file))]
    if tags := set(order.get("tags") or ()):
        kept = [question for question in kept if tags & set(tags_of(question.metadata))]
        if not kept:
            raise NothingMeasured(
                f"No held-out question has the tag {', '.join(sorted(tags))}.",
                hint="Add tags to a question, as `tags` or in `meta`.",
            )
    return choose_questions(kept, order["limit"])


def _ids_in(workspace: Workspace, name: str) -> frozenset[str]:
    files = _by_file(workspace)
    if name not in files:
        raise UnknownName(
            f"No file of held-out questions named {name!r}.",
            hint=f"Available: {', '.join(files)}.",
        )
    return files[name]


def _by_file(workspace: Workspace) -> dict[str, frozenset[str]]:
    """Return the ids of the questions by file; a file that cannot be read whole counts what it holds."""
    folder: Path = workspace.questions_folder
    return {
        path.relative_to(folder).as_posix(): frozenset(
            question.id for question in read_questions(path, on_bad_line=_leave_out)
        )
        for path in find_example_files(folder)
    }


def _leave_out(_bad: InvalidExamples) -> None:
    """Count what can be read: measuring reads the files again, and says which line is wrong."""


def choose_questions(questions: Sequence[Question], limit: int) -> list[Question]:
    """Return at most `limit` questions, always the same ones; 0 means all.

    They are chosen by a hash of their id, so that answerable and unanswerable ones, and the
    kinds of question, come in the shares they have.
    """
    if not questions:
        raise NothingMeasured(
            "No held-out questions to measure on.",
            hint="Add questions with answers to questions/, or examples to examples/.",
        )
    ranked = sorted(questions, key=lambda question: blake2b(question.id.encode()).digest())
    return ranked[: limit or None]
