"""More formats of the field: turns before the prompt, and Parquet."""

from datetime import date
from pathlib import Path

import pyarrow
import pytest
from pyarrow.parquet import write_table

from lorewright.datasets import example_from
from lorewright.datasets.rows import find_example_files, rows
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
    assert find_example_files(tmp_path) == []


def test_a_broken_parquet_file_says_so(tmp_path: Path) -> None:
    """One line instead of a traceback."""
    path = tmp_path / "bad.parquet"
    path.write_bytes(b"PAR1 nothing")

    def refuse(error: InvalidExamples) -> None:
        raise error

    with pytest.raises(InvalidExamples, match="not a readable Parquet file"):
        list(rows(path, refuse))
