"""What an operation answers, said at its route in the types of OpenAI's own SDK."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item")


class PageOf(BaseModel, Generic[Item]):
    """A page of objects of a type."""

    data: list[Item]
    has_more: bool = False


class ListOf(PageOf[Item], Generic[Item]):
    """A page of objects, as most of OpenAI's lists are called."""

    object: Literal["list"]


def answers(model: Any) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route whose answers have this type; what it returns is not checked."""
    return {200: {"model": model}}
