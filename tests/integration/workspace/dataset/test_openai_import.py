"""Moving in from OpenAI, with files as its API exports them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lorewright.access import LOCAL
from lorewright.cli.main import main
from lorewright.datasets import read_examples
from lorewright.errors import UserError
from lorewright.evaluation import read_questions
from lorewright.workspace import Workspace, init_domain
from lorewright.workspace.dataset.openai_import import ImportedFile, import_exports

EVAL = {
    "id": "eval_1", "object": "eval", "name": "Ticket routing", "created_at": 1, "metadata": {},
    "data_source_config": {
        "type": "custom",
        "schema": {
            "type": "object",
            "properties": {
                "item": {
                    "type": "object",
                    "properties": {"ticket": {"type": "string"}, "queue": {"type": "string"}},
                }
            },
        },
    },
    "testing_criteria": [
        {
            "id": "a", "type": "string_check", "name": "same queue", "operation": "eq",
            "input": "{{ sample.output_text }}", "reference": "{{ item.queue }}",
        }
    ],
}  # fmt: skip
RUN = {
    "id": "evalrun_1", "object": "eval.run", "eval_id": "eval_1", "created_at": 1,
    "data_source": {
        "type": "completions",
        "input_messages": {
            "type": "template",
            "template": [
                {"role": "developer", "content": "Name the queue."},
                {"role": "user", "content": "Ticket: {{item.ticket}}"},
            ],
        },
        "source": {
            "type": "file_content",
            "content": [{"item": {"ticket": "The screen is black", "queue": "hardware"}}],
        },
    },
}  # fmt: skip
ITEMS = [
    {"item": {"ticket": "My mouse is dead", "queue": "hardware"}},
    {"item": {"ticket": "Who pays my hotel?", "queue": "travel"}},
]


def chat(question: str, answer: str, **more: Any) -> dict[str, Any]:
    """Return a row of a fine-tuning file."""
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer, **more}]
    return {"messages": turns}


def write(path: Path, *rows: Mapping[str, Any] | str) -> Path:
    """Write rows as JSONL; a text is a line as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    return tmp_path / "exported"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(init_domain(tmp_path / "domain")) as workspace:
        yield workspace


def moved(workspace: Workspace, path: Path, **columns: str) -> dict[str, ImportedFile]:
    """Return what became of every file, by its name."""
    return {laid.file: laid for laid in import_exports(workspace, LOCAL, [path], **columns)}


def test_fine_tuning_files_become_examples(workspace: Workspace, exported: Path) -> None:
    write(exported / "train.jsonl", chat("How many days?", "28 days."), chat("By train?", "Yes."))

    laid = moved(workspace, exported)["train.jsonl"]

    assert (laid.kind, laid.target, laid.n_rows) == ("examples", "examples/train.jsonl", 2)
    found = read_examples(workspace.examples_folder).examples
    assert [example.completion for example in found] == ["28 days.", "Yes."]


def test_broken_rows_stay_out_and_are_named_with_their_lines(workspace: Workspace, exported: Path) -> None:
    """One bad line of ten thousand must not keep the others out, nor vanish silently."""
    picture = [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]
    write(
        exported / "train.jsonl",
        chat("How many days?", "28 days."),
        '{"messages": [',
        {"messages": [{"role": "user", "content": "And now?"}]},
        {"messages": [{"role": "user", "content": picture}, {"role": "assistant", "content": "A cat."}]},
        chat("Old?", "Do not learn this.", weight=0),
    )

    laid = moved(workspace, exported)["train.jsonl"]

    assert laid.n_rows == 1
    places = [reason.partition(":")[0] for reason in laid.left_out]
    assert places == [f"train.jsonl, line {n}" for n in (2, 3, 4, 5)]
    assert "no answer" in laid.left_out[1]
    assert "weight 0" in laid.left_out[3]


def test_of_preference_pairs_the_preferred_answer_is_learned(workspace: Workspace, exported: Path) -> None:
    write(
        exported / "pairs.jsonl",
        {
            "input": {"messages": [{"role": "user", "content": "Hello"}], "tools": []},
            "preferred_output": [{"role": "assistant", "content": "Good day."}],
            "non_preferred_output": [{"role": "assistant", "content": "Yo."}],
        },
    )

    assert moved(workspace, exported)["pairs.jsonl"].kind == "preferences"
    [example] = read_examples(workspace.examples_folder).examples
    assert (example.question, example.completion) == ("Hello", "Good day.")


def test_items_become_questions_as_their_evaluation_compares_them(
    workspace: Workspace, exported: Path
) -> None:
    """The criterion says which column is the reference; the one that is left is the question."""
    (exported / "sub").mkdir(parents=True)
    (exported / "eval.json").write_text(json.dumps(EVAL))
    write(exported / "sub" / "items.jsonl", *ITEMS)

    laid = moved(workspace, exported)

    assert laid["eval.json"].mapping == "defines how items are read: Ticket routing"
    assert laid["sub/items.jsonl"].mapping == "ticket -> question, queue -> answer"
    found = read_questions(workspace.questions_folder)
    assert [(question.text, question.targets) for question in found] == [
        ("My mouse is dead", ("hardware",)),
        ("Who pays my hotel?", ("travel",)),
    ]


def test_a_run_says_what_was_asked(workspace: Workspace, exported: Path) -> None:
    """Its messages are filled from the items, its own and those of the data file beside it."""
    exported.mkdir()
    (exported / "eval.json").write_text(json.dumps(EVAL))
    (exported / "run.json").write_text(json.dumps(RUN))
    write(exported / "items.jsonl", *ITEMS)

    laid = moved(workspace, exported)

    assert laid["run.json"].mapping == laid["items.jsonl"].mapping == "ticket -> question, queue -> answer"
    found = read_questions(workspace.questions_folder)
    assert {question.text for question in found} == {
        "Ticket: The screen is black", "Ticket: My mouse is dead", "Ticket: Who pays my hotel?",
    }  # fmt: skip
    assert {question.conversation[0].content for question in found} == {"Name the queue."}


