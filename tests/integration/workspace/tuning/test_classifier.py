"""A domain of labels: tuned in seconds, asked, deployed, and asked over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.served import SETTINGS, Served

from lorewright.access import LOCAL
from lorewright.errors import NoLabels, TooFewExamples
from lorewright.jobs import Steps
from lorewright.messages import Message
from lorewright.workspace import Workspace
from lorewright.workspace.comparisons.plan import plan_comparison
from lorewright.workspace.dataset.material import material_for
from lorewright.workspace.deployments.deploy import Order, deploy
from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.flows.ask import ask
from lorewright.workspace.tuning.tune import tune, why_no_classifier

TOPICS = {
    "parcel": "my parcel with the order did not arrive at the door",
    "invoice": "the invoice shows a wrong amount and one double charge",
    "login": "I cannot log in because someone reset the password",
}


def row(text: str, number: int, label: str) -> dict[str, str]:
    words = text.split()
    return {"question": " ".join([*words[number % 5 :], *words[: number % 5], str(number)]), "answer": label}


LABELLED = [row(text, number, label) for label, text in TOPICS.items() for number in range(10)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = init_domain(tmp_path / "desk")
    (folder / "lorewright.toml").write_text(SETTINGS)
    held_out = {"question": "Is the shop open on Sundays?", "answer": "login"}
    (folder / "questions" / "q.jsonl").write_text(json.dumps(held_out) + "\n")
    write(folder, LABELLED)
    return folder


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    with Workspace(folder) as workspace:
        yield workspace


def write(folder: Path, rows: list[dict[str, str]]) -> None:
    (folder / "examples" / "e.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))


def tuned(workspace: Workspace) -> tuple[dict[str, Any], str]:
    """Return what tuning returned, and what it said."""
    job = workspace.queue.submit("tune", {"only": None})
    result = tune(workspace, {"only": None}, Steps(workspace.queue, job.id, 1))
    events = workspace.queue.events(job.id, after=0)
    return result, "\n".join(str(event.body.get("text", "")) for event in events)


def asked(workspace: Workspace, text: str) -> str:
    return ask(workspace, LOCAL, (Message("user", text),), arm="tuned").text


def test_tuning_on_labels_trains_a_classifier_and_says_so(workspace: Workspace) -> None:
    """No model of language is needed, and none is loaded."""
    result, said = tuned(workspace)
    run = result["runs"]["classifier"]
    assert set(result["runs"]) == {"classifier"}
    assert run["metrics"]["heads"][0]["n_labels"] == 3
    assert "the arm tuned is a classifier" in said
    assert 'method = "lora"' in said
    assert asked(workspace, "the invoice shows a wrong amount") == "invoice"


def test_a_classifier_stays_where_the_other_adapter_cannot_be_trained(workspace: Workspace) -> None:
    """Whoever has documents and few labelled examples would else be told of an error alone."""
    (workspace.folder / "documents" / "parcels.md").write_text("# Parcels\n\nA parcel takes two days.\n")
    result, said = tuned(workspace)
    assert set(result["runs"]) == {"classifier"}
    assert "The context adapter is not trained. There are" in said
    assert "tuning needs 50" in said
    assert asked(workspace, "the invoice shows a wrong amount") == "invoice"


def test_a_few_examples_of_each_of_many_labels_are_enough(workspace: Workspace) -> None:
    """Eight labels with four examples each are labels as well as three with ten."""
    rows = [
        {"question": f"{word} {verb} {verb}", "answer": word}
        for word in ("heating", "water", "keys", "noise", "rent", "lift", "waste", "garden")
        for verb in ("is broken", "again today", "in my flat", "since yesterday")
    ]
    write(workspace.folder, rows)
    assert set(tuned(workspace)[0]["runs"]) == {"classifier"}


def test_the_same_examples_are_not_trained_on_again(workspace: Workspace) -> None:
    first = tuned(workspace)[0]["runs"]["classifier"]["id"]
    assert tuned(workspace)[0]["runs"]["classifier"]["id"] == first
    write(workspace.folder, LABELLED[:-1])
    assert tuned(workspace)[0]["runs"]["classifier"]["id"] != first


def test_before_it_is_trained_the_arm_says_how(workspace: Workspace) -> None:
    with pytest.raises(TooFewExamples, match="needs the classifier") as missing:
        asked(workspace, "the invoice shows a wrong amount")
    assert "lorewright tune" in missing.value.hint


def test_free_text_cannot_be_classified(workspace: Workspace) -> None:
    rows = [{"question": f"Q{n}?", "answer": f"It takes {n} days, then we call."} for n in range(30)]
    write(workspace.folder, rows)
    (workspace.folder / "lorewright.toml").write_text(f'{SETTINGS}[tuning]\nmethod = "classifier"\n')
    workspace.reload()
    with pytest.raises(NoLabels, match="free text") as refused:
        tuned(workspace)
    assert 'method = "lora"' in refused.value.hint


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (["refund"] * 30, "All examples have the same answer, 'refund'."),
        (
            [json.dumps({"kind": "ab"[n % 2], "why": f"reason {n}"}) for n in range(30)],
            "The JSON field holds free values, not labels: why.",
        ),
    ],
)
def test_answers_that_are_nearly_labels_say_why_they_are_not(
    workspace: Workspace, answers: list[str], reason: str
) -> None:
    """Whoever expects a classifier must see what stands in its way, before an hour of training."""
    write(workspace.folder, [{"question": f"Q{n}?", "answer": answer} for n, answer in enumerate(answers)])
    said = why_no_classifier(workspace.settings, material_for(workspace, LOCAL))
    assert said == f"{reason} The arm tuned is a language model."


def test_every_arm_says_what_it_needs_before_a_comparison(workspace: Workspace) -> None:
    """The base of a language model is not what a classifier needs."""
    plan = plan_comparison(workspace, LOCAL)
    arm = next(arm for arm in plan.arms if arm.name == "tuned")
    assert (arm.adapters, arm.why_not) == (("classifier",), "")
    assert arm.summary == "a classifier trained on the labels of the examples"
    assert plan.missing_adapters["classifier"] < 60


def test_labels_that_differ_by_case_are_one_and_named(workspace: Workspace) -> None:
    again = [{"question": f"{one['question']} please", "answer": "Invoice"} for one in LABELLED[10:13]]
    write(workspace.folder, [*LABELLED, *again])
    result, said = tuned(workspace)
    assert result["runs"]["classifier"]["metrics"]["heads"][0]["n_labels"] == 3
    assert "taken as one label: 'invoice', 'Invoice'" in said


def test_a_deployed_version_keeps_its_classifier(folder: Path) -> None:
    """What is tuned later must not change what a version answers."""
    with Workspace(folder) as workspace:
        first = tuned(workspace)[0]["runs"]["classifier"]
        deploy(workspace, LOCAL, Order(name="triage", arm="tuned"))
        write(folder, [{**one, "answer": f"{one['answer']} desk"} for one in LABELLED])
        tuned(workspace)
        assert asked(workspace, "the invoice shows a wrong amount") == "invoice desk"
    served = Served(folder)
    try:
        client = served.client()
        turns: Any = [{"role": "user", "content": "the invoice shows a wrong amount"}]
        reply = client.chat.completions.create(model="triage", messages=turns)
        assert reply.choices[0].message.content == "invoice"
        told = (reply.model_extra or {})["lorewright"]["labels"][0]
        assert told["top"][0]["label"] == "invoice"
        assert "nearest" not in told  # examples are shown in the trace, to those who may see it
        streamed = client.chat.completions.create(model="triage", messages=turns, stream=True)
        assert (
            "".join(chunk.choices[0].delta.content or "" for chunk in streamed if chunk.choices) == "invoice"
        )
        assert served.opened == []
        assert Path(first["path"]).is_file()
    finally:
        served.close()
