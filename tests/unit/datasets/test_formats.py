"""More formats of the field: turns before the prompt, and Parquet."""

import json
from datetime import date
from pathlib import Path

import pyarrow
import pytest
from openpyxl import Workbook
from pyarrow.parquet import write_table

from lorewright.datasets import Examples, example_from, read_examples
from lorewright.datasets.placed import placed_rows
from lorewright.datasets.rows import find_example_files, find_unread_files, rows
from lorewright.errors import InvalidExamples


def test_the_history_of_alpaca_comes_before_the_prompt() -> None:
    """A follow-up learned without what it follows teaches nonsense."""
    row = {
        "instruction": "And in winter?", "input": "", "output": "At 10.",
        "history": [["When do you open?", "At 9."]], "source": "desk",
    }  # fmt: skip

    example = example_from(row)

    assert [(turn.role, turn.content) for turn in example.prompt] == [
        ("user", "When do you open?"), ("assistant", "At 9."), ("user", "And in winter?"),
    ]  # fmt: skip
    assert example.metadata == {"source": "desk"}


def test_a_history_that_is_no_conversation_is_kept_as_metadata() -> None:
    """A column of another meaning must not be lost."""
    example = example_from({"prompt": "a", "completion": "b", "history": "moved twice"})

    assert (len(example.prompt), example.metadata) == (1, {"history": "moved twice"})


def test_a_parquet_file_that_is_named_is_read(tmp_path: Path) -> None:
    """Data sets are handed on as Parquet."""
    path = tmp_path / "cards.parquet"
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    write_table(pyarrow.Table.from_pylist([{"messages": turns, "day": date(2026, 3, 1)}]), path)

    [(place, row)] = rows(path, lambda _: None)

    assert (place, row["day"], example_from(row).completion) == (
        "cards.parquet, row 1",
        "2026-03-01",
        "Hello",
    )
    assert find_example_files(tmp_path) == [path]


def test_a_broken_parquet_file_says_so(tmp_path: Path) -> None:
    """One line instead of a traceback."""
    path = tmp_path / "bad.parquet"
    path.write_bytes(b"PAR1 nothing")

    def refuse(error: InvalidExamples) -> None:
        raise error

    with pytest.raises(InvalidExamples, match="not a readable Parquet file"):
        list(rows(path, refuse))


OPENING = {"name": "opening", "arguments": '{"day": 1}'}
CALL = {
    "role": "assistant", "content": None,
    "tool_calls": [{"id": "c", "type": "function", "function": OPENING}],
}  # fmt: skip
ASKED = {"role": "user", "content": "When do you open?"}
RESULT = {"role": "tool", "tool_call_id": "c", "content": "9:00"}


def read(tmp_path: Path, *lines: dict[str, object]) -> Examples:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return read_examples(tmp_path)


def test_calls_of_tools_are_read_before_the_answer_and_told_about(tmp_path: Path) -> None:
    """The answer rests on what the tool said; that no tool is offered when it is learned must be known."""
    spoken = {"messages": [ASKED, CALL, RESULT, {"role": "assistant", "content": "At nine."}]}
    found = read(tmp_path, {**spoken, "tools": [{"type": "function"}]}, {"messages": [ASKED, CALL]})

    (example,), (mapping,) = found.examples, found.mappings
    assert example.completion == "At nine."
    assert [turn.role for turn in example.prompt] == ["user", "assistant", "user"]
    assert '"name": "opening"' in example.prompt[1].content
    assert example.prompt[2].content == "<tool_response>\n9:00\n</tool_response>"
    assert "1 left out: every answer is a tool call" in str(mapping)
    assert "tools of 1 not offered to the model" in str(mapping)


def test_sharegpt_with_functions_is_read_like_openais(tmp_path: Path) -> None:
    """Data sets of agents name these turns otherwise."""
    turns = [
        {"from": "human", "value": "When?"}, {"from": "function_call", "value": '{"name": "opening"}'},
        {"from": "observation", "value": "9:00"}, {"from": "gpt", "value": "At nine."},
    ]  # fmt: skip
    (example,) = read(tmp_path, {"conversations": turns, "tools": "[]"}).examples
    assert [turn.role for turn in example.prompt] == ["user", "assistant", "user"]
    assert example.completion == "At nine."


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "When?", "chosen": "At nine.", "rejected": "Dunno."},
        {
            "prompt": [{"role": "user", "content": "When?"}],
            "chosen": [{"role": "assistant", "content": "At nine."}],
            "rejected": [{"role": "assistant", "content": "Dunno."}],
        },
        {
            "chosen": [{"role": "user", "content": "When?"}, {"role": "assistant", "content": "At nine."}],
            "rejected": [{"role": "user", "content": "When?"}, {"role": "assistant", "content": "Dunno."}],
        },
        {
            "input": {"messages": [{"role": "user", "content": "When?"}]},
            "preferred_output": [{"role": "assistant", "content": "At nine."}],
            "non_preferred_output": [{"role": "assistant", "content": "Dunno."}],
        },
    ],
)
def test_of_a_pair_the_preferred_answer_is_learned(tmp_path: Path, row: dict[str, object]) -> None:
    """Preference data is data; that the other answer is not used is said."""
    found = read(tmp_path, row)
    (example,) = found.examples
    assert (example.question, example.completion) == ("When?", "At nine.")
    assert "rejected not learned from" in str(found.mappings[0])
    assert "rejected" in example.metadata


