"""Files from anywhere into the documents folder: each keeps the place that it came from."""

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from lorewright.documents.files import printable, scan_folder, why_no_file
from lorewright.errors import UnreadableDocument, known_error
from lorewright.storage import Database, Records
from lorewright.whole_files import unfinished_file
from lorewright.workspace.documents.read_files import Added
from lorewright.workspace.domain.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Source:
    """A file to bring in: where it is, and what its document is called unless another one is."""

    path: Path
    name: PurePosixPath


class SourcePaths:
    """Which file outside the domain each document was copied from."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, "document_source")

    def all(self) -> dict[str, str]:
        """Return the absolute path that each document was copied from, by the document's id."""
        return {record.body["document"]: record.body["source"] for record in self._records.all()}

    def note(self, document_id: str, source: str) -> None:
        """Keep where a document was copied from."""
        self._records.put(_id(document_id), lambda _: {"document": document_id, "source": source})

    def forget(self, document_id: str) -> None:
        """Forget where a document was copied from."""
        if self._records.find(_id(document_id)):
            self._records.remove(_id(document_id))


def bring_in(workspace: Workspace, paths: Iterable[Path], added: Added, *, is_sync: bool) -> list[Path]:
    """Return the files behind `paths` inside the documents folder; those outside are copied there.

    A file that was brought in before keeps its document. Two files of one name become two documents,
    named with the folders that tell them apart. What a folder that was brought in before no longer
    holds goes if `is_sync`, else it is named. What cannot be copied is named among the unreadable,
    and the others go on.
    """
    workspace.documents_folder.mkdir(exist_ok=True)
    known = SourcePaths(workspace.database)
    files: list[Path] = []
    outside: list[Source] = []
    for path in paths:
        place = _absolute(path)
        if not place.is_dir():
            _sort(workspace, [Source(place, PurePosixPath(place.name))], files, outside)
            continue
        scan = scan_folder(place)
        for name, reason in scan.unreadable.items():
            added.unreadable[f"{printable(place.name)}/{name}"] = f"{name} cannot be read: {reason}."
        sources = [Source(file, PurePosixPath(file.relative_to(place.parent))) for file in scan.files]
        _sort(workspace, sources, files, outside)
        if not place.is_relative_to(workspace.documents_folder):
            _follow(workspace, place, known.all(), added, is_sync=is_sync, is_empty=not sources)
    return files + _copied(workspace, outside, known, added)


def _absolute(path: Path) -> Path:
    """Return an existing path without links on the way to it; raise `UnreadableDocument` for none."""
    # A link to a file stays a link: it is a document under its own name, wherever it points.
    place = path.resolve() if path.is_dir() else path.parent.resolve() / path.name
    if not os.path.lexists(place):
        raise UnreadableDocument(f"No such file or folder: {printable(str(path))}.", hint="Check the path.")
    return place


def _sort(workspace: Workspace, sources: Iterable[Source], inside: list[Path], outside: list[Source]) -> None:
    """Put files of the documents folder to those inside, and every other one to those outside."""
    for source in sources:
        if source.path.is_relative_to(workspace.documents_folder):
            inside.append(source.path)
        else:
            outside.append(source)


def _copied(workspace: Workspace, sources: Sequence[Source], known: SourcePaths, added: Added) -> list[Path]:
    """Return the copies of files in the documents folder; what cannot be copied is named."""
    readable: list[Source] = []
    for source in sources:
        reason = why_no_file(source.path)
        if reason:
            _miss(added, source, reason)
        else:
            readable.append(source)
    before = known.all()
    copies: list[Path] = []
    for document_id, source in documents_of(readable, before).items():
        try:
            if before.get(document_id) != str(source.path):
                known.note(document_id, str(source.path))
            copies.append(_copy(source.path, workspace.documents_folder / document_id))
        except OSError as error:
            if known_error(error):  # a full disk is no fault of this file
                raise
            _miss(added, source, f"{error.strerror or error}")
            continue
        if document_id != source.name.as_posix() and document_id not in before:
            added.notices[document_id] = [f"added under this name, because {source.name} is another document"]
    return copies


def documents_of(sources: Iterable[Source], known: Mapping[str, str]) -> dict[str, Source]:
    """Return the files by the ids of their documents, in their order.

    `known` holds the path that each document came from so far. A file that came before keeps its
    document, and takes over one whose own file is gone; of several files with one name, each is
    called by as many of the folders above it as tell it apart.
    """
    ids = {path: document_id for document_id, path in known.items()}
    taken = {document_id: path for document_id, path in known.items() if not _is_gone(Path(path))}
    once = list({str(source.path): source for source in sources}.values())
    wanted = Counter(source.name for source in once if str(source.path) not in ids)
    placed: dict[str, Source] = {}
    for source in once:
        path = str(source.path)
        document_id = ids.get(path)
        if document_id is None:
            names = _longer_names(source)
            if wanted[source.name] > 1:
                next(names)  # alike: none of them gets the short name
            document_id = next(name for name in names if taken.get(name, path) == path)
        taken[document_id] = path
        placed[document_id] = source
    return placed


def _longer_names(source: Source) -> Iterator[str]:
    """Yield the name of a file, then with ever more of the folders above it, then numbered."""
    name = source.name
    yield name.as_posix()
    for folder in source.path.parents[len(name.parts) - 1 :]:
        folder_name = folder.name.lstrip(".")
        if folder_name:
            name = folder_name / name
            yield name.as_posix()
    n = 2
    while True:
        yield name.with_stem(f"{name.stem}-{n}").as_posix()
        n += 1


def _follow(
    workspace: Workspace,
    folder: Path,
    known: Mapping[str, str],
    added: Added,
    *,
    is_sync: bool,
    is_empty: bool,
) -> None:
    """Remove the files of documents that a folder no longer holds, or say that they are still there."""
    gone = [
        document_id
        for document_id, path in known.items()
        if Path(path).is_relative_to(folder) and _is_gone(Path(path))
        and os.path.lexists(workspace.documents_folder / document_id)
    ]  # fmt: skip
    if not gone:
        return
    name = printable(folder.name)
    if is_empty:  # a disk that is not mounted must not empty the index
        added.notices[name] = [f"the folder is empty; its {_documents(len(gone))} are kept"]
    elif not is_sync:
        added.notices[name] = [
            f"{_documents(len(gone))} no longer in this folder: {_some(gone)}. "
            f"Remove with: lorewright add --sync {name}"
        ]
    else:
        for document_id in gone:
            with suppress(FileNotFoundError):
                (workspace.documents_folder / document_id).unlink()


def _documents(n: int) -> str:
    return "1 document" if n == 1 else f"{n} documents"


def _some(names: Sequence[str], n_most: int = 3) -> str:
    rest = len(names) - n_most
    return ", ".join(names[:n_most]) + (f" and {rest} more" if rest > 0 else "")


def _is_gone(path: Path) -> bool:
    """Return whether there is surely no file any more: what may not be looked at is not gone."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _copy(source: Path, target: Path) -> Path:
    with unfinished_file(target) as unfinished:
        shutil.copyfile(source, unfinished)
    return target


def _miss(added: Added, source: Source, reason: str) -> None:
    added.unreadable[printable(source.name.as_posix())] = (
        f"{printable(source.path.name)} cannot be read: {reason}."
    )


def _id(document_id: str) -> str:
    return "source_" + sha256(document_id.encode()).hexdigest()[:40]
