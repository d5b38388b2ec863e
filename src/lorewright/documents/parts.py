"""Files inside a file, as attachments and members of archives are: each is read as its name says."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from lorewright.documents.content import Content, cleaned
from lorewright.documents.kinds import READERS, Kind, kind_of
from lorewright.documents.reading import ReadingReport
from lorewright.errors import UnreadableDocument

MAX_PARTS = 2_000
MAX_DEPTH = 5
MAX_BYTES = 512 * 1024**2
"""What all parts of one file may hold together, unpacked."""
MAX_RATIO = 200
"""How many times larger than its packed form a part may be before it is taken for a bomb."""
_HEADING = re.compile(r"^(?P<fence>[ \t]*(?:```|~~~))|^(?P<marks>#{1,6})(?=[ \t])", re.MULTILINE)
_UNFIT = re.compile(r"[^\w.() +-]+")


@dataclass
class _Budget:
    """What may still be read of the file that was opened first."""

    n_parts: int = MAX_PARTS
    n_bytes: int = MAX_BYTES
    depth: int = 0


_BUDGET: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@dataclass
class Parts:
    """The text of parts that were read, and the reasons why others were not."""

    texts: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, name: str, data: bytes, *, kind: Kind | None = None) -> None:
        """Read a part under a heading with its name; what cannot be read is named with the reason."""
        label = " ".join(name.split()) or "(unnamed)"
        budget = _BUDGET.get() or _Budget()
        budget.n_parts -= 1
        budget.n_bytes -= len(data)
        if budget.n_parts < 0:
            self.miss(f"every part after the first {MAX_PARTS:,}", "there are too many")
        elif budget.n_bytes < 0:
            self.miss(label, f"all parts together are larger than {MAX_BYTES / 1e6:,.0f} MB")
        elif not data:
            self.miss(label, "it is empty")
        else:
            self._read(label, data, kind)

    def miss(self, name: str, reason: str) -> None:
        """Note that a part was not read."""
        notice = f"{name} was not read: {reason}"
        if notice not in self.unread:
            self.unread.append(notice)

    def content(self, above: str = "", *, title: str = "", report: ReadingReport | None = None) -> Content:
        """Return all parts as one text below the text of the file that holds them."""
        text = "\n\n".join(part for part in (above, *self.texts) if part)
        return Content(text, title, report=(report or ReadingReport()).with_parts(self.unread))

    def _read(self, name: str, data: bytes, kind: Kind | None) -> None:
        try:
            content = _content(name, data, kind)
        except UnreadableDocument as error:
            self.miss(name, str(error))
            return
        text = "\n\n".join(cleaned(page) for page in content.pages or (content.text,) if page.strip())
        if text.strip():
            self.texts.append(f"## {name}\n\n{demoted(text, 2)}")
        elif not content.report.notices:
            self.miss(name, "it contains no text")
        self.unread += [f"{name}: {notice}" for notice in content.report.notices]


def _content(name: str, data: bytes, kind: Kind | None) -> Content:
    file_name = _UNFIT.sub("_", PurePosixPath(name.replace("\\", "/")).name)[-100:] or "part"
    kind = kind_of(Path(file_name)) or kind
    if kind is None:
        raise UnreadableDocument(f"no reader supports {Path(file_name).suffix} files")
    with _deeper(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder, file_name)
        path.write_bytes(data)
        return READERS.load(kind.readers[0])(path)


@contextmanager
def _deeper() -> Iterator[None]:
    budget = _BUDGET.get() or _Budget()
    if budget.depth >= MAX_DEPTH:
        raise UnreadableDocument(f"it is nested more than {MAX_DEPTH} files deep")
    budget.depth += 1
    try:
        yield
    finally:
        budget.depth -= 1


@contextmanager
def reading_parts() -> Iterator[Parts]:
    """Read parts within the limits of the file that was opened first, however deep it goes."""
    if _BUDGET.get() is not None:
        yield Parts()
        return
    token = _BUDGET.set(_Budget())
    try:
        yield Parts()
    finally:
        _BUDGET.reset(token)


def check_ratio(packed: int, unpacked: int) -> None:
    """Raise `UnreadableDocument` for a part that would grow beyond all measure."""
    if unpacked > max(MAX_RATIO * packed, 1024**2) or unpacked > MAX_BYTES:
        raise UnreadableDocument(f"it would expand from {packed:,} to {unpacked:,} bytes")


def demoted(text: str, n_levels: int) -> str:
    """Return a text whose headings stand deeper, as below a heading of their own file."""
    is_code = False

    def deeper(mark: re.Match[str]) -> str:
        nonlocal is_code
        if mark["fence"]:
            is_code = not is_code
            return mark[0]
        return mark[0] if is_code else "#" * min(len(mark["marks"]) + n_levels, 6)

    return _HEADING.sub(deeper, text)


def with_parts(content: Content, parts: Parts) -> Content:
    """Return what was read of a file with its parts below."""
    report = content.report.with_parts(parts.unread)
    if content.pages:
        pages = (*content.pages[:-1], "\n\n".join([content.pages[-1], *parts.texts]))
        return replace(content, pages=pages, report=report)
    return replace(content, text="\n\n".join([content.text, *parts.texts]), report=report)
