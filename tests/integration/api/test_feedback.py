"""Feedback: thumbs that count, and corrections that become examples or held-out questions."""

import json
from pathlib import Path
from typing import Any

import openai
import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served

from lorewright.datasets import read_examples
from lorewright.evaluation import read_questions
from lorewright.workspace.dataset.material import read_material


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def answer(client: openai.OpenAI, question: str, **more: Any) -> str:
    """Return the id of the answer to a question."""
    told = client.chat.completions.create(
        model="handbook/rag", messages=[{"role": "user", "content": question}], **more
    )
    return str(told.id)


def rows(folder: Path) -> list[dict[str, Any]]:
    """Return what a folder's feedback file holds."""
    path = folder / "feedback.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_an_answer_is_kept_with_its_question_and_what_made_it(call: Call, client: openai.OpenAI) -> None:
    answer_id = answer(client, "How many days of leave?")
    status, kept = call("GET", f"/answers/{answer_id}")
    assert (status, kept["messages"][0]["content"]) == (200, "How many days of leave?")
    assert kept["text"] == "Every employee has 28 days of leave a year."
    assert kept["provenance"]["index_version"]
    plain = client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "Hi"}])
    assert call("GET", f"/answers/{plain.id}")[1]["text"] == "You said: Hi"


def test_a_streamed_answer_is_kept_too(call: Call, client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="parrot", messages=[{"role": "user", "content": "one two"}], stream=True
        )
    )
    assert call("GET", f"/answers/{chunks[0].id}")[1]["text"] == "You said: one two"


def test_every_answer_of_the_api_has_its_trace(call: Call, client: openai.OpenAI) -> None:
    """Who wonders about an answer sees node by node where it came from, by the id that they have."""
    status, trace = call("GET", f"/answers/{answer(client, 'How many days of leave?')}/trace")

    assert (status, trace["hits"][0]["document_id"], trace["hits"][0]["number"]) == (200, "leave.md", 1)
    assert "How many days of leave?" in trace["prompt"][-1]["content"]
    nodes = {node["id"]: node for node in trace["nodes"]}
    assert nodes["generate"]["tokens_in"] > nodes["generate"]["tokens_out"] > 0
    plain = client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "Hi"}])
    assert call("GET", f"/answers/{plain.id}/trace")[1]["prompt"] == [{"role": "user", "content": "Hi"}]


def test_an_answer_that_is_not_stored_has_no_trace(call: Call, client: openai.OpenAI) -> None:
    """A trace holds the words of the question and of the documents."""
    status, _ = call("GET", f"/answers/{answer(client, 'How many days of leave?', store=False)}/trace")

    assert status == 404


def test_thumbs_count_for_the_version_that_answered(call: Call, client: openai.OpenAI) -> None:
    call("POST", "/deployments", {"name": "desk", "arm": "rag"})
    told = client.chat.completions.create(model="desk", messages=[{"role": "user", "content": "Leave?"}])
    status, given = call("POST", "/feedback", {"answer": told.id, "thumb": "down"})
    assert (status, given["version"], given["by"]) == (200, "desk@1", "test")
    _, traffic = call("GET", "/deployments/desk/traffic")
    assert traffic["versions"][0]["thumbs_up"]["mean"] == 0.0
    call("POST", "/feedback", {"answer": told.id, "thumb": "up"})
    _, traffic = call("GET", "/deployments/desk/traffic")
    assert traffic["versions"][0]["thumbs_up"] == {
        **traffic["versions"][0]["thumbs_up"], "mean": 1.0, "n": 1,
    }  # fmt: skip
    assert len(call("GET", "/feedback?deployment=desk")[1]["data"]) == 1


def test_corrections_go_to_one_side_each_and_to_both_together(
    call: Call, client: openai.OpenAI, served: Served
) -> None:
    """What is learned is never measured on."""
    for number in range(12):
        answer_id = answer(client, f"Who signs form {number}?")
        status, given = call("POST", "/feedback", {"answer": answer_id, "correction": f"Clerk {number}."})
        assert (status, given["status"]) == (200, "placed")
    workspace = served.running.workspace
    learned, held_out = rows(workspace.examples_folder), rows(workspace.questions_folder)
    assert len(learned) + len(held_out) == 12
    assert learned
    assert held_out
    assert not {row["id"] for row in learned} & {row["id"] for row in held_out}
    assert learned[0]["meta"]["by"] == "test"
    material = read_material(workspace)
    assert (len(material.examples), len(material.questions)) == (len(learned), len(held_out))
    assert {question.targets[0][:5] for question in material.questions} == {"Clerk"}


