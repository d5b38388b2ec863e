"""What is imported is declared, and what is declared is locked."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"lorewright", "tests", "benchmarks", "training", "docs"}


def declared(*extras: str) -> list[Requirement]:
    """Return what pyproject.toml asks for, with these extras."""
    lines = [*PROJECT["dependencies"]]
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def imported(folder: str) -> Iterator[tuple[str, str]]:
    """Yield every top-level module that a folder's code imports from elsewhere, and the file.

    The scripts of other people's clients run each in an environment of its own, which says what is in it.
    """
    for path in (ROOT / folder).rglob("*.py"):
        if path.is_relative_to(ROOT / "tests" / "clients" / "libraries"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                module = name.partition(".")[0]
                if module not in OURS and module not in sys.stdlib_module_names:
                    yield module, str(path.relative_to(ROOT))


@cache
def distributions() -> dict[str, set[str]]:
    """Return the installed distributions behind every importable module."""
    return {
        module: {canonicalize_name(name) for name in names}
        for module, names in packages_distributions().items()
    }


@pytest.mark.parametrize(
    ("folder", "extras"),
    [("src", ("tune", "ocr", "stores", "postgres", "qdrant", "ray", "duckdb")), ("tests", ("tune", "dev"))],
    ids=["src", "tests"],
)
def test_every_imported_distribution_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    """One that only happens to be there goes when what brought it changes its mind."""
    known = {canonicalize_name(requirement.name) for requirement in declared(*extras)}
    undeclared = {
        f"{module} ({file})"
        for module, file in imported(folder)
        if distributions().get(module, {canonicalize_name(module)}).isdisjoint(known)
    }
    assert sorted(undeclared) == []


def test_one_module_imports_ray() -> None:
    """Whoever names no cluster waits for none of it."""
    assert {file for module, file in imported("src") if module == "ray"} == {
        "src/lorewright/workspace/jobs/ray_cluster.py"
    }


def locked() -> dict[str, str]:
    """Return the version of every distribution in constraints.txt."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line[:1] != "#"]
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def test_the_lock_holds_plain_versions_alone() -> None:
    """An address of an index, a path or a local build would work on one machine only."""
    versions = {name: Version(version) for name, version in locked().items()}
    assert len(versions) > 100
    assert [name for name, version in versions.items() if version.local] == []


def test_the_lock_satisfies_what_is_declared() -> None:
    """Two commands build the same environment next year, and one that the ranges allow."""
    versions = locked()
    wanted = declared("tune", "dev")
    missing = [one.name for one in wanted if canonicalize_name(one.name) not in versions]
    outside = [
        str(one)
        for one in wanted
        if canonicalize_name(one.name) in versions
        and not one.specifier.contains(versions[canonicalize_name(one.name)])
    ]
    assert missing == []
    assert outside == [], "run: make lock"
