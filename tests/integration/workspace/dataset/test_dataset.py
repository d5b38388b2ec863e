"""The dataset as a table, changed by hand, with its versions; files taken in; feedback seen through."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from lorewright.access import LOCAL, Caller
from lorewright.datasets.editing import Edit
from lorewright.datasets.mapping import ColumnMapping
from lorewright.errors import BadParameter, InUse, InvalidExamples, NotAllowed
from lorewright.jobs import Steps
from lorewright.workspace.answering.feedback_review import reject_feedback, reviewed_feedback, take_feedback
from lorewright.workspace.dataset.checks import check_data, mask_private
from lorewright.workspace.dataset.editing import delete_rows, edit_row, raw_text, rewrite_row
from lorewright.workspace.dataset.importing import import_rows, preview_import, read_incoming
from lorewright.workspace.dataset.material import read_material
from lorewright.workspace.dataset.table import DataRow, Look, counts, matching_rows, read_table, signature_of
from lorewright.workspace.dataset.versions import all_versions, restore_version, version_difference
from lorewright.workspace.documents.add import sync_documents
from lorewright.workspace.server.server import Server

ROWS: list[dict[str, Any]] = [
    {"question": "How long is the leave?", "answer": "28 days.", "tag": "x"},
    {"question": "how long is the leave", "answer": "28 days", "tag": "y"},
    {"question": "How do we travel?", "answer": "By train.", "document_ids": ["gone.md"]},
    {"question": "How do we travel", "answer": "By car."},
    {"question": "What may a hotel cost?", "answer": "120 euros."},
    {"question": "Whom to ask?", "answer": "ada@example.org"},
]
READER = Caller(id="r", name="reader", verbs=("read",))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "handbook"
    (folder / "examples").mkdir(parents=True)
    (folder / "questions").mkdir()
    (folder / "lorewright.toml").write_text('[models]\nembedding = "hashing"\nchat = "file:/none.gguf"\n')
    lines = [json.dumps(row) for row in ROWS]
    (folder / "examples" / "leave.jsonl").write_text("\n".join([*lines, "{broken", ""]))
    (folder / "questions" / "q.jsonl").write_text(
        json.dumps({"question": "what may a hotel cost", "answers": ["120"]}) + "\n"
    )
    server = Server(folder)
    yield server
    server.close()


def at(server: Server, number: int) -> DataRow:
    found = read_table(server.workspace).find(f"examples/leave.jsonl:{number}")
    assert found is not None
    return found


def test_every_row_has_its_part_and_its_findings(server: Server) -> None:
    table = read_table(server.workspace)
    assert [row.part for row in table.of("examples")][1:] == [
        "duplicate", *[row.part for row in table.of("examples")][2:4], "leaked",
        table.of("examples")[5].part, "broken",
    ]  # fmt: skip
    findings, _, files = counts(table.of("examples"))
    assert findings == {
        "duplicate": 1, "conflict": 2, "document": 1, "leak": 1, "email": 1, "unreadable": 1,
    }  # fmt: skip
    assert files == {"leave.jsonl": 7}


def test_a_finding_points_at_what_it_is_like(server: Server) -> None:
    table = read_table(server.workspace)
    (row,) = matching_rows(table, Look(finding="duplicate"))
    other = table.like(row.findings[0])
    assert other is not None
    assert other.question == "How long is the leave?"


def test_rows_are_found_by_all_words(server: Server) -> None:
    table = read_table(server.workspace)
    assert [row.placed.number for row in matching_rows(table, Look(search="travel TRAIN"))] == [3]
    assert [row.placed.number for row in matching_rows(table, Look(part="broken"))] == [7]


def test_meanings_are_looked_at_once_and_remembered(server: Server) -> None:
    assert not read_table(server.workspace).material.is_by_meaning
    read_table(server.workspace, is_quick=False)
    assert read_table(server.workspace).material.is_by_meaning


def test_an_edit_changes_one_row_and_keeps_its_other_fields(server: Server) -> None:
    before = (server.workspace.examples_folder / "leave.jsonl").read_text()
    edit = Edit(question="How long is the leave?", completion="30 days.", document_ids=(), answerable=True)
    edit_row(server, LOCAL, at(server, 1), edit)
    after = (server.workspace.examples_folder / "leave.jsonl").read_text()
    assert json.loads(after.splitlines()[0]) == {**ROWS[0], "answer": "30 days."}
    assert after.splitlines()[1:] == before.splitlines()[1:]


def test_an_edit_is_another_thing_to_learn(server: Server) -> None:
    path = server.workspace.examples_folder / "leave.jsonl"
    path.write_text(json.dumps({"id": "1", "question": "Long?", "answer": "28"}) + "\n")
    before = read_table(server.workspace).material.fingerprint
    edit_row(
        server,
        LOCAL,
        at(server, 1),
        Edit(question="Long?", completion="30", document_ids=(), answerable=True),
    )
    assert read_table(server.workspace).material.fingerprint != before


def test_a_broken_row_is_mended_as_text(server: Server) -> None:
    row = at(server, 7)
    assert raw_text(server.workspace, LOCAL, row) == "{broken"
    rewrite_row(server, LOCAL, row, '{"question": "New?", "answer": "Yes."}')
    assert at(server, 7).answer == "Yes."


@pytest.mark.parametrize("text", ['{"question": "New?"}', "[1]", "{", '{"question": "New?", "answer": ""}'])
def test_text_that_is_no_example_is_refused(server: Server, text: str) -> None:
    with pytest.raises(BadParameter):
        rewrite_row(server, LOCAL, at(server, 7), text)


def test_a_row_that_changed_meanwhile_is_left_alone(server: Server) -> None:
    seen = at(server, 1)
    edit_row(server, LOCAL, seen, Edit(question="Mine", completion="30", document_ids=(), answerable=True))
    with pytest.raises(InUse, match="changed in the meantime"):
        edit_row(
            server, LOCAL, seen, Edit(question="Other", completion="31", document_ids=(), answerable=True)
        )
    assert at(server, 1).question == "Mine"


def test_what_cannot_be_an_example_is_refused(server: Server) -> None:
    with pytest.raises(BadParameter, match="is empty"):
        edit_row(
            server, LOCAL, at(server, 1), Edit(question="Q", completion="", document_ids=(), answerable=True)
        )
    with pytest.raises(NotAllowed):
        delete_rows(server, READER, [at(server, 1)])
    assert not all_versions(server, LOCAL)[1:]


def test_rows_go_together(server: Server) -> None:
    delete_rows(server, LOCAL, [at(server, 7), at(server, 2), at(server, 4)])
    assert [row.answer for row in read_table(server.workspace).of("examples")] == [
        ROWS[n]["answer"] for n in (0, 2, 4, 5)
    ]


def test_every_change_is_a_version_that_can_be_gone_back_to(server: Server) -> None:
    folder = server.workspace.examples_folder
    before = (folder / "leave.jsonl").read_bytes()
    delete_rows(server, LOCAL, [at(server, 1)])
    (folder / "more.csv").write_text("question,answer\nNew?,Yes.\n")
    newest, oldest = all_versions(server, LOCAL)
    assert (newest.why, oldest.why, newest.by) == ("Deleted leave.jsonl, row 1", "Changed outside", "local")
    assert (oldest.n_examples, newest.n_examples, newest.n_questions) == (7, 6, 1)
    restored = restore_version(server, LOCAL, oldest.id)
    assert (folder / "leave.jsonl").read_bytes() == before
    assert not (folder / "more.csv").exists()
    assert restored.digest == oldest.digest
    assert len(all_versions(server, LOCAL)) == 4  # what was changed outside was kept, too


def test_the_difference_of_versions_names_the_rows(server: Server) -> None:
    edit = Edit(question="How do we travel?", completion="By ship.", document_ids=(), answerable=True)
    edit_row(server, LOCAL, at(server, 3), edit)
    (oldest,) = [version for version in all_versions(server, LOCAL) if version.why == "Changed outside"]
    found = version_difference(server, LOCAL, oldest.id, "")["examples"]
    ((was, now),) = found.changed
    assert (was.answer, now.answer, found.added, found.removed) == ("By train.", "By ship.", (), ())


def test_nothing_changed_is_no_version(server: Server) -> None:
    delete_rows(server, LOCAL, [at(server, 1)])
    n = len(all_versions(server, LOCAL))
    restore_version(server, LOCAL, all_versions(server, LOCAL)[0].id)
    assert len(all_versions(server, LOCAL)) == n


def incoming(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


CSV = "first;second;note\nHow long is the leave?;28 days.;a\nNew?;Yes.;b\nnone;;c\nbad;1;2;3\n"


def test_a_file_is_looked_into_before_it_is_taken(server: Server, tmp_path: Path) -> None:
    path = incoming(tmp_path, "fragen.csv", CSV)
    found = read_incoming(path)
    assert (found.columns, found.guess) == (("first", "second", "note"), None)
    assert "Name the columns" in found.unclear
    mapping = ColumnMapping(prompt=("first",), completion="second")
    trial = preview_import(server.workspace, LOCAL, path, mapping, "examples")
    assert [example.completion for example in trial.examples] == ["28 days.", "Yes."]
    assert [(row.number, row.error[:12]) for row in trial.broken] == [
        (4, "the completi"),
        (5, "4 cells, but"),
    ]
    assert (trial.n_duplicates, trial.n_leaked) == (1, 0)
    assert trial.shown[0][0]["first"] == "How long is the leave?"


def test_good_rows_are_taken_with_all_their_fields(server: Server, tmp_path: Path) -> None:
    path = incoming(tmp_path, "fragen.csv", CSV)
    mapping = ColumnMapping(prompt=("first",), completion="second")
    version = import_rows(server, LOCAL, path, mapping, "examples", name="../../Fragen <b>.csv")
    target = server.workspace.examples_folder / "Fragen -b.jsonl"
    assert [json.loads(line)["meta"] for line in target.read_text().splitlines()] == [
        {"note": "a"}, {"note": "b"},
    ]  # fmt: skip
    assert version.why == "Imported 2 rows as Fragen -b.jsonl"


def test_rows_can_become_held_out_questions(server: Server, tmp_path: Path) -> None:
    path = incoming(tmp_path, "held.jsonl", '{"question": "New?", "answer": "Yes.", "id": "7"}\n')
    guess = read_incoming(path).guess
    assert guess is not None
    import_rows(server, LOCAL, path, guess, "questions", name="held.jsonl")
    row = read_table(server.workspace).of("questions")[0]
    assert (row.id, row.question, row.answer) == ("7", "New?", "Yes.")


def test_a_column_that_some_rows_lack_is_named(server: Server, tmp_path: Path) -> None:
    rows = [
        {"question": "A?", "answer": "1", "id": "a"},
        {"question": "B?"},
        {"question": "C?", "answer": "3"},
    ]
    path = incoming(tmp_path, "mixed.jsonl", "\n".join(map(json.dumps, rows)))
    guess = read_incoming(path).guess
    assert guess is not None
    trial = preview_import(server.workspace, LOCAL, path, guess, "examples")
    assert len(trial.examples) == 2
    assert trial.broken[0].error == "the column 'answer' is missing."


@pytest.mark.parametrize(("name", "text"), [("a.docx", "x"), ("a.jsonl", ""), ("a.jsonl", "no json\n")])
def test_a_file_without_rows_is_refused(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidExamples):
        read_incoming(incoming(tmp_path, name, text))


def opinion(server: Server, name: str, *, right: str | None, thumb: str, status: str) -> None:
    turns = [{"role": "user", "content": f"What about {name}?"}]
    server.records("feedback").add(
        name,
        {
            "answer": "a", "thumb": thumb, "correction": right, "comment": None, "right": right, "by": "ada",
            "deployment": None, "version": None, "model": "rag", "messages": turns, "text": "Said.",
            "provenance": {}, "side": None, "similar_to": None, "similarity": None, "status": status,
        },
    )  # fmt: skip


def test_feedback_is_taken_in_and_turned_down(server: Server) -> None:
    opinion(server, "fb_old", right=None, thumb="down", status="kept")
    opinion(server, "fb_new", right="Right.", thumb="down", status="waiting")
    assert [one.id for one in reviewed_feedback(server, LOCAL)] == ["fb_new", "fb_old"]
    (server.workspace.examples_folder / "leave.jsonl").write_text(json.dumps(ROWS[0]) + "\n")
    taken = take_feedback(server, LOCAL, "fb_new")
    assert (taken.status, taken.right) == ("placed", "Right.")
    path = server.workspace.folder / taken.side / "feedback.jsonl"
    assert "Right." in path.read_text()
    assert reject_feedback(server, LOCAL, "fb_new").status == "rejected"
    assert path.read_text() == ""
    assert [version.why for version in all_versions(server, LOCAL)][:2] == [
        "Rejected feedback",
        "Accepted feedback",
    ]


def test_feedback_without_a_right_answer_needs_one(server: Server) -> None:
    (server.workspace.examples_folder / "leave.jsonl").write_text(json.dumps(ROWS[0]) + "\n")
    opinion(server, "fb_down", right=None, thumb="down", status="kept")
    opinion(server, "fb_up", right=None, thumb="up", status="kept")
    with pytest.raises(BadParameter, match="has no correct answer yet"):
        take_feedback(server, LOCAL, "fb_down")
    assert take_feedback(server, LOCAL, "fb_down", right="Better.").right == "Better."
    assert take_feedback(server, LOCAL, "fb_up").right == "Said."


def test_a_change_is_seen_in_the_signature(server: Server) -> None:
    before = signature_of(server.workspace)
    delete_rows(server, LOCAL, [at(server, 1)])
    assert signature_of(server.workspace) != before


def test_a_row_elsewhere_is_not_changed(server: Server) -> None:
    row = at(server, 1)
    moved = replace(row, placed=replace(row.placed, file="gone.jsonl"))
    with pytest.raises(InUse, match="changed in the meantime"):
        delete_rows(server, LOCAL, [moved])


def test_of_a_long_talk_the_question_that_was_answered_stands_first(server: Server) -> None:
    """In a list only the beginning is seen: beside the answer must stand what it answers."""
    turns = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "How can I help?"},
        {"role": "user", "content": "Where is the pool?"},
        {"role": "assistant", "content": "On the roof."},
    ]
    path = server.workspace.examples_folder / "talks.jsonl"
    path.write_text(json.dumps({"messages": turns}) + "\n")

    row = next(row for row in read_table(server.workspace).rows if row.placed.file == "talks.jsonl")

    assert (row.question.splitlines()[0], row.answer) == ("Where is the pool?", "On the roof.")
    assert row.question.endswith("Hello\n\nHow can I help?")


def test_personal_data_is_masked_in_its_rows_and_can_be_brought_back(server: Server) -> None:
    """What was found must be put right in one step, and nothing be lost by it."""
    assert [row.key for row, _ in check_data(server, LOCAL).findings["email"]] == ["examples/leave.jsonl:6"]

    assert mask_private(server, LOCAL) == ["examples/leave.jsonl:6"]

    assert at(server, 6).answer == "[e-mail address]"
    assert "email" not in check_data(server, LOCAL).findings
    restore_version(server, LOCAL, all_versions(server, LOCAL)[-1].id)
    assert at(server, 6).answer == "ada@example.org"


def test_rows_of_a_spreadsheet_are_seen_and_not_changed(server: Server) -> None:
    """What else a spreadsheet holds, its formulas and colours, must survive."""
    path = server.workspace.examples_folder / "desk.xlsx"
    book = Workbook()
    for line in (["Question", "Answer"], ["Who mends the lift?", "bob@example.org"]):
        book.active.append(line)
    book.save(path)
    before = {file: file.read_bytes() for file in server.workspace.examples_folder.iterdir()}
    row = read_table(server.workspace).find("examples/desk.xlsx:2")
    assert row is not None

    assert json.loads(raw_text(server.workspace, LOCAL, row))["Answer"] == "bob@example.org"
    for change in (
        lambda: delete_rows(server, LOCAL, [row]),
        lambda: rewrite_row(server, LOCAL, row, '{"question": "Who?", "answer": "Bob."}'),
        lambda: mask_private(server, LOCAL),
    ):
        with pytest.raises(BadParameter, match=r"desk\.xlsx cannot be changed here"):
            change()
    assert {file: file.read_bytes() for file in server.workspace.examples_folder.iterdir()} == before


def test_a_reader_checks_and_does_not_mask(server: Server) -> None:
    """Looking is not changing."""
    assert check_data(server, READER).n_examples == 6
    with pytest.raises(NotAllowed):
        mask_private(server, READER)


def test_an_answer_that_the_documents_contradict_is_named_with_the_sentence(server: Server) -> None:
    """Last year's answers would be learned; held out, they would count right answers as wrong."""
    workspace = server.workspace
    workspace.documents_folder.mkdir()
    page = "# Leave\n\nAn employee has 30 days of leave.\n\n# Hotels\n\nA hotel may cost 120 euros.\n"
    (workspace.documents_folder / "leave.md").write_text(page)
    old = {"question": "How much leave has an employee?", "answer": "28 days"}
    (workspace.examples_folder / "old.jsonl").write_text(json.dumps(old) + "\n")
    job = workspace.queue.submit("add", {})
    sync_documents(workspace, LOCAL, Steps(workspace.queue, job.id, 1))

    checked = check_data(server, LOCAL)

    told = {row.key: one.message for row, one in checked.findings["contradicted"]}
    assert told["examples/old.jsonl:1"] == (
        "It says '28 days', the documents say '30 days' (leave.md): An employee has 30 days of leave."
    )
    assert "examples/leave.jsonl:5" not in told
    assert checked.n_compared >= 4


def test_broken_rows_are_counted_before_anything_is_learned(server: Server) -> None:
    """Who mends the first one and starts again would meet the next one, one by one."""
    folder = server.workspace.examples_folder
    broken = '{"prompt": "a", "completion": ""}\n{"prompt": \n[1]\n'
    (folder / "a-broken.jsonl").write_text(broken, encoding="utf-8")
    for path in folder.glob("[!a]*"):
        path.unlink()
    first = "line 1: the completion of 'a' is empty. 2 more rows cannot be used."
    with pytest.raises(InvalidExamples, match=first) as said:
        read_material(server.workspace)
    assert said.value.hint.endswith("See them all with: lorewright data check")
