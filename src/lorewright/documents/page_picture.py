"""A page of a PDF as people see it, drawn where hostile files are read, with passages found on it."""

import base64
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lorewright.documents.sandbox import ReadLimits, Sandbox

LIMITS = ReadLimits(seconds=30.0, memory_bytes=1024**3)

Box = tuple[float, float, float, float]
"""Left, top, width and height of a stretch of text, as shares of the page's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PagePicture:
    """A drawn page: its pixels as PNG, how many pages there are, and where the passages stand on it."""

    png: bytes
    width: int
    height: int
    n_pages: int
    boxes: tuple[Box, ...] = ()

    @property
    def address(self) -> str:
        """The picture as a `data:` address."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"


def draw_page(
    path: Path, page: int, passages: Sequence[str] = (), *, limits: ReadLimits = LIMITS
) -> PagePicture:
    """Return a page, counted from 1, with the boxes of those passages that stand on it.

    Raises `UnreadableDocument` with the reason where it cannot be drawn.
    """
    with closing(Sandbox(limits)) as sandbox:
        drawn = sandbox.draw(path, page, passages)
    boxes = tuple((left, top, width, height) for left, top, width, height in drawn["boxes"])
    return PagePicture(
        png=base64.b64decode(drawn["png"]), width=drawn["width"], height=drawn["height"],
        n_pages=drawn["n_pages"], boxes=boxes,
    )  # fmt: skip


def is_drawable(path: Path | str) -> bool:
    """Return whether the pages of a file of this name can be drawn."""
    return Path(path).suffix.casefold() == ".pdf"
