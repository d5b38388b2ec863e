"""A file with one row changed: the others keep their bytes."""

import json
from pathlib import Path

import pytest

from lorewright.datasets import example_from
from lorewright.datasets.editing import Edit, edited
from lorewright.datasets.example_row import row_from
from lorewright.datasets.placed import placed_rows
from lorewright.datasets.rewriting import row_text, with_row
from lorewright.errors import InvalidExamples

LINES = '{"prompt":"a","completion":"1","x":7}\n\n{"prompt":  "b", "completion": "2"}\r\n{"prompt":"c"\n'
TABLE = 'question;answer\n"one;two";1\n"a\nb";2\nlast;3\n'


def test_a_line_changes_alone() -> None:
    changed = with_row(LINES, ".jsonl", 3, {"prompt": "b", "completion": "ü"})
    assert changed == LINES.replace(
        '{"prompt":  "b", "completion": "2"}', '{"prompt": "b", "completion": "ü"}'
    )


def test_a_broken_line_is_mended_as_text() -> None:
    text = row_text(LINES, ".jsonl", 4)
    assert with_row(LINES, ".jsonl", 4, text + "}") == LINES[:-1] + "}\n"


def test_a_line_goes() -> None:
    assert with_row(LINES, ".jsonl", 1, None) == LINES.partition("\n")[2]


def test_a_mark_at_the_begin_stays() -> None:
    assert with_row("\ufeff" + LINES, ".jsonl", 1, None).startswith("\ufeff\n")


def test_a_row_of_a_table_changes_with_its_line_breaks() -> None:
    changed = with_row(TABLE, ".csv", 4, {"question": "x;y", "answer": '"q"'})
    assert changed == 'question;answer\n"one;two";1\n"x;y";"""q"""\nlast;3\n'


def test_a_row_of_a_table_goes() -> None:
    assert with_row(TABLE, ".csv", 5, None) == TABLE.replace("last;3\n", "")


def test_a_table_takes_no_new_columns() -> None:
    with pytest.raises(InvalidExamples, match="no column 'answerable'"):
        with_row(TABLE, ".csv", 5, {"question": "a", "answer": "b", "answerable": "false"})


def test_an_item_of_a_list_goes() -> None:
    assert (
        with_row('[{"prompt": "a"}, {"prompt": "b"}]', ".json", 1, None)
        == '[\n  {\n    "prompt": "b"\n  }\n]\n'
    )


def test_a_row_that_is_gone_is_refused() -> None:
    with pytest.raises(InvalidExamples, match="no longer has a row 9"):
        with_row(LINES, ".jsonl", 9, None)


def test_broken_rows_stand_among_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"prompt":"a","completion":"1"}\n{oops\n{"prompt":"c","completion":""}\n'
    )
    (tmp_path / "b.csv").write_text("question,answer\na,1\nb,2,3\nc,4\n")
    found = list(placed_rows(tmp_path, example_from))
    assert [(row.file, row.number, row.value is None) for row in found] == [
        ("a.jsonl", 1, False), ("a.jsonl", 2, True), ("a.jsonl", 3, True),
        ("b.csv", 2, False), ("b.csv", 3, True), ("b.csv", 4, False),
    ]  # fmt: skip
    assert "is empty" in found[2].error
    assert found[4].error.startswith("3 cells")


EDIT = Edit(question="New?", completion="Yes.", document_ids=("x.md",), answerable=False)


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Old"},
                      {"role": "assistant", "content": "No."}], "meta": {"document_ids": [], "k": 1}},
        {"conversations": [{"from": "human", "value": "Old"}, {"from": "gpt", "value": "No."}], "k": 1},
        {"question": "Old", "answer": "No.", "documents": "a.md; b.md", "answerable": "true", "k": "1"},
    ],
)  # fmt: skip
def test_an_edit_keeps_what_it_does_not_name(row: dict[str, object]) -> None:
    new = edited(row, EDIT)
    read = example_from(new)
    assert (read.question, read.completion, read.document_ids, read.answerable) == (
        "New?", "Yes.", ("x.md",), False,
    )  # fmt: skip
    assert new.get("k") == row.get("k")
    assert set(row) <= set(new)
    assert "New?" not in str(row)


def test_an_empty_answer_is_refused() -> None:
    with pytest.raises(InvalidExamples, match="is empty"):
        edited(
            {"question": "Old", "answer": "No."},
            Edit(question="Old", completion=" ", document_ids=(), answerable=True),
        )


def test_a_question_in_two_columns_is_not_guessed_at() -> None:
    row = {"instruction": "Sum", "input": "1 2", "output": "3"}
    with pytest.raises(InvalidExamples, match="2 columns"):
        edited(row, Edit(question="New", completion="3", document_ids=(), answerable=True))
    kept = Edit(question="Sum\n\n1 2", completion="4", document_ids=(), answerable=True)
    assert edited(row, kept) == {"instruction": "Sum", "input": "1 2", "output": "4"}


def test_a_row_of_an_example_reads_back() -> None:
    example = example_from({"id": "7", "question": "Q", "answer": "A", "doc_ids": ["a.md"], "tag": "x"})
    assert example_from(row_from(example)) == example


def test_a_row_of_a_wrapped_list_changes_and_the_rest_stays() -> None:
    content = '{"version": 1, "train": [{"prompt": "a"}, {"prompt": "b"}], "test": [{"prompt": "c"}]}'
    changed = with_row(content, ".json", 3, {"prompt": "x"})
    assert json.loads(changed) == {
        "version": 1, "train": [{"prompt": "a"}, {"prompt": "b"}], "test": [{"prompt": "x"}],
    }  # fmt: skip
    assert json.loads(with_row(changed, ".json", 1, None))["train"] == [{"prompt": "b"}]


def test_a_row_of_a_list_in_a_file_of_lines_changes() -> None:
    assert json.loads(with_row('[\n{"prompt": "a"},\n{"prompt": "b"}]', ".jsonl", 2, {"prompt": "x"})) == [
        {"prompt": "a"}, {"prompt": "x"},
    ]  # fmt: skip
    assert row_text('{\n"prompt": "a"\n}\n{\n"prompt": "b"\n}', ".jsonl", 2) == '{\n  "prompt": "b"\n}'


def test_a_row_below_a_title_changes() -> None:
    content = "FAQ;;\nquestion;answer;\none;1;Ann\n"
    changed = with_row(content, ".csv", 3, {"question": "one", "answer": "2", "column 3": "Ann"})
    assert changed == "FAQ;;\nquestion;answer;\none;2;Ann\n"
