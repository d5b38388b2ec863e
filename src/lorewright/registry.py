"""Names for replaceable parts, resolved only when asked for."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar, cast

from lorewright.errors import MissingExtra, UnknownName

Part = TypeVar("Part")


class Registry(Generic[Part]):
    """Parts of one kind: a name, and where to import the part from (`module:attribute`).

    `extras` names the extra that brings what a part needs. Plugins add names through the
    entry point group `lorewright.<kind>`; a built-in name wins.
    """

    def __init__(
        self, kind: str, targets: Mapping[str, str], *, extras: Mapping[str, str] | None = None
    ) -> None:
        self.kind = kind
        self._targets = dict(targets)
        self._extras = dict(extras or {})

    def names(self) -> list[str]:
        """Return every name, built in and from plugins, sorted."""
        return sorted({**self._plugins(), **self._targets})

    def load(self, name: str) -> Part:
        """Import and return the part called `name`."""
        target = self._targets.get(name) or self._plugins().get(name)
        if target is None:
            raise UnknownName(
                f"There is no {self.kind} {name!r}.", hint=f"There is: {', '.join(self.names())}."
            )
        try:
            return cast(Part, import_target(target))
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith("lorewright"):
                raise  # our own bug, not a missing extra
            extra = self._extras.get(name, name)
            raise MissingExtra(
                f"The {self.kind} {name!r} needs {error.name}, which is not installed.",
                hint=f"Install it with: pip install 'lorewright[{extra}]'",
            ) from error

    def _plugins(self) -> dict[str, str]:
        return {point.name: point.value for point in entry_points(group=f"lorewright.{self.kind}")}


def import_target(target: str) -> Any:
    """Return what `module:attribute` names; the module is imported now."""
    module, attribute = target.split(":")
    return getattr(import_module(module), attribute)
