"""Requests in JSON: what is null was not given, and every text can be stored."""

from collections.abc import Mapping
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
