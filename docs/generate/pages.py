"""Which blocks of which pages are generated, and how a block is put into its page."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from docs.generate import api, architecture, decisions, settings, uses

DOCS = Path(__file__).parents[1]

BLOCKS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "architecture.md": {
        "packages": architecture.packages_block,
        "rooms": architecture.rooms_block,
    },
    "decisions/README.md": {"decisions": decisions.decisions_block},
    "reference/settings.md": {"settings": settings.settings_block},
    "reference/api.md": {"operations": api.operations_block},
    "uses/README.md": {"uses": uses.uses_block},
    **{
        f"uses/{template.name}.md": {"measured": partial(uses.measured_block, template.name)}
        for template in uses.uses()
    },
}
"""By page below docs/: the generated blocks by name, each with the function that makes it."""


def begin_of(name: str) -> str:
    """Return the line before a generated block."""
    return f"<!-- generated: {name}; run: make docs -->"


def newest_leaf(name: str) -> str:
    """Return the line after a generated block."""
    return f"<!-- end: {name} -->"


def current_block(page: str, name: str) -> str:
    """Return a generated block as it stands in its page; raise `ValueError` without its markers."""
    return _split((DOCS / page).read_text(encoding="utf-8"), name)[1]


def write_page(page: str) -> bool:
    """Make the generated blocks of a page again, and return whether it has changed."""
    path = DOCS / page
    before = text = path.read_text(encoding="utf-8")
    for name, make in BLOCKS[page].items():
        head, _, tail = _split(text, name)
        text = f"{head}{make()}\n{tail}"
    path.write_text(text, encoding="utf-8")
    return text != before


def _split(text: str, name: str) -> tuple[str, str, str]:
    """Return what stands before, inside and after the markers of a block."""
    head, begin, rest = text.partition(begin_of(name) + "\n\n")
    block, end, tail = rest.partition(newest_leaf(name))
    if not begin or not end:
        raise ValueError(f"There is no generated block {name!r}.")
    return head + begin, block.removesuffix("\n"), end + tail
