"""A domain of labels by the command line: tuned, compared, deployed, asked."""

import json
from pathlib import Path

import pytest
from tests.fixtures.command_line import Domain
from tests.fixtures.tiny_base import write_tiny_gguf

pytestmark = pytest.mark.thorough

TOPICS = {
    "parcel": "my parcel with the order did not arrive at the door",
    "invoice": "the invoice shows a wrong amount and one double charge",
    "login": "I cannot log in because someone reset the password",
}
HELD_OUT = {
    "the order did not arrive": "parcel",
    "a double charge on the invoice": "invoice",
    "someone reset my password": "login",
    "where is the parcel with my order": "parcel",
    "a wrong amount": "invoice",
    "I cannot log in": "login",
}


def questions_of(text: str) -> list[str]:
    words = text.split()
    return [" ".join([*words[place:], *words[:place], f"case {place}"]) for place in range(len(words))]


@pytest.fixture
def labelled(tmp_path: Path) -> Domain:
    domain = Domain(tmp_path / "triage", tmp_path / "cache")
    domain.folder.mkdir()
    domain.run("init", ".")
    model = write_tiny_gguf(tmp_path / "tiny.gguf")
    domain.write("lorewright.toml", f'[models]\nembedding = "hashing"\nchat = "file:{model}"\n')
    rows = [
        {"question": question, "answer": label}
        for label, text in TOPICS.items()
        for question in questions_of(text)
    ]
    domain.write("examples/mails.jsonl", "\n".join(map(json.dumps, rows)))
    held_out = [{"question": question, "answers": [label]} for question, label in HELD_OUT.items()]
    domain.write("questions/held.jsonl", "\n".join(map(json.dumps, held_out)))
    return domain


def test_labels_go_from_examples_to_a_deployment(labelled: Domain) -> None:
    """The way of somebody with a folder of sorted mails and no model worth the name."""
    told = labelled.run("tune")
    assert "classifier: 3 labels" in told
    assert "right in cross-validation" in told

    told = labelled.json("compare")
    reports = {report["arm"]: report for report in told["comparison"]["reports"]}
    assert "naive-hybrid" not in reports
    assert reports["tuned"]["share_right"]["mean"] > reports["base"]["share_right"]["mean"]
    assert told["comparison"]["measured"]["labels"] == ["parcel", "invoice", "login"]
    assert told["comparison"]["primary"] == "exact"
    shown = labelled.run("report")
    assert "Macro-F1 over 3 labels: " in shown
    assert "Labels that were asked for" in (labelled.folder / told["html_path"]).read_text()

    labelled.run("deploy", "tuned", "--name", "triage", "--min", "correctness=0.1")
    assert labelled.run("ask", "--arm", "tuned", "the invoice shows a wrong amount").strip() == "invoice"
    trace = labelled.json("ask", "--arm", "tuned", "the invoice shows a wrong amount")["trace"]["classify"]
    assert trace["top"][0]["label"] == "invoice"
    assert trace["nearest"][0]["answer"] == "invoice"


def test_a_lora_is_one_setting_away(labelled: Domain) -> None:
    with (labelled.folder / "lorewright.toml").open("a") as file:
        file.write('[tuning]\nmethod = "lora"\nmin_examples = 10\nepochs = 1.0\n')
    assert labelled.run("tune").splitlines()[-1].startswith("bare: loss ")
