"""What a handler expects, remembered: the same as NiceGUI would find each time."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import pytest
from nicegui.helpers.functions import expects_arguments as asked

from lorewright.studio.parameters import expects_arguments


class Handler:
    """Something with methods."""

    def none(self) -> None: ...

    def one(self, event: object) -> None: ...

    def maybe(self, event: object = None) -> None: ...

    def __call__(self, event: object) -> None: ...


def several(*events: object, **more: object) -> None: ...


def named(*, event: object) -> None: ...


@wraps(named)
def wrapping() -> None: ...


HANDLERS: tuple[Callable[..., Any], ...] = (
    Handler().none, Handler().one, Handler().maybe, Handler(), Handler.none, several, named, wrapping,
    partial(Handler().one, 1), partial(named, event=1), lambda: None, lambda _: None,
    lambda _=1: None,
)  # fmt: skip


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_handler_is_called_as_if_it_had_just_been_looked_at(handler: Callable[..., Any]) -> None:
    """A wrong answer would call a handler with an event that it does not take."""
    assert [expects_arguments(handler) for _ in range(2)] == [asked(handler)] * 2


def test_functions_made_by_one_line_are_told_apart_by_their_defaults() -> None:
    """In a loop, one line makes handlers with and without a value of their own."""

    def make(*values: int) -> Callable[..., Any]:
        handler = lambda _: None  # noqa: E731
        handler.__defaults__ = values or None
        return handler

    assert [expects_arguments(make()), expects_arguments(make(1))] == [True, False]
