"""Held-out questions in the forms people write them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lorewright.datasets import Example
from lorewright.errors import InvalidExamples
from lorewright.evaluation import (
    Question,
    question_from_json,
    question_to_json,
    questions_from,
    read_questions,
    unknown_documents,
)
from lorewright.messages import Message


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def test_every_common_form_is_read(tmp_path: Path) -> None:
    write(
        tmp_path / "a.jsonl",
        {"id": "q1", "question": "End of 1.0?", "answers": ["2025-01-01"], "doc_ids": ["one"]},
        {"messages": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Hello."}]},
        {"question": "Price?", "answers": [], "answerable": False},
        {
            "history": [{"role": "user", "content": "Plesk?"}, {"role": "assistant", "content": "Yes?"}],
            "question": "Until when?",
            "answer": "2026",
            "meta": {"stale_answer": "2025"},
        },
    )
    (tmp_path / "b.csv").write_text('question,answer,answerable\n"Who, exactly?",Ada,true\n', "utf-8")

    first, chat, no_answer, later, table = read_questions(tmp_path)

    assert (first.id, first.text, first.targets) == ("q1", "End of 1.0?", ("2025-01-01",))
    assert first.document_ids == ("one",)
    assert (chat.text, chat.targets) == ("Hi?", ("Hello.",))
    assert not no_answer.answerable
    assert [turn.content for turn in later.conversation] == ["Plesk?", "Yes?", "Until when?"]
    assert (later.targets, later.stale_targets) == (("2026",), ("2025",))
    assert (table.text, table.targets) == ("Who, exactly?", ("Ada",))


def test_a_broken_line_is_named_and_the_rest_usable_on_request(tmp_path: Path) -> None:
    path = write(
        tmp_path / "q.jsonl", {"question": "A?", "answer": "a"}, "{oops", {"question": "B?", "answer": "b"}
    )
    with pytest.raises(InvalidExamples, match=r"q\.jsonl, line 2: '\{oops' is not valid JSON"):
        read_questions(path)

    seen: list[InvalidExamples] = []
    questions = read_questions(path, on_bad_line=seen.append)

    assert [question.text for question in questions] == ["A?", "B?"]
    assert [error.hint != "" for error in seen] == [True]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "End of 1.0?"}, "line 1: the question 'End of 1.0' has no answer".replace("0'", "0?'")),
        ({"frage": "Ende?"}, "line 1: no question found in the keys frage"),
        ({"question": "A?", "answer": "a", "answerable": "perhaps"}, "answerable is 'perhaps'"),
        ({"messages": [{"role": "assistant", "content": "Hi"}]}, "do not end with a user message"),
        ({"messages": "hello"}, "messages are 'hello'"),
    ],
)
def test_a_row_that_is_no_question_says_why(tmp_path: Path, row: object, message: str) -> None:
    with pytest.raises(InvalidExamples) as refused:
        read_questions(write(tmp_path / "q.jsonl", row))
    assert message in str(refused.value)
    assert refused.value.hint


def test_one_id_for_two_questions_is_refused(tmp_path: Path) -> None:
    """Arms are paired by id: two questions under one would be compared with each other."""
    rows = {"id": "1", "question": "A?", "answer": "a"}, {"id": "1", "question": "B?", "answer": "b"}
    with pytest.raises(InvalidExamples, match="line 2: the id '1' is already used by another question"):
        read_questions(write(tmp_path / "q.jsonl", *rows))


def test_a_question_asked_twice_is_one_with_both_answers(tmp_path: Path) -> None:
    rows = {"question": "A?", "answer": "a"}, {"question": "A?", "answer": "b"}
    (question,) = read_questions(write(tmp_path / "q.jsonl", *rows))
    assert question.targets == ("a", "b")


def test_no_folder_means_no_questions(tmp_path: Path) -> None:
    assert read_questions(tmp_path / "questions") == []


def test_examples_become_questions_and_survive_json() -> None:
    example = Example(
        id="e1",
        prompt=(Message("system", "Be brief."), Message("user", "Until when?")),
        completion="2026",
        document_ids=("one",),
        metadata={"stale_answer": "2025"},
    )
    (question,) = questions_from([example])
    assert (question.targets, question.stale_targets) == (("2026",), ("2025",))
    assert question_from_json(json.loads(json.dumps(question_to_json(question)))).targets == ("2026",)


def test_a_document_that_is_not_there_is_named(ask: Callable[..., Question]) -> None:
    questions = [ask(document_ids=("a.md", "b.md")), ask("Who?", document_ids=("b.md", "c.md"))]
    assert unknown_documents(questions, {"a.md"}) == ("b.md", "c.md")
