"""Filters on attributes."""

import pytest

from lorewright.errors import BadParameter
from lorewright.knowledge import read_filter

ATTRIBUTES: dict[str, str | float | bool] = {"house": "north", "floor": 2, "open": True}


@pytest.mark.parametrize(
    ("kind", "key", "value", "holds"),
    [
        ("eq", "house", "north", True),
        ("eq", "floor", 2.0, True),
        ("eq", "open", 1, False),
        ("ne", "house", "north", False),
        ("ne", "missing", "north", True),
        ("gt", "floor", 2, False),
        ("gte", "floor", 2, True),
        ("lt", "house", "south", True),
        ("lt", "house", 3, False),
        ("gt", "open", 0, False),
        ("lte", "missing", 9, False),
        ("in", "house", ["north", "south"], True),
        ("nin", "house", ["north"], False),
        ("nin", "missing", ["north"], True),
    ],
)
def test_a_comparison_holds_for_attributes_of_its_type(
    kind: str, key: str, value: object, holds: bool
) -> None:
    assert read_filter({"type": kind, "key": key, "value": value}).holds(ATTRIBUTES) is holds


def test_and_needs_all_and_or_needs_one() -> None:
    right = {"type": "eq", "key": "house", "value": "north"}
    wrong = {"type": "eq", "key": "house", "value": "south"}
    assert not read_filter({"type": "and", "filters": [right, wrong]}).holds(ATTRIBUTES)
    assert read_filter({"type": "or", "filters": [wrong, right]}).holds(ATTRIBUTES)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"type": "like", "key": "a", "value": "b"}, "filters.type"),
        ({"type": "eq", "value": "b"}, "filters.key"),
        ({"type": "eq", "key": "a", "value": None}, "filters.value"),
        ({"type": "in", "key": "a", "value": "b"}, "filters.value"),
        ({"type": "or", "filters": []}, "filters.filters"),
        ({"type": "or", "filters": [{"type": "eq"}]}, "filters.filters[0].key"),
    ],
)
def test_what_is_no_filter_is_named(body: dict[str, object], param: str) -> None:
    with pytest.raises(BadParameter) as refused:
        read_filter(body)
    assert refused.value.param == param


def test_a_filter_that_is_too_deep_is_refused() -> None:
    """A request must not decide how deep our stack is."""
    body: dict[str, object] = {"type": "eq", "key": "a", "value": 1}
    for _ in range(50):
        body = {"type": "and", "filters": [body]}
    with pytest.raises(BadParameter, match="more than 10 levels deep"):
        read_filter(body)
