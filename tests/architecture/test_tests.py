"""The tests themselves: they stand alone, and nothing in them depends on how busy the machine is."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
CLOCKS = {"monotonic", "perf_counter", "process_time", "time"}
MODULES = [path for path in sorted(TESTS.rglob("test_*.py")) if path != Path(__file__)]


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in MODULES:
        yield str(path.relative_to(TESTS)), ast.parse(path.read_text(encoding="utf-8"))


def test_no_test_module_imports_another() -> None:
    """What tests share lies in fixtures/: a test can be moved or removed without breaking others."""
    shared = ("tests.fixtures", "tests.conformance", "tests.clients")
    foreign = [
        f"{path}:{node.lineno} imports {node.module}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("tests.")
        and not (node.module or "").startswith(shared)
    ]
    assert foreign == []


def test_no_test_asserts_a_wall_clock_bound() -> None:
    """A slow machine is not a broken product: benchmarks measure time, tests do not."""
    timed = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert) and any(_reads_a_clock(part) for part in ast.walk(node.test))
    ]
    assert timed == []


def _reads_a_clock(node: ast.AST) -> bool:
    """Return whether this is a call such as `time.monotonic()`; a moment that is stored may be compared."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS - {"time"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "time"
    )
