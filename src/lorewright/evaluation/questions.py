"""Held-out questions from files and from examples."""

from collections.abc import Container, Iterable
from dataclasses import replace
from pathlib import Path

from lorewright.datasets import Example
from lorewright.datasets.rows import OnBadLine, find_example_files, refuse, rows
from lorewright.errors import InvalidExamples
from lorewright.evaluation.question import Question
from lorewright.evaluation.question_json import STALE_KEYS, question_from_json, texts_under


def read_questions(folder: Path, *, on_bad_line: OnBadLine = refuse) -> list[Question]:
    """Return the questions in a file or a folder (.jsonl, .json, .csv, .tsv), in order of the files.

    A folder that does not exist holds no questions. A line that cannot be understood goes to
    `on_bad_line` as an `InvalidExamples` that names it, and is left out if that returns.
    """
    questions: dict[str, Question] = {}
    for path in find_example_files(folder):
        for where, row in rows(path, on_bad_line):
            try:
                _keep(question_from_json(row), questions)
            except InvalidExamples as error:
                on_bad_line(InvalidExamples(f"{where}: {error}", hint=error.hint))
    return list(questions.values())


def questions_from(examples: Iterable[Example]) -> list[Question]:
    """Return examples as held-out questions; the completion is the target."""
    return [
        Question(
            id=example.id,
            conversation=example.prompt,
            targets=(example.completion,),
            answerable=example.answerable,
            stale_targets=texts_under(STALE_KEYS, example.metadata),
            document_ids=example.document_ids,
            metadata=example.metadata,
        )
        for example in examples
    ]


def unknown_documents(questions: Iterable[Question], known: Container[str]) -> tuple[str, ...]:
    """Return the documents that questions name as holding their answer and that are not there."""
    named = dict.fromkeys(name for question in questions for name in question.document_ids)
    return tuple(name for name in named if name not in known)


def _keep(question: Question, questions: dict[str, Question]) -> None:
    """Add the question; asked twice, it is one question, and both answers and documents are right."""
    first = questions.setdefault(question.id, question)
    if first.conversation != question.conversation:
        raise InvalidExamples(
            f"the id {question.id!r} is already used by another question.",
            hint="Give every question a unique id, or none.",
        )
    targets = tuple(dict.fromkeys((*first.targets, *question.targets)))
    documents = tuple(dict.fromkeys((*first.document_ids, *question.document_ids)))
    metadata = {**question.metadata, **first.metadata}
    questions[question.id] = replace(first, targets=targets, document_ids=documents, metadata=metadata)
