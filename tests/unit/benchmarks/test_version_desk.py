"""The bundled domain: what its files promise to whoever compares arms on it."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from benchmarks.version_desk.build import DOMAIN, build
from benchmarks.version_desk.wording import REFUSAL

CARD = re.compile(
    r"(?P<product>.+) (?P<release>\S+): (?P<light>GREEN|AMBER|RED)\n"
    r"Fixes until: (?P<until>.+)\nNext: (?P<next>.+)"
)
PHASE_OF = {"GREEN": "full support", "AMBER": "closing", "RED": "ended"}


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DOMAIN / name).read_text(encoding="utf-8").splitlines()]


def follows_from(card: str, page: str) -> bool:
    """Whether everything a card says stands on the page: the release's line, and what to move to."""
    said = CARD.fullmatch(card)
    assert said, card
    steps = {"GREEN": r"stay", "AMBER": r"plan for (\S+)", "RED": r"move to (\S+)"}
    step = re.fullmatch(steps[said["light"]], said["next"])
    assert step, card
    line = f"- {said['product']} {said['release']}: {PHASE_OF[said['light']]}, fixes until {said['until']}"
    return line in page.splitlines() and (not step.groups() or f"New work starts on {step[1]}." in page)


def test_the_files_are_those_that_the_facts_give() -> None:
    """Whoever changes a fact or a wording must build the domain again."""
    built = build(DOMAIN)
    assert {path: path.read_text(encoding="utf-8") for path in built} == built
    generated = {path for path in DOMAIN.rglob("*") if path.is_file() and path.parent.name != "desk"}
    assert generated - set(built) == {DOMAIN / "README.md", DOMAIN / "lorewright.toml"}


def test_every_example_follows_from_its_page() -> None:
    for example in lines("examples/desk.jsonl"):
        card = example["messages"][-1]["content"]
        assert (card == REFUSAL) is not example["meta"]["answerable"]
        for page in example["meta"]["document_ids"]:
            assert follows_from(card, (DOMAIN / "documents" / page).read_text(encoding="utf-8"))


def test_every_held_out_answer_follows_from_its_page() -> None:
    for question in lines("questions/held-out.jsonl"):
        assert bool(question["document_ids"]) is question["answerable"]
        for page in question["document_ids"]:
            text = (DOMAIN / "documents" / page).read_text(encoding="utf-8")
            assert follows_from(question["answers"][0], text)


def test_an_unanswerable_question_is_on_no_page() -> None:
    """Neither before the update nor after it: a refusal stays right."""
    pages = [path.read_text(encoding="utf-8") for path in DOMAIN.rglob("documents/*/*.md")]
    asked = [q["question"] for q in lines("questions/held-out.jsonl") if not q["answerable"]]
    listed = {
        f"{page.splitlines()[0][2:]} {release}"
        for page in pages
        for release in re.findall(r"^- .+ (\S+):", page, re.M)
    }
    for question in asked:
        assert not [name for name in listed if re.search(rf"{re.escape(name)}(?![.\w]*\d)", question)]


def test_the_update_turns_old_answers_stale() -> None:
    """The old answer follows from the old page, the new one from the new page, and they differ."""
    for question in lines("update/questions.jsonl"):
        (page,), (answer,), (stale,) = (
            question["document_ids"],
            question["answers"],
            question["stale_answers"],
        )
        new = (DOMAIN / "update" / "documents" / page).read_text(encoding="utf-8")
        old = (DOMAIN / "documents" / page).read_text(encoding="utf-8")
        assert follows_from(answer, new)
        assert stale == REFUSAL or follows_from(stale, old)
        assert answer != stale
        assert new != old


def test_no_held_out_wording_occurs_in_the_examples() -> None:
    """A held-out question that is a near-copy of an example would be thrown out of the training."""
    trained = [set(words(example["messages"][1]["content"])) for example in lines("examples/desk.jsonl")]
    for question in lines("questions/held-out.jsonl") + lines("update/questions.jsonl"):
        asked = set(words(question["question"]))
        assert max(len(asked & known) / len(asked | known) for known in trained) < 0.7, question["question"]


def test_examples_do_not_repeat_themselves() -> None:
    asked = [set(words(example["messages"][1]["content"])) for example in lines("examples/desk.jsonl")]
    assert max(len(one & other) / len(one | other) for one, other in combinations(asked, 2)) < 1.0


def test_some_products_are_in_no_example() -> None:
    """Half of the held-out questions ask what tuning cannot have seen."""
    seen = {page for example in lines("examples/desk.jsonl") for page in example["meta"]["document_ids"]}
    asked = [q for q in lines("questions/held-out.jsonl") if q["answerable"]]
    assert 0.4 <= sum(q["document_ids"][0] not in seen for q in asked) / len(asked) <= 0.6


@pytest.mark.parametrize("n_first", [20, 30, 60])
def test_the_first_questions_hold_every_kind(n_first: int) -> None:
    """A demo that asks only some of them still measures every kind."""
    asked = lines("questions/held-out.jsonl")[:n_first]
    assert 0.1 <= sum(not question["answerable"] for question in asked) / n_first <= 0.25
    assert {match["light"] for q in asked if (match := CARD.fullmatch(q["answers"][0]))} == set(PHASE_OF)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+|[\d.]*\d", text.lower())


def test_another_folder_gets_the_same_files(tmp_path: Path) -> None:
    """Building depends on nothing but the two tables."""
    assert list(build(tmp_path).values()) == list(build(DOMAIN).values())
