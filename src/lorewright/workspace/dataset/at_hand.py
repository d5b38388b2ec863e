"""Examples and questions as requests need them: read once per state of the files, nothing searched for."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.settings import Settings
from lorewright.workspace.dataset.material import REMEMBERED, LearningMaterial, material_in, read_files
from lorewright.workspace.dataset.sources import sources_of
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace

Value = TypeVar("Value")
FileState = tuple[str, int, int, int]


@dataclass(slots=True)
class _Kept:
    """What was made from one state of the files, by what makes it."""

    settings: Settings
    files: tuple[FileState, ...]
    values: dict[Hashable, Any] = field(default_factory=dict)


_KEPT: WeakKeyDictionary[Workspace, _Kept] = WeakKeyDictionary()
_LOCK = Lock()
_MOST_KEPT = 200
"""Values of one state of the files; readers have their own."""


def material_at_hand(workspace: Workspace) -> LearningMaterial:
    """Return what `read_material` returns, without looking for near duplicates by their meaning.

    Those that a job found among the same examples are left out; else those in the same words.
    """
    return made_once(workspace, _read_quickly)


def material_at_hand_for(workspace: Workspace, caller: Caller) -> LearningMaterial:
    """Return of it what a caller may learn from and measure on, as `material_for` does."""
    return made_once_for(workspace, readable(workspace, caller), _read_for)


def _read_for(workspace: Workspace, allowed: Readable) -> LearningMaterial:
    return material_in(material_at_hand(workspace), allowed)


def sources_at_hand_for(workspace: Workspace, caller: Caller) -> frozenset[str] | None:
    """Return the documents behind all examples that a caller may see, `None` where nobody knows them all."""
    return made_once_for(workspace, readable(workspace, caller), _read_sources)


def _read_sources(workspace: Workspace, allowed: Readable) -> frozenset[str] | None:
    sources = [sources_of(example) for example in _read_for(workspace, allowed).examples]
    return None if None in sources else frozenset(name for names in sources for name in names or ())


def made_once(workspace: Workspace, make: Callable[[Workspace], Value]) -> Value:
    """Return what `make` returns, called again only when examples, questions or settings have changed."""
    return _made(workspace, make, lambda: make(workspace))


def made_once_for(
    workspace: Workspace, allowed: Readable, make: Callable[..., Value], *given: Hashable
) -> Value:
    """Return the same for who may read these documents: what is made for one is not shown to another.

    `make` is called with the workspace, what may be read, and what else is given, each of which has its own.
    """
    return _made(workspace, (make, allowed, given), lambda: make(workspace, allowed, *given))


def _made(workspace: Workspace, key: Hashable, make: Callable[[], Value]) -> Value:
    files = tuple(_states(workspace))
    with _LOCK:
        kept = _KEPT.get(workspace)
        if kept is None or kept.settings is not workspace.settings or kept.files != files:
            kept = _KEPT[workspace] = _Kept(workspace.settings, files)
        if key in kept.values:
            return cast("Value", kept.values[key])
        if len(kept.values) >= _MOST_KEPT:
            kept.values.clear()
    value = make()
    kept.values[key] = value
    return value


def _read_quickly(workspace: Workspace) -> LearningMaterial:
    return read_files(workspace, is_quick=True)


def _states(workspace: Workspace) -> Iterator[FileState]:
    """Yield what changes when a file of examples or questions does, or what jobs remember of them."""
    yield _state(workspace.state_folder / REMEMBERED)
    for folder in (workspace.examples_folder, workspace.questions_folder):
        for path in sorted(folder.rglob("*")):
            yield _state(path)


def _state(path: Path) -> FileState:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0, 0
    return str(path), status.st_mtime_ns, status.st_size, status.st_ino
