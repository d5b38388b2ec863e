"""Pages that are made from the code say what the code says now."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from docs.generate import architecture
from docs.generate.pages import BLOCKS, current_block
from docs.generate.settings import settings_block

from lorewright.settings import Settings
from lorewright.workspace.domain.settings_form import settings_form

ROOT = Path(__file__).parents[2]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
RENEW = "make docs"


@pytest.mark.parametrize(
    ("page", "name"),
    [(page, name) for page, blocks in BLOCKS.items() for name in blocks if page != "reference/api.md"],
)
def test_a_generated_block_is_up_to_date(page: str, name: str) -> None:
    """A picture or a table that is older than the code misleads whoever trusts it."""
    assert current_block(page, name) == BLOCKS[page][name](), f"docs/{page} is out of date: {RENEW}"


@pytest.mark.slow
def test_the_reference_of_the_api_is_up_to_date_and_loads_no_torch() -> None:
    """Clients are written from this page; a process of its own shows what making it loads."""
    script = (
        "import sys; from docs.generate.pages import BLOCKS, current_block; page = 'reference/api.md'; "
        "print(current_block(page, 'operations') == BLOCKS[page]['operations'](), 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False"], f"docs/reference/api.md is out of date: {RENEW}"


@pytest.mark.parametrize(
    ("container", "prefix"), [(architecture.PACKAGE, ""), (architecture.WORKSPACE, "workspace/")]
)
def test_every_package_and_room_has_a_paragraph(container: str, prefix: str) -> None:
    """Whoever looks for the place of a change must find each candidate described."""
    described = re.findall(r"^### `([\w/]+)`$", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE)
    parts = [part for part in architecture.imports_inside(container) if is_folder(container, part)]

    assert [part for part in parts if f"{prefix}{part}" not in described] == []


def is_folder(container: str, part: str) -> bool:
    return (ROOT / "src" / Path(*container.split("."), part)).is_dir()


def test_a_detour_is_not_drawn() -> None:
    """The picture stays readable: what another arrow implies is left out."""
    imports = {"a": frozenset("bc"), "b": frozenset("c"), "c": frozenset[str]()}

    assert architecture.without_detours(imports) == {
        "a": frozenset("b"), "b": frozenset("c"), "c": frozenset()
    }  # fmt: skip


def test_the_reference_explains_every_setting() -> None:
    """A key without a meaning is a key that nobody dares to touch."""
    silent = [setting.path for setting in settings_form(Settings()) if not setting.description]
    rows = re.findall(r"^\| `([\w.]+)` \|.*\| (.*) \|$", settings_block(), re.MULTILINE)

    assert silent == []
    assert [path for path, meaning in rows if not meaning.strip()] == []