def test_output_items_bring_the_questions_of_their_run(workspace: Workspace, exported: Path) -> None:
    exported.mkdir()
    page = {
        "object": "list",
        "data": [
            {"object": "eval.run.output_item", "id": "1", "datasource_item": row["item"]} for row in ITEMS
        ],
    }
    (exported / "output.json").write_text(json.dumps(page))

    laid = moved(workspace, exported, question="ticket", answer="queue")["output.json"]

    assert (laid.target, laid.n_rows) == ("questions/output.jsonl", 2)


def test_columns_that_mean_nothing_else_are_kept(workspace: Workspace, exported: Path) -> None:
    write(exported / "items.jsonl", {"item": {"question": "Why?", "answer": "So.", "month": "May"}})
    moved(workspace, exported)
    [found] = read_questions(workspace.questions_folder)
    assert (found.text, found.targets, found.metadata) == ("Why?", ("So.",), {"month": "May"})


def test_columns_that_say_nothing_are_asked_for(workspace: Workspace, exported: Path) -> None:
    write(exported / "items.jsonl", {"item": {"a": "1", "b": "2", "c": "3"}})
    laid = moved(workspace, exported)["items.jsonl"]
    assert laid.target == ""
    assert "Name the column with: --answer COLUMN" in laid.left_out[0]

    laid = moved(workspace, exported, question="a", answer="c")["items.jsonl"]
    assert laid.mapping == "a -> question, c -> answer"


def test_an_item_that_lacks_a_column_is_named(workspace: Workspace, exported: Path) -> None:
    write(exported / "items.jsonl", ITEMS[0], {"item": {"ticket": "No queue here"}})
    laid = moved(workspace, exported, question="ticket", answer="queue")["items.jsonl"]
    assert laid.n_rows == 1
    assert laid.left_out[0].startswith("items.jsonl, line 2: {{ item.queue }} does not exist")


def test_files_of_a_vector_store_become_documents(workspace: Workspace, exported: Path) -> None:
    (exported / "store" / "deep").mkdir(parents=True)
    (exported / "store" / "deep" / "leave.md").write_text("# Leave\n\n28 days.\n")
    (exported / "store" / "prices.json").write_text('{"hotel": 120}')
    (exported / "store" / "program.exe").write_bytes(b"MZ")

    laid = moved(workspace, exported)

    assert laid["store/deep/leave.md"].target == "documents/store/deep/leave.md"
    assert laid["store/prices.json"].kind == "document"
    assert laid["store/program.exe"].left_out == (".exe files are not supported",)
    assert (workspace.documents_folder / "store" / "deep" / "leave.md").read_text() == "# Leave\n\n28 days.\n"


def test_what_is_of_no_use_is_left_out_with_the_reason(workspace: Workspace, exported: Path) -> None:
    write(exported / "batch.jsonl", {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions"})
    write(exported / "odd.jsonl", {"colour": "red"})
    job = {"id": "ftjob-1", "object": "fine_tuning.job", "created_at": 1}
    (exported / "job.json").write_text(json.dumps(job))

    laid = moved(workspace, exported)

    assert {file.target for file in laid.values()} == {""}
    assert "batch" in laid["batch.jsonl"].left_out[0]
    assert "colour" in laid["odd.jsonl"].left_out[0]
    assert "fine_tuning.job" in laid["job.json"].left_out[0]


def test_nothing_is_written_over(workspace: Workspace, exported: Path) -> None:
    (workspace.documents_folder / "leave.md").write_text("Mine.")
    exported.mkdir()
    (exported / "leave.md").write_text("Theirs.")
    write(exported / "train.jsonl", chat("How many days?", "28 days."))
    moved(workspace, exported)
    write(exported / "train.jsonl", chat("How many days?", "30 days."))

    laid = moved(workspace, exported)

    assert (workspace.documents_folder / "leave.md").read_text() == "Mine."
    assert "28 days" in (workspace.examples_folder / "train.jsonl").read_text()
    for file in laid.values():
        assert "already exists" in file.left_out[0]


def test_doing_it_again_changes_nothing(workspace: Workspace, exported: Path) -> None:
    write(exported / "train.jsonl", chat("How many days?", "28 days."))
    assert moved(workspace, exported) == moved(workspace, exported)


def test_a_path_that_is_not_there_is_an_error(workspace: Workspace, exported: Path) -> None:
    with pytest.raises(UserError, match="No such file or folder"):
        moved(workspace, exported)


def test_the_command_makes_the_domain_and_says_what_it_did(
    tmp_path: Path, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(exported / "train.jsonl", chat("How many days?", "28 days."), "not json")
    domain = tmp_path / "new"

    assert main(["import", "openai", str(exported), "--domain", str(domain)]) == 0

    shown = capsys.readouterr()
    assert "train.jsonl: examples -> examples/train.jsonl (1 rows)" in shown.out
    assert "skipped: train.jsonl: line 2:" in shown.err
    assert (domain / "lorewright.toml").exists()


def test_the_command_fails_where_there_was_nothing_to_lay(
    workspace: Workspace, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(exported / "odd.jsonl", {"colour": "red"})
    assert main(["import", "openai", str(exported), "-d", str(workspace.folder)]) == 2
    assert "colour" in capsys.readouterr().err