@pytest.mark.parametrize("side", ["examples", "questions"])
def test_a_near_duplicate_goes_where_the_like_of_it_is(
    side: str, call: Call, client: openai.OpenAI, served: Served
) -> None:
    folder = served.running.workspace.folder / side
    folder.mkdir(exist_ok=True)
    known = [{"question": f"How is case {n} closed?", "answer": f"By form {n}."} for n in range(8)]
    (folder / "known.jsonl").write_text("".join(json.dumps(row) + "\n" for row in known))
    if side == "examples":  # so that the examples are all there to learn from
        (served.running.workspace.questions_folder).mkdir(exist_ok=True)
        (served.running.workspace.questions_folder / "q.jsonl").write_text(
            '{"question": "Else?", "answer": "x"}'
        )
    for number in range(8):
        asked = answer(client, f"how is case {number} closed")
        _, given = call("POST", "/feedback", {"answer": asked, "correction": "By hand."})
        assert (given["side"], given["similarity"]) == (side, 1.0)


def test_an_unlike_question_keeps_its_side_when_it_is_corrected_again(
    call: Call, client: openai.OpenAI, served: Served
) -> None:
    answer_id = answer(client, "Who is the boss?")
    _, first = call("POST", "/feedback", {"answer": answer_id, "correction": "Ada."})
    _, second = call("POST", "/feedback", {"answer": answer_id, "correction": "Bob."})
    assert (second["id"], second["side"]) == (first["id"], first["side"])
    folder = served.running.workspace.folder / first["side"]
    assert len(rows(folder)) == 1
    assert "Bob." in json.dumps(rows(folder))
    assert call("DELETE", f"/feedback/{first['id']}")[1]["deleted"]
    assert rows(folder) == []


def test_a_correction_that_refuses_teaches_to_refuse(
    call: Call, client: openai.OpenAI, served: Served
) -> None:
    answer_id = answer(client, "Who wins the cup?")
    call("POST", "/feedback", {"answer": answer_id, "correction": "I cannot answer that from the documents."})
    workspace = served.running.workspace
    learned = [example.answerable for example in read_examples(workspace.examples_folder).examples]
    measured = [question.answerable for question in read_questions(workspace.questions_folder)]
    assert learned + measured == [False]


def test_an_exemplary_answer_is_learned_as_it_is(call: Call, client: openai.OpenAI) -> None:
    answer_id = answer(client, "How many days of leave?")
    _, given = call("POST", "/feedback", {"answer": answer_id, "thumb": "up", "exemplary": True})
    assert given["status"] == "placed"
    assert call("POST", "/feedback", {"answer": answer_id, "thumb": "down", "exemplary": True})[0] == 400


def test_a_correction_waits_for_one_who_may_tune(call: Call, served: Served) -> None:
    """A caller's word alone does not change what the model learns."""
    _, secret = served.running.keys.make("caller", verbs=("chat", "read"))
    with served.client(secret) as client:
        answer_id = answer(client, "Who is the boss?")
    _, given = call("POST", "/feedback", {"answer": answer_id, "correction": "Mallory."}, key=secret)
    assert (given["status"], given["side"]) == ("waiting", None)
    assert (
        rows(served.running.workspace.examples_folder) + rows(served.running.workspace.questions_folder) == []
    )
    assert call("POST", f"/feedback/{given['id']}/accept", key=secret)[0] == 403
    _, accepted = call("POST", f"/feedback/{given['id']}/accept")
    assert (accepted["status"], accepted["by"]) == ("placed", "caller")


def test_an_answer_of_another_key_does_not_exist(call: Call, client: openai.OpenAI, served: Served) -> None:
    answer_id = answer(client, "Who is the boss?")
    _, secret = served.running.keys.make("stranger")
    status, told = call("POST", "/feedback", {"answer": answer_id, "thumb": "up"}, key=secret)
    _, absent = call("POST", "/feedback", {"answer": "chatcmpl-none", "thumb": "up"}, key=secret)
    assert status == 404
    assert told["error"]["message"].replace(answer_id, "chatcmpl-none") == absent["error"]["message"]


def test_words_that_are_not_to_be_stored_are_not(call: Call, client: openai.OpenAI) -> None:
    answer_id = answer(client, "My secret?", store=False)
    _, kept = call("GET", f"/answers/{answer_id}")
    assert (kept["messages"], kept["text"]) == (None, None)
    assert call("POST", "/feedback", {"answer": answer_id, "thumb": "up"})[0] == 200
    status, told = call("POST", "/feedback", {"answer": answer_id, "correction": "x"})
    assert (status, told["error"]["param"]) == (400, "answer")