def test_an_answer_that_is_marked_as_bad_is_never_learned(tmp_path: Path) -> None:
    """Data for KTO holds bad answers beside good ones."""
    rows_of_both = [
        {"prompt": "When?", "completion": "At nine.", "label": True},
        {"prompt": "When?", "completion": "Go away.", "label": False},
    ]
    found = read(tmp_path, *rows_of_both)
    assert [one.completion for one in found.examples] == ["At nine."]
    assert "1 left out: marked as bad answers" in "".join(map(str, found.mappings))


def test_a_spreadsheet_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    """Support desks keep answers in spreadsheets: several sheets, a title above, empty lines between."""
    book = Workbook()
    first, second = book.active, book.create_sheet("More")
    for line in (["Our FAQ"], ["Question", "Answer", "Since"], ["When?", "At nine.", date(2026, 3, 1)], [], [
        "How many?", 5.0]):  # fmt: skip
        first.append(line)
    second.append(["question", "answer"])
    second.append(["Where?", "Here."])
    book.save(tmp_path / "faq.xlsx")

    found = [(place, example_from(row)) for place, row in rows(tmp_path / "faq.xlsx", lambda _: None)]

    assert [place for place, _ in found] == [
        "faq.xlsx, sheet Sheet, row 3", "faq.xlsx, sheet Sheet, row 5", "faq.xlsx, sheet More, row 2",
    ]  # fmt: skip
    assert [(one.question, one.completion) for _, one in found] == [
        ("When?", "At nine."), ("How many?", "5"), ("Where?", "Here."),
    ]  # fmt: skip
    assert found[0][1].metadata["Since"].startswith("2026-03-01")


def test_a_file_that_only_looks_like_a_spreadsheet_is_named(tmp_path: Path) -> None:
    (tmp_path / "faq.xlsx").write_text("no zip")
    bad: list[InvalidExamples] = []
    assert list(rows(tmp_path / "faq.xlsx", bad.append)) == []
    assert "faq.xlsx is not a readable spreadsheet" in str(bad[0])


def test_files_that_are_not_read_from_a_folder_are_named(tmp_path: Path) -> None:
    """A file among the examples that nobody reads must not go unnoticed."""
    for name in ("a.jsonl", "faq.xls", "more/old.sav", "README.md", ".hidden", "~$faq.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_unread_files(tmp_path) == ["faq.xls", "more/old.sav"]


def test_a_folder_holds_examples_in_spreadsheets_and_parquet_files(tmp_path: Path) -> None:
    book = Workbook()
    for line in (["Question", "Answer"], ["When?", "At nine."]):
        book.active.append(line)
    book.save(tmp_path / "faq.xlsx")
    (tmp_path / "~$faq.xlsx").write_bytes(b"kept by Excel while the file is open")
    (tmp_path / "more").mkdir()
    write_table(
        pyarrow.table({"prompt": ["Where?"], "completion": ["Here."]}), tmp_path / "more" / "old.parquet"
    )

    found = read_examples(tmp_path)

    assert [(one.question, one.completion) for one in found.examples] == [
        ("When?", "At nine."), ("Where?", "Here."),
    ]  # fmt: skip


def test_rows_of_several_sheets_have_numbers_of_their_own(tmp_path: Path) -> None:
    book = Workbook()
    for sheet in (book.active, book.create_sheet("More")):
        for line in (["Question", "Answer"], [f"When in {sheet.title}?", "At nine."]):
            sheet.append(line)
    book.save(tmp_path / "faq.xlsx")

    placed = list(placed_rows(tmp_path, example_from))

    assert [(one.number, one.value and one.value.question) for one in placed] == [
        (2, "When in Sheet?"), (4, "When in More?"),
    ]  # fmt: skip
