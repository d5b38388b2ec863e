"""The parameters of handlers, looked at once.

NiceGUI asks for the signature of the same few methods three times for every element of a page, which
took half of the time that a page took: the documents of a domain 430 ms, and 200 without it.
"""

from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

from nicegui import helpers

_ask = helpers.expects_arguments
_known: dict[tuple[CodeType, bool, int, int], bool] = {}


def remember_parameters() -> None:
    """Let NiceGUI remember for each function whether it expects arguments."""
    helpers.expects_arguments = expects_arguments


def expects_arguments(func: Callable[..., Any]) -> bool:
    """Return whether a function has parameters that must be given, as NiceGUI's own function says."""
    inner = getattr(func, "__func__", func)
    if not isinstance(inner, FunctionType) or inner.__dict__:
        return _ask(func)  # a partial, an object, or one that says itself what its signature is
    n_optional = len(inner.__defaults__ or ()), len(inner.__kwdefaults__ or ())
    key = (inner.__code__, inner is not func, *n_optional)
    if key not in _known:
        _known[key] = _ask(func)
    return _known[key]
