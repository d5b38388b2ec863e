"""Questions suggested from documents: made, judged by a person, seen by whoever may read the documents."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lorewright.access import DOMAIN_STORE, LOCAL, Caller
from lorewright.errors import BadParameter, NoDocuments, NotAllowed, NotFound
from lorewright.evaluation import read_questions
from lorewright.jobs import Steps
from lorewright.workspace.dataset.material import read_material
from lorewright.workspace.dataset.suggesting import suggest, suggestion_order
from lorewright.workspace.dataset.suggestions import (
    accept_suggestions,
    edit_suggestion,
    list_suggestions,
    reject_suggestions,
)
from lorewright.workspace.dataset.versions import all_versions
from lorewright.workspace.dataset.written_examples import add_example
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.restrictions import restrict
from lorewright.workspace.server.server import Server

PAGES = {
    "garden.md": "# Garden\n\nThe garden opens at 9 am. The gate is located on Elm Street.\n",
    "prices.md": "# Prices\n\n| Ticket | Price |\n|---|---|\n| Day | 7 € |\n| Year | 60 € |\n",
    "hr/pay.md": "# Pay\n\nThe gardener earns 2,900 euros per month. Overtime is paid within 14 days.\n",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "park"
    for name, text in PAGES.items():
        (folder / "documents" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "documents" / name).write_text(text)
    (folder / "examples").mkdir()
    (folder / "lorewright.toml").write_text('[models]\nembedding = "hashing"\njudge = "words"\n')
    server = Server(folder, n_processes=2)
    _run(server, "add", {"paths": [], "is_sync": True}, add)
    yield server
    server.close()


def _run(server: Server, kind: str, order: dict[str, Any], do: Any) -> Any:
    queue = server.workspace.queue
    job = queue.submit(kind, order | {"number": len(queue.all())})
    return do(server.workspace, dict(job.order), Steps(queue, job.id, 1))


def _suggest(server: Server, n: int = 30, **order: Any) -> dict[str, Any]:
    whole = suggestion_order(n, ("sentence", "table"), how="templates") | order
    result: dict[str, Any] = _run(server, "suggest", whole, suggest)
    return result


def _id_of(server: Server, question: str) -> str:
    return next(one.id for one in list_suggestions(server, LOCAL) if one.question == question)


def test_documents_alone_give_questions_that_wait_for_a_person(server: Server) -> None:
    """Without questions nothing can be measured; without a person nothing is measured with."""
    result = _suggest(server)

    found = {one.question: one for one in list_suggestions(server, LOCAL)}
    assert result["n_suggested"] == len(found) > 3
    assert found["How much does Year cost?"].answer == "60 €"
    assert found["How much does Year cost?"].evidence[0].text == "| Year | 60 € |"
    assert {one.status for one in found.values()} == {"waiting"}
    assert read_questions(server.workspace.questions_folder) == []


def test_an_accepted_question_is_held_out_and_marked_for_ever(server: Server) -> None:
    """Whoever reads a report must be able to tell which questions no person wrote."""
    _suggest(server)
    [taken] = accept_suggestions(server, LOCAL, [_id_of(server, "How much does Year cost?")])

    [question] = read_questions(server.workspace.questions_folder)
    assert (question.text, question.targets, question.document_ids) == (
        "How much does Year cost?", ("60 €",), ("prices.md",),
    )  # fmt: skip
    assert (question.metadata["origin"], question.metadata["kind"]) == ("synthetic", "table")
    assert (taken.status, taken.question_id) == ("accepted", question.id)
    assert all_versions(server, LOCAL)[0].why == "Accepted suggested questions"


def test_the_same_is_not_suggested_twice_nor_after_it_was_rejected(server: Server) -> None:
    """A person judges a question once."""
    _suggest(server)
    questions = [one.question for one in list_suggestions(server, LOCAL)]
    reject_suggestions(server, LOCAL, [one.id for one in list_suggestions(server, LOCAL)])

    assert _suggest(server)["n_suggested"] == 0
    assert [one.question for one in list_suggestions(server, LOCAL, status="rejected")] == questions


def test_a_question_that_is_an_example_already_is_not_suggested(server: Server) -> None:
    """What was learned measures nothing."""
    row = {"question": "How much does Year cost?", "answer": "Sixty."}
    (server.workspace.examples_folder / "a.jsonl").write_text(json.dumps(row) + "\n")

    _suggest(server)

    assert "How much does Year cost?" not in {one.question for one in list_suggestions(server, LOCAL)}


def test_a_suggestion_is_put_right_before_and_after_it_is_accepted(server: Server) -> None:
    """The wording of a template is a draft."""
    _suggest(server)
    name = _id_of(server, "How much does Year cost?")
    with pytest.raises(BadParameter, match="empty"):
        edit_suggestion(server, LOCAL, name, question=" ")
    with pytest.raises(BadParameter, match="expected answer"):
        edit_suggestion(server, LOCAL, name, answer="")

    edit_suggestion(server, LOCAL, name, question="What is a yearly ticket?")
    accept_suggestions(server, LOCAL, [name])
    edit_suggestion(server, LOCAL, name, answer="60 euros")

    [question] = read_questions(server.workspace.questions_folder)
    assert (question.text, question.targets) == ("What is a yearly ticket?", ("60 euros",))


def test_rejecting_takes_an_accepted_question_out_again(server: Server) -> None:
    """A slip of the key must be undone by the other key."""
    _suggest(server)
    name = _id_of(server, "How much does Year cost?")
    accept_suggestions(server, LOCAL, [name])

    reject_suggestions(server, LOCAL, [name])

    assert read_questions(server.workspace.questions_folder) == []


def test_accepted_questions_do_not_end_that_examples_are_held_out(server: Server) -> None:
    """One accepted question must not turn every held-out example into one to learn from."""
    rows = [{"question": f"What is tree {n}?", "answer": f"Tree {n}."} for n in range(40)]
    (server.workspace.examples_folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    before = len(read_material(server.workspace).questions)
    _suggest(server)
    accept_suggestions(server, LOCAL, [_id_of(server, "How much does Year cost?")])

    assert len(read_material(server.workspace).questions) == before + 1


def test_nobody_gets_questions_from_documents_that_they_may_not_read(server: Server) -> None:
    """A question and its answer say what the document says."""
    restrict(server.workspace, LOCAL, "hr/", [])
    made, _ = server.keys.make("kim", verbs=("read", "tune"), stores=(DOMAIN_STORE,))
    key = server.keys.find(made.id)
    assert key is not None

    _suggest(server, by=key.id)
    assert list_suggestions(server, key)
    assert not [one for one in list_suggestions(server, LOCAL) if "hr/pay.md" in one.made_of]

    _suggest(server)
    [hidden, *_] = [one for one in list_suggestions(server, LOCAL) if "hr/pay.md" in one.made_of]
    assert hidden.id not in {one.id for one in list_suggestions(server, key)}
    for act in (accept_suggestions, reject_suggestions):
        with pytest.raises(NotFound):
            act(server, key, [hidden.id])
    with pytest.raises(NotFound):
        edit_suggestion(server, key, hidden.id, answer="nothing")


def test_a_suggestion_is_learned_from_or_measured_with_never_both(server: Server) -> None:
    """What is learned measures nothing; whoever changes their mind moves it."""
    _suggest(server)
    name = _id_of(server, "How much does Year cost?")
    accept_suggestions(server, LOCAL, [name], side="examples")

    material = read_material(server.workspace)
    assert [(one.question, one.completion, one.metadata["origin"]) for one in material.examples] == [
        ("How much does Year cost?", "60 €", "synthetic")
    ]
    accept_suggestions(server, LOCAL, [name])
    material = read_material(server.workspace)
    assert ([one.text for one in material.questions], material.examples) == (["How much does Year cost?"], ())


def test_a_suggestion_that_is_nearly_held_out_is_not_learned(server: Server) -> None:
    """The guard holds for synthetic examples as for all others."""
    _suggest(server)
    row = {"question": "how much does year cost", "answers": ["60"]}
    server.workspace.questions_folder.mkdir(exist_ok=True)
    (server.workspace.questions_folder / "own.jsonl").write_text(json.dumps(row) + "\n")

    with pytest.raises(BadParameter, match="nearly a held-out question"):
        accept_suggestions(server, LOCAL, [_id_of(server, "How much does Year cost?")], side="examples")


def test_only_who_may_tune_accepts(server: Server) -> None:
    """A reader looks, and changes nothing."""
    _suggest(server)
    reader = Caller(id="r", name="reader", verbs=("read",), stores=(DOMAIN_STORE,))
    with pytest.raises(NotAllowed):
        accept_suggestions(server, reader, [_id_of(server, "How much does Year cost?")])


def test_an_empty_index_and_an_order_for_nothing_say_so(tmp_path: Path) -> None:
    """An error names what to do."""
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    server = Server(folder, n_processes=2)
    with pytest.raises(NoDocuments, match="no documents"):
        _suggest(server)
    server.close()
    with pytest.raises(BadParameter, match="Between 1 and"):
        suggestion_order(0)
    with pytest.raises(BadParameter, match="No kind of question named 'poem'"):
        suggestion_order(5, ["poem"])


def test_a_written_example_is_learned_unless_it_is_held_out(server: Server) -> None:
    """What is measured with must not be learned, whoever writes it."""
    _suggest(server)
    accept_suggestions(server, LOCAL, [_id_of(server, "How much does Year cost?")])

    add_example(server, LOCAL, "May I bring a dog?", "Yes, on a lead.", ["garden.md"])
    with pytest.raises(BadParameter, match="held-out question"):
        add_example(server, LOCAL, "how much does year cost", "60 €")
    with pytest.raises(BadParameter, match="Provide the answer"):
        add_example(server, LOCAL, "May I bring a cat?", " ")

    material = read_material(server.workspace)
    assert [(one.question, one.completion) for one in material.examples] == [
        ("May I bring a dog?", "Yes, on a lead.")
    ]
