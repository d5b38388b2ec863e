"""Filters on the attributes of documents: comparisons, and `and` and `or` of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.errors import BadParameter

Value = str | float | bool
Attributes = Mapping[str, Value]

MAX_DEPTH = 10
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": lambda held, wanted: held > wanted,
    "gte": lambda held, wanted: held >= wanted,
    "lt": lambda held, wanted: held < wanted,
    "lte": lambda held, wanted: held <= wanted,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One attribute against a value; `value` is a list for `in` and `nin`."""

    key: str
    type: str
    value: Any

    def holds(self, attributes: Attributes) -> bool:
        """Return whether attributes fulfil it: a missing one only fulfils `ne` and `nin`."""
        held = attributes.get(self.key)
        if self.type in ("eq", "ne"):
            return _is_same(held, self.value) == (self.type == "eq")
        if self.type in ("in", "nin"):
            return any(_is_same(held, value) for value in self.value) == (self.type == "in")
        return _is_comparable(held, self.value) and _COMPARE[self.type](held, self.value)


@dataclass(frozen=True, slots=True)
class Compound:
    """Several filters of which all (`and`) or one (`or`) must hold."""

    type: str
    filters: tuple["Filter", ...]

    def holds(self, attributes: Attributes) -> bool:
        """Return whether attributes fulfil it."""
        fulfilled = (part.holds(attributes) for part in self.filters)
        return all(fulfilled) if self.type == "and" else any(fulfilled)


Filter = Comparison | Compound


def read_filter(body: Any, *, param: str = "filters", depth: int = 1) -> Filter:
    """Return the filter in a JSON value; raise `BadParameter` naming the part that is wrong."""
    if depth > MAX_DEPTH:
        raise BadParameter(param, f"{param} is nested more than {MAX_DEPTH} levels deep.")
    kind = body.get("type") if isinstance(body, Mapping) else None
    if kind in ("and", "or"):
        parts = body.get("filters")
        if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
            raise BadParameter(f"{param}.filters", f"{param}.filters must be a list of at least one filter.")
        return Compound(
            kind,
            tuple(
                read_filter(part, param=f"{param}.filters[{place}]", depth=depth + 1)
                for place, part in enumerate(parts)
            ),
        )
    if kind not in ("eq", "ne", "in", "nin", *_COMPARE):
        raise BadParameter(
            f"{param}.type",
            f"{param}.type is {kind!r}; it must be eq, ne, gt, gte, lt, lte, in, nin, and or or.",
        )
    key, value = body.get("key"), body.get("value")
    if not isinstance(key, str) or not key:
        raise BadParameter(f"{param}.key", f"{param}.key must be the name of an attribute.")
    if kind in ("in", "nin"):
        if not isinstance(value, list) or not all(isinstance(one, str | int | float) for one in value):
            raise BadParameter(f"{param}.value", f"{param}.value must be a list of strings or numbers.")
    elif not isinstance(value, str | int | float):
        raise BadParameter(f"{param}.value", f"{param}.value must be a string, a number, true or false.")
    return Comparison(key, kind, value)


def _is_same(held: Value | None, wanted: Value) -> bool:
    # In Python True == 1; for whoever wrote the attribute it is something else.
    return held == wanted and isinstance(held, bool) == isinstance(wanted, bool)


def _is_comparable(held: Value | None, wanted: Any) -> bool:
    if isinstance(held, str):
        return isinstance(wanted, str)
    return _is_number(held) and _is_number(wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
