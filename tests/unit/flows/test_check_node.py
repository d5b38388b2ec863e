"""A draft that breaks a rule is refused, or written once more."""

import pytest
from tests.fixtures.drawn_flows import asking, drawn, made

from lorewright.errors import InvalidFlow
from lorewright.flows import Node, check, run
from lorewright.flows.answer import Draft
from lorewright.flows.fakes import GivenParts
from lorewright.flows.parameters import build
from lorewright.models.fakes import ScriptedEngine

SCHEMA = '{"type": "object", "required": ["days"], "properties": {"days": {"type": "integer"}}}'


def checked(text: str, **params: object) -> Draft:
    draft: Draft = made("check", {"refusal": "No."} | params, GivenParts({}), draft=Draft(text=text))["draft"]
    return draft


@pytest.mark.parametrize(
    ("params", "right", "wrong"),
    [
        ({"pattern": r"^Status: (green|red)"}, "Status: green.", "It is green."),
        ({"schema": SCHEMA}, '{"days": 28}', '{"days": "28"}'),
        ({"schema": SCHEMA}, '{"days": 28}', "28 days"),
        ({"max_words": 3}, "one two three", "one two three four"),
        ({"must_cite": True}, "28 days [1].", "28 days."),
        ({"banned": ["as an AI"]}, "As an aide, yes.", "As an AI, I cannot."),
        ({}, "Anything.", ""),
        ({"schema": '{"$ref": "http://elsewhere.invalid/schema.json"}'}, None, "{}"),
    ],
)
def test_a_rule_passes_what_keeps_it_and_refuses_what_breaks_it(
    params: dict[str, object], right: str | None, wrong: str
) -> None:
    if right is not None:
        assert checked(right, **params) == Draft(text=right)
    refused = checked(wrong, **params)
    assert (refused.text, refused.refused) == ("No.", True)


def test_a_refusal_passes_every_rule() -> None:
    refusal = Draft(text="I do not know.", refused=True)

    assert made("check", {"must_cite": True}, GivenParts({}), draft=refusal)["draft"] == refusal


def flow(**params: object) -> tuple[object, ...]:
    return (
        {"prompt": ("prompt", {}), "generate": ("generate", {}), "check": ("check", params)},
        "question.conversation > prompt.conversation",
        "prompt.messages > generate.messages",
        "generate.draft > check.draft",
        "check.draft > answer.draft",
    )


@pytest.mark.parametrize(("again", "text"), [("28 days [1].", "28 days [1]."), ("28 days!", "No.")])
def test_a_text_is_written_once_more_and_told_what_is_wrong(again: str, text: str) -> None:
    engine = ScriptedEngine(lambda messages: again if len(messages) > 1 else "28 days.")
    nodes, *edges = flow(must_cite=True, on_failure="regenerate", refusal="No.")

    answer = run(
        drawn(nodes, *edges, "prompt.messages > check.messages"),  # type: ignore[arg-type]
        asking("How many days?"),
        GivenParts({"": engine}),
    )

    assert (answer.text, answer.refused) == (text, text == "No.")
    assert "number of the text" in engine.seen[1][-1].content
    assert engine.seen[1][-2].content == "28 days."
    assert answer.usage.completion_tokens == 2 + len(again.split())  # of both texts
    assert len(engine.seen) == 2


def test_writing_once_more_needs_the_messages() -> None:
    nodes, *edges = flow(on_failure="regenerate")

    with pytest.raises(InvalidFlow, match=r"Nothing is connected to check\.messages"):
        check(drawn(nodes, *edges))  # type: ignore[arg-type]


@pytest.mark.parametrize("params", [{"pattern": "("}, {"schema": "{"}, {"schema": '{"type": "thing"}'}])
def test_rules_that_cannot_be_used_are_refused_before_anything_runs(params: dict[str, object]) -> None:
    with pytest.raises(InvalidFlow, match="Node 'rules'"):
        build(Node("rules", "check", params))
