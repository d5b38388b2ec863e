"""Addresses as places that documents come from: web pages, sitemaps, git repositories, object stores."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from lorewright.documents.files import scan_folder
from lorewright.errors import BadParameter, MissingExtra, UnreadableDocument
from lorewright.progress import Progress
from lorewright.settings import bare_environment
from lorewright.workspace.documents.origins import Known, Source
from lorewright.workspace.documents.read_files import Added
from lorewright.workspace.documents.web import Web, is_sitemap, page_name, pages_in
from lorewright.workspace.domain.scratch import FETCHED, scratch_folder
from lorewright.workspace.domain.workspace import Workspace

MAX_FILES = 10_000
CLONE_SECONDS = 600


@dataclass(slots=True)
class Listing:
    """What an address led to: files that were fetched, and documents that are as they were.

    `is_list` where the address names many files: what came `via` it and is not in `origins` is gone.
    """

    via: str = ""
    sources: list[Source] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)

    @property
    def is_list(self) -> bool:
        """Whether the address is a list of files, and the list was read."""
        return bool(self.via and self.origins)

    def gone(self, known: Mapping[str, Known]) -> list[str]:
        """Return the documents that the list named before and does not name any more."""
        return [
            document_id
            for document_id, one in known.items()
            if one.via == self.via and one.origin not in self.origins
        ]


def is_address(path: str) -> bool:
    """Return whether a path is an address and no file of this machine."""
    return "://" in path


@contextmanager
def fetched(
    workspace: Workspace, address: str, known: Mapping[str, Known], added: Added, progress: Progress
) -> Iterator[Listing]:
    """Give what an address leads to, in files that are there until the end.

    What cannot be fetched is named among the unreadable. Raises `UnreadableDocument` where nothing
    can be, and `BadParameter` for an address that holds a password.
    """
    parts = urlsplit(address)
    if parts.password:
        raise BadParameter("paths", f"The address of {parts.hostname} holds a password: it would be kept.")
    with scratch_folder(workspace.state_folder, FETCHED) as folder:
        if parts.scheme in ("http", "https"):
            yield _from_web(workspace, address, folder, known, added, progress)
        elif parts.scheme.startswith("git+") or parts.path.endswith(".git"):
            yield _from_git(address, folder)
        else:
            yield _from_store(workspace, address, folder, added, progress)


def _from_web(
    workspace: Workspace,
    address: str,
    folder: Path,
    known: Mapping[str, Known],
    added: Added,
    progress: Progress,
) -> Listing:
    """Return one page, or all pages that a sitemap names."""
    documents = {one.origin: (document_id, one) for document_id, one in known.items()}
    with closing(Web(max_bytes=int(workspace.settings.documents.max_file_mb * 1024**2))) as web:
        pages, via = [address], ""
        if is_sitemap(address):
            via = address
            pages = pages_in(web, address, MAX_FILES)
        listing = Listing(via, origins=set(pages) if via else set())
        for n, page in enumerate(pages):
            progress(n, len(pages))
            before = documents.get(page)
            is_here = before is not None and (workspace.documents_folder / before[0]).is_file()
            target = folder / str(n)
            try:
                if via and not web.may_fetch(page):
                    raise UnreadableDocument(f"{page} cannot be fetched: the site's robots.txt forbids it.")
                answer = web.fetch(page, target, stamp=before[1].stamp if before and is_here else {})
            except UnreadableDocument as error:
                added.unreadable[page] = str(error)
                continue
            if answer is None and before is not None:
                listing.unchanged.append(before[0])
            elif answer is not None:
                listing.sources.append(
                    Source(target, page_name(page, answer.media_type), page, via, answer.stamp)
                )
        progress(len(pages), len(pages))
    if not via and not listing.sources and not listing.unchanged:
        raise UnreadableDocument(added.unreadable.pop(address), hint="Check the address.")
    return listing


def _from_git(address: str, folder: Path) -> Listing:
    """Return the files of the newest commit of a repository."""
    url = address.removeprefix("git+")
    git = shutil.which("git")
    if git is None:
        raise MissingExtra("Git repositories need the program git.", hint="Install it with your system.")
    clone = folder / (PurePosixPath(urlsplit(url).path).name.removesuffix(".git") or "repository")
    command = [
        git, "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "clone", "--quiet",
        "--depth=1", "--no-tags", "--", url, str(clone),
    ]  # fmt: skip
    environment = bare_environment() | {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
    environment |= {name: os.environ[name] for name in ("SSH_AUTH_SOCK",) if name in os.environ}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=CLONE_SECONDS
        )
        reason = done.stderr.strip().splitlines()[-1:] or [f"git ended with {done.returncode}"]
    except subprocess.TimeoutExpired:
        raise UnreadableDocument(f"{url} cannot be fetched in {CLONE_SECONDS} s.") from None
    if done.returncode:
        raise UnreadableDocument(f"{url} cannot be fetched: {reason[0]}", hint="Check the address.")
    listing = Listing(address)
    for path in scan_folder(clone).files:
        inside = path.relative_to(clone).as_posix()
        source = Source(path, PurePosixPath(clone.name) / inside, f"{address}#{inside}", address)
        listing.sources.append(source)
        listing.origins.add(source.origin)
    return listing


def _from_store(
    workspace: Workspace, address: str, folder: Path, added: Added, progress: Progress
) -> Listing:
    """Return the files below an address of a store that fsspec knows, or the one file that it names."""
    try:
        import fsspec
    except ImportError as error:
        raise MissingExtra(
            f"{urlsplit(address).scheme}:// addresses need fsspec.",
            hint="Install it with: pip install 'lorewright[stores]'",
        ) from error
    limit = int(workspace.settings.documents.max_file_mb * 1024**2)
    try:
        store, root = fsspec.core.url_to_fs(address)
        entries = store.find(root, detail=True)
    except Exception as error:  # every store raises errors of its own
        raise UnreadableDocument(
            f"{address} cannot be fetched: {error}", hint="Check the address."
        ) from error
    if not entries:
        raise UnreadableDocument(f"{address} holds no files.", hint="Check the address.")
    is_one = list(entries) == [root]
    listing = Listing("" if is_one else address)
    top = PurePosixPath(PurePosixPath(root).name or urlsplit(address).netloc or "store")
    for n, (place, entry) in enumerate(list(entries.items())[:MAX_FILES]):
        progress(n, min(len(entries), MAX_FILES))
        inside = PurePosixPath(place).relative_to(root) if not is_one else PurePosixPath()
        origin = address if is_one else f"{address.rstrip('/')}/{inside}"
        listing.origins |= set() if is_one else {origin}
        if any(part.startswith(".") for part in inside.parts):
            continue
        try:
            if int(entry.get("size") or 0) > limit:
                raise OSError(f"it has {entry['size']:,} bytes, the limit is {limit:,}")
            target = folder / sha256(place.encode()).hexdigest()
            store.get_file(place, str(target))
        except Exception as error:  # noqa: BLE001 - every store raises errors of its own
            added.unreadable[origin] = f"{origin} cannot be fetched: {error}."
            continue
        listing.sources.append(Source(target, top / inside, origin, listing.via))
    return listing
