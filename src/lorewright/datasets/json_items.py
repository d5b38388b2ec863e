"""The items of a JSON text: a list, values one after another, lists under names, or answers by question."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Any

from lorewright.datasets.mapping import COMPLETION, PROMPT
from lorewright.json_text import read_json

_TURN = frozenset({"role", "from"})
_LEAST_SHARE = 0.6
_GAP = re.compile(r"[ \t\r\n,]*")


@dataclass(frozen=True, slots=True)
class JsonItems:
    """What a text holds, in order, and the JSON that it stands in; `names` are those of its lists."""

    items: tuple[Any, ...]
    whole: Any
    names: tuple[str, ...] = ()
    is_lines: bool = False

    def text_with(self, number: int, new: Sequence[Any]) -> str:
        """Return the text with other items in the place of the one with this number, counted from 1."""
        if self.is_lines:
            return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in self._with(number, new))
        return json.dumps(self._whole_with(number, new), ensure_ascii=False, indent=2) + "\n"

    def _whole_with(self, number: int, new: Sequence[Any]) -> Any:
        if not self.names:
            return self._with(number, new)
        whole, n_before = dict(self.whole), 0
        for name in self.names:
            place, listed = number - 1 - n_before, self.whole[name]
            if 0 <= place < len(listed):
                whole[name] = [*listed[:place], *new, *listed[place + 1 :]]
            n_before += len(listed)
        return whole

    def _with(self, number: int, new: Sequence[Any]) -> list[Any]:
        return [*self.items[: number - 1], *new, *self.items[number:]]


def items_in(text: str) -> JsonItems:
    """Return the items of a JSON text; raise `json.JSONDecodeError` for what is none.

    An object is one item, unless it holds lists of objects under names of their own, such as `data`, or
    `train` and `test`, or texts under their questions.
    """
    try:
        whole = read_json(text)
    except JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise
        return JsonItems(tuple(_values_in(text)), None, is_lines=True)
    if isinstance(whole, list):
        return JsonItems(tuple(whole), whole)
    if isinstance(whole, dict):
        if names := _lists_in(whole):
            return JsonItems(tuple(item for name in names for item in whole[name]), whole, names)
        if _is_by_question(whole):
            return JsonItems(tuple({"question": key, "answer": value} for key, value in whole.items()), whole)
    return JsonItems((whole,), whole)


def is_over_lines(text: str) -> bool:
    """Return whether a text that should have a value on each line has one list, or values of many lines."""
    first = text.lstrip().partition("\n")[0].strip()
    if not first.startswith(("[", "{")):
        return False
    try:
        return isinstance(read_json(first), list) and not text.lstrip().partition("\n")[2].strip()
    except JSONDecodeError:
        return _is_json(text)


def _is_json(text: str) -> bool:
    try:
        return bool(_values_in(text))
    except JSONDecodeError:
        return False


def _values_in(text: str) -> list[Any]:
    """Return the values that stand one after another, with white space or commas between them."""
    values, place = list[Any](), 0
    while (place := _end_of_gap(text, place)) < len(text):
        try:
            value, place = JSONDecoder().raw_decode(text, place)
        except RecursionError as error:
            raise JSONDecodeError("nested too deeply", text, place) from error
        values.append(value)
    return values[0] if len(values) == 1 and isinstance(values[0], list) else values


def _end_of_gap(text: str, place: int) -> int:
    gap = _GAP.match(text, place)
    return gap.end() if gap else place


def _lists_in(whole: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the lists of objects in an object, none where it is a row by itself."""
    lists = {name: value for name, value in whole.items() if isinstance(value, list) and value}
    is_row = any(isinstance(value[0], dict) and value[0].keys() & _TURN for value in lists.values())
    known = {name.strip().lower() for name in whole}
    if is_row or (known & set(PROMPT) and known & set(COMPLETION)):
        return ()
    return tuple(name for name, value in lists.items() if all(isinstance(item, dict) for item in value))


def _is_by_question(whole: Mapping[str, Any]) -> bool:
    """Return whether an object holds texts under what they answer: columns have names of a word."""
    n_phrases = sum(" " in name.strip() or name.endswith("?") for name in whole)
    return (
        bool(whole)
        and all(isinstance(value, str) for value in whole.values())
        and n_phrases >= _LEAST_SHARE * len(whole)
        and (len(whole) > 2 or any(name.endswith("?") for name in whole))
    )
