"""The documentation points at what exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
FILE = re.compile(r"`((?:src|tests|docs|benchmarks|vendor)/[\w./-]*\w/?)(?::\w+)?`")
PACKAGES = "|".join(path.name for path in (ROOT / "src" / "lorewright").iterdir() if path.is_dir())
MODULE = re.compile(rf"`((?:{PACKAGES})/[\w/.-]*)(?::\w+)?`")
PLACEHOLDER = re.compile("NAME|NNNN|FOLDER")


def prose(page: Path) -> str:
    return CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A file that was moved leaves links behind that nobody follows until a newcomer does."""
    targets = [target for target, _ in LINK.findall(prose(page)) if "://" not in target]

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_exists(page: Path) -> None:
    """Paths in the text are how a stranger finds the place."""
    text = prose(page)
    files = [*FILE.findall(text), *(f"src/lorewright/{name}" for name in MODULE.findall(text))]

    assert [name for name in files if not PLACEHOLDER.search(name) and not (ROOT / name).exists()] == []
