"""Names for replaceable parts, built in or from plug-ins, resolved only when asked for."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from lorewright.errors import BrokenPlugin, MissingExtra, UnknownName

if TYPE_CHECKING:  # it loads the parser of e-mails; most commands look for no plug-in
    from importlib.metadata import EntryPoint

Part = TypeVar("Part")

GROUPS = "lorewright."
"""What the entry point groups of plug-ins begin with: `lorewright.reader`, `lorewright.node`, …"""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A part that an installed distribution offers; `error` says why it cannot be used, '' where it can."""

    kind: str
    name: str
    distribution: str
    version: str
    error: str = ""


class Registry(Generic[Part]):
    """Parts of one kind: a name, and where to import the part from (`module:attribute`).

    `extras` names the extra that brings what a part needs. Where there is a `group`, plug-ins add
    names through the entry points of `lorewright.<group>`; a built-in name wins. What a plug-in
    gives must satisfy `accepts`; `form` says in words what that is.
    """

    def __init__(
        self,
        kind: str,
        targets: Mapping[str, str],
        *,
        extras: Mapping[str, str] | None = None,
        group: str = "",
        accepts: Callable[[object], bool] = callable,
        form: str = "a callable",
    ) -> None:
        self.kind = kind
        self.group = group
        self._targets = dict(targets)
        self._extras = dict(extras or {})
        self._accepts = accepts
        self._form = form

    def names(self) -> list[str]:
        """Return every name, built in and from plug-ins, sorted."""
        return sorted({**self._plugins(), **self._targets})

    def plugin_names(self) -> list[str]:
        """Return the names that only plug-ins give, sorted."""
        return sorted(set(self._plugins()) - set(self._targets))

    def load(self, name: str) -> Part:
        """Import and return the part called `name`.

        Raises `UnknownName` for one that is not there, `MissingExtra` for a built-in one whose
        library is not installed, and `BrokenPlugin` for a plug-in that cannot be used.
        """
        if name in self._targets:
            return self._load_built_in(name)
        point = self._plugins().get(name)
        if point is None:
            raise UnknownName(
                f"No {self.kind} named {name!r}.", hint=f"Available: {', '.join(self.names())}."
            )
        return cast(Part, self.load_plugin(point))

    def load_plugin(self, point: "EntryPoint") -> object:
        """Return what an entry point names; raise `BrokenPlugin` where that cannot be used."""
        where = f"The {self.kind} {point.name!r} of {_distribution(point)}"
        try:
            part: object = point.load()
        except Exception as error:
            raise BrokenPlugin(
                f"{where} does not load: {type(error).__name__}: {_one_line(error)}",
                hint="Update or uninstall that package; see: lorewright doctor --plugins",
            ) from error
        if not self._accepts(part):
            raise BrokenPlugin(
                f"{where} cannot be used: {point.value} must be {self._form}.",
                hint="See docs/guide/plugins.md for what a plug-in of each kind looks like.",
            )
        return part

    def examine(self) -> Iterator[Plugin]:
        """Yield every plug-in of this kind; each is loaded to see whether it can be used."""
        first: dict[str, EntryPoint] = self._plugins()
        for point in _entry_points(f"{GROUPS}{self.group}"):
            yield _plugin(self.group, point, self._problem(point, first))

    def _problem(self, point: "EntryPoint", first: "Mapping[str, EntryPoint]") -> str:
        if point.name in self._targets:
            return f"hidden: {point.name!r} is the name of a built-in {self.kind}."
        if first[point.name] != point:
            return f"hidden: {_distribution(first[point.name])} also has a {self.kind} of this name."
        try:
            self.load_plugin(point)
        except BrokenPlugin as error:
            return str(error)
        return ""

    def _load_built_in(self, name: str) -> Part:
        try:
            return cast(Part, import_target(self._targets[name]))
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith("lorewright"):
                raise  # our own bug, not a missing extra
            extra = self._extras.get(name, name)
            raise MissingExtra(
                f"The {self.kind} {name!r} needs {error.name}, which is not installed.",
                hint=f"Install it with: pip install 'lorewright[{extra}]'",
            ) from error

    def _plugins(self) -> "dict[str, EntryPoint]":
        """Return the entry point behind every name; of two with one name, the first distribution's."""
        points = _entry_points(f"{GROUPS}{self.group}") if self.group else ()
        return {point.name: point for point in reversed(points)}


def plugin_names(group: str) -> set[str]:
    """Return the names that plug-ins give to parts of one kind, without loading any."""
    return {point.name for point in _entry_points(f"{GROUPS}{group}")}


def misplaced_plugins(groups: Mapping[str, object]) -> Iterator[Plugin]:
    """Yield every plug-in in a group `lorewright.…` that no part of lorewright looks at."""
    from importlib.metadata import entry_points

    for group in sorted(entry_points().groups):
        kind = group.removeprefix(GROUPS)
        if group.startswith(GROUPS) and kind not in groups:
            problem = f"unknown kind {kind!r}: use one of {', '.join(sorted(groups))}."
            yield from (_plugin(kind, point, problem) for point in _entry_points(group))


def _plugin(kind: str, point: "EntryPoint", error: str) -> Plugin:
    name, version = (point.dist.name, point.dist.version) if point.dist else ("?", "?")
    return Plugin(kind, point.name, name, version, error)


def _entry_points(group: str) -> "tuple[EntryPoint, ...]":
    """Return the entry points of a group by name, those of one name in the order of their distributions."""
    return _read_entry_points(group, tuple(sys.path))


@lru_cache(maxsize=64)  # reading what is installed takes longer than most uses of a part
def _read_entry_points(group: str, _path: tuple[str, ...]) -> "tuple[EntryPoint, ...]":
    from importlib.metadata import entry_points

    return tuple(sorted(entry_points(group=group), key=lambda point: (point.name, _distribution(point))))


def _distribution(point: "EntryPoint") -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown package"


def _one_line(error: Exception) -> str:
    return (" ".join(str(error).split()) or "no reason given.")[:300]


def import_target(target: str) -> Any:
    """Return what `module:attribute` names; the module is imported now."""
    module, attribute = target.split(":")
    return getattr(import_module(module), attribute)
