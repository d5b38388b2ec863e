"""The use cases: what the doors (API, studio, command line, agents) call of the workspace."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import lorewright

ROOT = Path(lorewright.__file__).parent
DOORS = ("api/**/*.py", "studio/**/*.py", "cli/**/*.py", "workspace/agents/tools.py")
"""Where calls come in. The tools of agents are a door of their own: they translate for a model."""
WORKSPACE = "lorewright.workspace"


@dataclass(frozen=True, slots=True)
class UseCase:
    """A function or a class of the workspace that a door calls, and that is given the domain."""

    module: str
    name: str
    call: Callable[..., Any]
    doors: frozenset[str]

    @property
    def path(self) -> str:
        """The name without the package: `deployments.deploy:promote`."""
        return f"{self.module.removeprefix(WORKSPACE + '.')}:{self.name}"

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The parameters by name."""
        return inspect.signature(self.call).parameters


def use_cases() -> list[UseCase]:
    """Return every use case in the order of its path."""
    doors: dict[tuple[str, str], set[str]] = {}
    for door, module, name in _imported():
        doors.setdefault((module, name), set()).add(door)
    found = []
    for (module, name), used in doors.items():
        call: Any = getattr(import_module(module), name, None)
        if is_use_case(call):
            found.append(UseCase(module, name, call, frozenset(used)))
    return sorted(found, key=lambda case: case.path)


def is_use_case(call: object) -> bool:
    """Return whether something is called with a domain: a `Server` or a `Workspace`."""
    is_ours = getattr(call, "__module__", "").startswith(WORKSPACE)
    if not is_ours or not (inspect.isfunction(call) or inspect.isclass(call)):
        return False
    if getattr(call, "__name__", "") in ("Server", "Workspace"):
        return False
    parameters = inspect.signature(call).parameters.values()
    return any(_named(parameter.annotation) in ("Server", "Workspace") for parameter in parameters)


def door_files() -> Iterator[Path]:
    """Yield every file of a door."""
    for door in DOORS:
        yield from sorted(ROOT.glob(door))


def _imported() -> Iterator[tuple[str, str, str]]:
    """Yield what doors import of the workspace: the door, the module and the name."""
    for path in door_files():
        door = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(WORKSPACE):
                for alias in node.names:
                    yield door, str(node.module), alias.name


def _named(annotation: object) -> str:
    return annotation.strip("'\"") if isinstance(annotation, str) else getattr(annotation, "__name__", "")
