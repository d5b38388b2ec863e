"""The frames of a domain's web pages: what most pages of a folder share, measured now and then.

A page's text is a function of the page and of the frames of the folders above it. Frames are measured
when a folder gets its third page, has grown by half, or half of its pages changed: so adding a page
costs one page, and a site of any size is read twice at most.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from lorewright.documents import Document
from lorewright.documents.shared_text import MIN_PAGES, SharedText, find_shared, without_shared
from lorewright.errors import UnreadableDocument
from lorewright.storage import Records
from lorewright.workspace.domain.workspace import Workspace

KIND = "site_frame"
SUFFIXES = (".html", ".htm", ".xhtml", ".xht", ".mht", ".mhtml")
MAX_MEASURED = 300
"""As many pages of a folder, evenly chosen, are compared."""
_GROWTH = 1.5
_MAX_HELD_CHARS = 32_000_000

Read = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class Frame:
    """What most pages below a folder share, as `n_pages` of them said."""

    blocks: SharedText
    n_pages: int


class SiteFrames:
    """The frames of all folders, loaded once."""

    def __init__(self, workspace: Workspace) -> None:
        self._records = Records(workspace.database, KIND)
        self._frames = {
            record.body["folder"]: Frame(frozenset(record.body["blocks"]), record.body["n_pages"])
            for record in self._records.all()
        }
        self._held: dict[str, Document] = {}
        self._n_held = 0

    def own(self, document: Document) -> Document:
        """Return a page without what it shares with the pages around it; any other document as it is."""
        shared: frozenset[str] = frozenset()
        for folder in _folders(document.id):
            if folder in self._frames:
                shared |= self._frames[folder].blocks
        return without_shared(document, shared)

    def is_held(self, document_id: str) -> bool:
        """Return whether a page was read to be measured."""
        return document_id in self._held

    def held(self, document_id: str) -> Document | None:
        """Return a page that was read to be measured, once."""
        return self._held.pop(document_id, None)

    def measure(
        self, known: Callable[[], Collection[str]], changed: Collection[str], read: Read
    ) -> list[str]:
        """Measure the folders that need it; return the pages that are affected and did not change.

        `known` returns the ids of all documents, `changed` are those that are read again in any case.
        """
        if not any(is_page(name) for name in changed):
            return []
        pages = [name for name in sorted({*known(), *changed}) if is_page(name)]
        n_pages = Counter(folder for name in pages for folder in _folders(name))
        n_changed = Counter(folder for name in changed if is_page(name) for folder in _folders(name))
        affected: list[str] = []
        for folder in sorted(n_changed):
            if not self._is_due(folder, n_pages[folder], n_changed[folder]):
                continue
            inside = [name for name in pages if folder in _folders(name)]
            before = self._frames.get(folder, Frame(frozenset(), 0))
            frame = Frame(find_shared(dict(self._texts(inside, read))), len(inside))
            self._save(folder, frame)
            if frame.blocks != before.blocks:
                affected += inside
        return [name for name in dict.fromkeys(affected) if name not in set(changed)]

    def _is_due(self, folder: str, n_pages: int, n_changed: int) -> bool:
        if n_pages < MIN_PAGES:
            return False
        measured = self._frames.get(folder)
        return measured is None or n_pages >= _GROWTH * measured.n_pages or n_changed * 2 >= n_pages

    def _texts(self, names: list[str], read: Read) -> Iterator[tuple[str, str]]:
        step = max(len(names) // MAX_MEASURED, 1)
        for name in names[::step]:
            document = self._held.get(name)
            if document is None:
                try:
                    document = read(name)
                except (UnreadableDocument, OSError):
                    continue  # it is named when its turn comes
                if self._n_held < _MAX_HELD_CHARS:
                    self._held[name] = document
                    self._n_held += len(document.text)
            yield name, document.text

    def _save(self, folder: str, frame: Frame) -> None:
        body = {"folder": folder, "blocks": sorted(frame.blocks), "n_pages": frame.n_pages}
        self._records.put("frame_" + sha256(folder.encode()).hexdigest()[:40], lambda _: body)
        self._frames[folder] = frame


def is_page(document_id: str) -> bool:
    """Return whether a document is a web page, by its name."""
    return PurePosixPath(document_id).suffix.lower() in SUFFIXES


def _folders(document_id: str) -> list[str]:
    return [str(folder) for folder in PurePosixPath(document_id).parents]
