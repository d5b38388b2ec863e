"""Requests in JSON: what is null was not given, and every text can be stored."""

import re
from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, model_validator
from pydantic.fields import FieldInfo

from lorewright.errors import BadParameter

MOST_LEVELS = 100


class RequestBody(BaseModel):
    """A part of a request.

    A field that is null is not given, unless null says something there: many clients send every
    field that they know. Raises `BadParameter` for half of a surrogate pair, which no database and
    no file takes, and for what is nested deeper than a hundred levels.
    """

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        need_text(given)
        if not isinstance(given, Mapping):
            return given
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        return {
            name: value
            for name, value in given.items()
            if value is not None or name not in fields or _takes_null(fields[name])
        }


def need_text(given: Any, *, param: str = "") -> None:
    """Raise `BadParameter`, with its place, for a text in JSON that cannot be stored."""
    waiting: list[tuple[str, Any, int]] = [(param, given, 0)]
    while waiting:
        place, value, depth = waiting.pop()
        if isinstance(value, str):
            _need_whole(value, place)
        elif isinstance(value, Mapping | list):
            if depth == MOST_LEVELS:
                raise BadParameter(
                    place.split(".")[0], f"The body is nested too deeply: the limit is {MOST_LEVELS} levels."
                )
            inner = value.items() if isinstance(value, Mapping) else enumerate(value)
            for name, one in inner:
                _need_whole(str(name), place)
                waiting.append((f"{place}.{name}" if place else str(name), one, depth + 1))


def first_wrong(errors: Sequence[Mapping[str, Any]], body: Any) -> tuple[str, str]:
    """Return the place of the first wrong value of a body, as the body has it, and what it should be.

    Of a value that may be of several kinds, pydantic tells one error for each, by names that no
    client knows (`stop.str`, `stop.list[str]`): here they are one, at the place that is wrong for
    the kind that fits best.
    """
    place = _place(errors[0], body)
    told = [error for error in errors if _place(error, body)[: len(place)] == place]
    if len(place) < len(errors[0]["loc"]):
        place = max((_place(error, body) for error in told), key=len)
    here = [str(error["msg"]) for error in told if _place(error, body) == place]
    return ".".join(map(str, place)), _either(here).removeprefix("Value error, ")


def _place(error: Mapping[str, Any], body: Any) -> tuple[str | int, ...]:
    """Return where an error is without the names of kinds in it: steps that the body does not have."""
    place: list[str | int] = []
    for step in error["loc"]:
        is_item = isinstance(body, list) and isinstance(step, int) and step < len(body)
        if is_item or (isinstance(body, Mapping) and step in body):
            body = body[step]
            place.append(step)
    return (*place, error["loc"][-1]) if error["type"] == "missing" else tuple(place)


def _either(told: Sequence[str]) -> str:
    """Return what a value should be, of one of several kinds, in one sentence."""
    begin = "Input should be "
    if len(told) == 1 or not all(one.startswith(begin) for one in told):
        return told[0]
    kinds = (re.sub(r",? (unable|got|or instance) .*", "", one.removeprefix(begin)) for one in told)
    return begin + " or ".join(dict.fromkeys(kinds))


def _need_whole(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadParameter(
            place,
            f"{place or 'The body'} has an unpaired surrogate at {error.start}, which is not valid text.",
        ) from error


def _takes_null(field: FieldInfo) -> bool:
    """Return whether null is a value of a field; one that is required is missed as it is."""
    is_either = get_origin(field.annotation) in (Union, UnionType)
    kinds = get_args(field.annotation) if is_either else (field.annotation,)
    return field.is_required() or NoneType in kinds or Any in kinds
