"""The pictures and tables of architecture.md: packages, and rooms of the workspace."""

import ast
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import grimp

Imports = Mapping[str, frozenset[str]]
"""By part: the parts that it imports."""

ROOT = Path(__file__).parents[2]
PACKAGE = "lorewright"
WORKSPACE = "lorewright.workspace"


def packages_block() -> str:
    """Return the picture of the packages, and a table with what each is for."""
    return f"{_picture(imports_inside(PACKAGE))}\n\n{_table(PACKAGE)}\n"


def rooms_block() -> str:
    """Return the picture of the rooms of the workspace, and a table with what each is for."""
    return f"{_picture(imports_inside(WORKSPACE))}\n\n{_table(WORKSPACE)}\n"


def imports_inside(container: str) -> Imports:
    """Return which parts of a package import which of its other parts."""
    graph = _graph()
    depth = container.count(".") + 1
    imports: dict[str, set[str]] = {name.rpartition(".")[2]: set() for name in graph.find_children(container)}
    for part in imports:
        root = f"{container}.{part}"
        for module in {root, *graph.find_descendants(root)}:
            for target in graph.find_modules_directly_imported_by(module):
                if target.startswith(f"{container}."):
                    imports[part].add(target.split(".")[depth])
        imports[part].discard(part)
    return {part: frozenset(targets) for part, targets in sorted(imports.items())}


def without_detours(imports: Imports) -> Imports:
    """Return the imports without those that others imply: where a imports b and b reaches c, not a to c."""
    return {
        part: frozenset(
            target
            for target in targets
            if not any(target in _reached_from(other, imports) for other in targets - {target})
        )
        for part, targets in imports.items()
    }


def _reached_from(part: str, imports: Imports) -> frozenset[str]:
    reached: set[str] = set()
    waiting = [part]
    while waiting:
        for target in imports[waiting.pop()] - reached:
            reached.add(target)
            waiting.append(target)
    return frozenset(reached)


def _picture(imports: Imports) -> str:
    """Return the import graph as a Mermaid diagram; an arrow means "imports"."""
    arrows = [
        f"    {part} --> {target}"
        for part, targets in without_detours(imports).items()
        for target in sorted(targets)
    ]
    alone = [f"    {part}" for part in imports if not any(part in arrow.split() for arrow in arrows)]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, *alone, "```"])


def _table(container: str) -> str:
    """Return every part by its layer, with the first line of its docstring."""
    rows = ["| layer | part | what it holds |", "|---|---|---|"]
    layers = _layers(container)
    beside = sorted(set(imports_inside(container)) - {part for layer in layers for part in layer})
    for number, layer in enumerate([*layers, beside] if beside else layers, start=1):
        for place, part in enumerate(layer):
            rows.append(f"| {number if place == 0 else ''} | `{part}` | {_purpose(f'{container}.{part}')} |")
    return "\n".join(rows)


def _layers(container: str) -> list[list[str]]:
    """Return the layers that the import contracts in pyproject.toml give a package, the top one first."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    prefix = f"{container}."
    layers = next(
        contract["layers"]
        for contract in contracts
        if contract["type"] == "layers" and container in _containers_of(contract)
    )
    return [[name.strip().removeprefix(prefix) for name in layer.split("|")] for layer in layers]


def _containers_of(contract: Mapping[str, list[str]]) -> list[str]:
    return contract.get("containers") or [contract["layers"][0].rpartition(".")[0]]


def _purpose(module: str) -> str:
    """Return the first line of a module's docstring."""
    path = ROOT / "src" / Path(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0].replace("|", "\\|")


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(PACKAGE, cache_dir=None)
