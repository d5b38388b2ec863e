"""Starting is cheap: what is not used is not loaded."""

import subprocess
import sys

import pytest

HEAVY = (
    "torch",
    "numpy",
    "lancedb",
    "onnxruntime",
    "transformers",
    "openai",
    "mcp",
    "fastapi",
    "httpx",
    "httpx2",
    "sqlalchemy",
)
PACKAGES = (
    "lorewright, lorewright.documents, lorewright.datasets, lorewright.models, lorewright.knowledge, "
    "lorewright.tuning, lorewright.flows, lorewright.evaluation, lorewright.advisor"
)


def loaded_by(code: str) -> set[str]:
    """Return the names of the modules a fresh Python has loaded after `code`."""
    script = f"{code}\nimport sys\nsys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "code",
    [
        "import lorewright",
        "from lorewright.cli.main import _overview; _overview().format_help()",
    ],
)
def test_import_and_help_load_nothing_heavy(code: str) -> None:
    assert loaded_by(code).isdisjoint(HEAVY)


def test_no_package_loads_torch_or_a_web_framework() -> None:
    assert loaded_by(f"import {PACKAGES}").isdisjoint({"torch", "transformers", "fastapi", "lancedb"})


def test_flows_load_no_database() -> None:
    """Running a flow needs none, and loading one takes a fifth of a second."""
    assert loaded_by("import lorewright.flows").isdisjoint({"sqlalchemy", "alembic"})


def test_searching_loads_nothing_that_only_other_commands_need() -> None:
    code = "import lorewright.cli.search, lorewright.workspace.retrieval.search"
    assert loaded_by(code).isdisjoint({*HEAVY, "rich", "jinja2", "importlib.metadata"})
