"""Patterns and schemas that would keep a server busy for hours are ended, and told."""

import pytest
from tests.fixtures.drawn_flows import asking, made

from lorewright.errors import InvalidFlow
from lorewright.flows import Node
from lorewright.flows.answer import Draft
from lorewright.flows.fakes import GivenParts
from lorewright.flows.parameters import build

ENDLESS = r"^(?:a|aa)+$"
VICTIM = "a" * 80 + "b"


def checked(text: str, **params: object) -> Draft:
    draft: Draft = made("check", {"refusal": "No."} | params, GivenParts({}), draft=Draft(text=text))["draft"]
    return draft


def test_a_pattern_that_never_ends_is_ended() -> None:
    with pytest.raises(InvalidFlow, match=r"exceeded 0\.5 seconds"):
        checked(VICTIM, pattern=ENDLESS)


def test_so_it_is_where_a_pattern_chooses_the_branch() -> None:
    params = {"rule": "pattern", "pattern": ENDLESS}

    with pytest.raises(InvalidFlow, match="exceeded"):
        made("route", params, GivenParts({}), conversation=asking(VICTIM))


def test_so_it_is_inside_of_a_schema() -> None:
    with pytest.raises(InvalidFlow, match="exceeded"):
        checked(f'"{VICTIM}"', schema=f'{{"pattern": "{ENDLESS}"}}')


def test_references_that_multiply_are_ended() -> None:
    steps = [f'"a{n}": {{"allOf": [{{"$ref": "#/$defs/a{n + 1}"}}, {{"$ref": "#/$defs/a{n + 1}"}}]}}'
             for n in range(40)]  # fmt: skip
    schema = f'{{"$ref": "#/$defs/a0", "$defs": {{{", ".join(steps)}, "a40": {{}}}}}}'

    with pytest.raises(InvalidFlow, match="took longer than 2 seconds"):
        checked("1", schema=schema)


def test_a_schema_that_names_itself_refuses_instead_of_failing() -> None:
    assert checked("1", schema='{"$ref": "#"}').refused


@pytest.mark.parametrize(
    "params",
    [
        {"pattern": "((((a{100}){100}){100}){100})"},
        {"pattern": "a{99999999999999999999}"},
        {"pattern": "(" * 900 + ")" * 900},
        {"pattern": "a" * 3000},
        {"pattern": "("},
        {"schema": '{"properties": {"x": {"pattern": "(a{9999}){9999}"}}}'},
        {"schema": '{"patternProperties": {"^(a|aa)+$": {}}}'},
        {"schema": "[" * 100_000},
    ],
)
def test_what_would_use_up_memory_is_refused_before_it_runs(params: dict[str, str]) -> None:
    with pytest.raises(InvalidFlow):
        build(Node("form", "check", params))


def test_patterns_people_write_still_work() -> None:
    iban = r"\b[A-Z]{2}\d{2}(?:\s?\d{4}){4}\s?\d{1,2}\b"

    assert not checked("DE89 3704 0044 0532 0130 00", pattern=iban).refused
    assert not checked(
        "Die Übung am 2027-04-30.", pattern=r"(?i)\bübung\b.*(?=2027)\d{4}-\d{2}-\d{2}"
    ).refused
