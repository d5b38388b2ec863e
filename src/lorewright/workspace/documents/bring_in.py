"""Files from anywhere into the documents folder: each keeps the place that it came from."""

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from lorewright.documents.files import printable, scan_folder, why_no_file
from lorewright.errors import UnreadableDocument, known_error
from lorewright.progress import Progress, quiet
from lorewright.whole_files import unfinished_file
from lorewright.workspace.documents.fetching import fetched, is_address
from lorewright.workspace.documents.origins import Known, Origins, Source
from lorewright.workspace.documents.read_files import Added
from lorewright.workspace.domain.folder import SETTINGS_FILE
from lorewright.workspace.domain.workspace import Workspace


def bring_in(
    workspace: Workspace, paths: Sequence[str], added: Added, *, is_sync: bool, progress: Progress = quiet
) -> list[Path]:
    """Return the files behind `paths` inside the documents folder; those outside are copied there.

    A path may be an address: of a web page, a sitemap, a git repository, or a place that fsspec knows.
    A file that was brought in before keeps its document. Two files of one name become two documents,
    named with the folders that tell them apart. What a folder or a list that was brought in before no
    longer holds goes if `is_sync`, else it is named. What cannot be copied is named among the
    unreadable, and the others go on.
    """
    workspace.documents_folder.mkdir(exist_ok=True)
    origins = Origins(workspace.database)
    files: list[Path] = []
    here = dict.fromkeys(_absolute(Path(path)) for path in paths if not is_address(path))
    outside: list[Source] = []
    for place in here:
        names = _without_own(workspace, place, _names(place, added), added)
        inside = [file for file in names if file.is_relative_to(workspace.documents_folder)]
        files += inside
        outside += [Source(file, name, str(file)) for file, name in names.items() if file not in set(inside)]
        if place.is_dir() and not place.is_relative_to(workspace.documents_folder):
            gone = [
                document_id
                for document_id, known in origins.all().items()
                if not known.via and Path(known.origin).is_relative_to(place) and _is_gone(known.origin)
            ]
            _follow(workspace, str(place), gone, added, is_sync=is_sync, is_empty=not names)
    files += _copied(workspace, outside, origins, added)
    for address in filter(is_address, paths):
        try:
            with fetched(workspace, address, origins.all(), added, progress) as listing:
                files += _copied(workspace, listing.sources, origins, added)
        except UnreadableDocument as error:
            if len(paths) == 1:
                raise
            added.unreadable[address] = str(error)  # the others go on
            continue
        files += [workspace.documents_folder / document_id for document_id in listing.unchanged]
        if listing.is_list:
            _follow(workspace, address, listing.gone(origins.all()), added, is_sync=is_sync, is_empty=False)
    return files


def _names(place: Path, added: Added) -> dict[Path, PurePosixPath]:
    """Return the files behind a path of this machine, and what their documents are called."""
    if not place.is_dir():
        return {place: PurePosixPath(place.name)}
    scan = scan_folder(place)
    for name, reason in scan.unreadable.items():
        added.unreadable[f"{printable(place.name)}/{name}"] = f"{name} cannot be read: {reason}."
    return {file: PurePosixPath(file.relative_to(place.parent)) for file in scan.files}


def _without_own(
    workspace: Workspace, place: Path, names: Mapping[Path, PurePosixPath], added: Added
) -> dict[Path, PurePosixPath]:
    """Return files without those that make the domain: questions in the index would answer themselves."""
    own = (
        workspace.folder / SETTINGS_FILE,
        workspace.state_folder,
        workspace.questions_folder,
        workspace.examples_folder,
        workspace.update_folder,
    )
    kept = {file: name for file, name in names.items() if not any(map(file.is_relative_to, own))}
    if n_own := len(names) - len(kept):
        files = "1 file" if n_own == 1 else f"{n_own} files"
        added.notices[printable(place.name)] = [
            f"{files} of the domain itself (settings, state, questions, examples) not added as documents"
        ]
    return kept


def _absolute(path: Path) -> Path:
    """Return an existing path without links on the way to it; raise `UnreadableDocument` for none."""
    # A link to a file stays a link: it is a document under its own name, wherever it points.
    place = path.resolve() if path.is_dir() else path.parent.resolve() / path.name
    if not os.path.lexists(place):
        raise UnreadableDocument(f"No such file or folder: {printable(str(path))}.", hint="Check the path.")
    return place


def _copied(workspace: Workspace, sources: Sequence[Source], origins: Origins, added: Added) -> list[Path]:
    """Return the copies of files in the documents folder; what cannot be copied is named."""
    readable: list[Source] = []
    for source in sources:
        reason = why_no_file(source.path)
        if reason:
            _miss(added, source, reason)
        else:
            readable.append(source)
    before = origins.all()
    copies: list[Path] = []
    for document_id, source in documents_of(readable, before).items():
        try:
            if before.get(document_id) != Known(source.origin, source.via, source.stamp or {}):
                origins.note(document_id, source)
            copies.append(_copy(source.path, workspace.documents_folder / document_id))
        except OSError as error:
            if known_error(error):  # a full disk is no fault of this file
                raise
            _miss(added, source, f"{error.strerror or error}")
            continue
        if document_id != source.name.as_posix() and document_id not in before:
            added.notices[document_id] = [f"added under this name, because {source.name} is another document"]
    return copies


def documents_of(sources: Iterable[Source], known: Mapping[str, Known]) -> dict[str, Source]:
    """Return the files by the ids of their documents, in their order.

    `known` says where each document came from so far. A file that came before keeps its document, and
    takes over one whose own file is gone; of several files with one name, each is called by as many
    of the folders above it as tell it apart.
    """
    ids = {one.origin: document_id for document_id, one in known.items()}
    taken = {document_id: one.origin for document_id, one in known.items() if not _is_gone(one.origin)}
    once = list({source.origin: source for source in sources}.values())
    wanted = Counter(source.name for source in once if source.origin not in ids)
    placed: dict[str, Source] = {}
    for source in once:
        document_id = ids.get(source.origin)
        if document_id is None:
            names = _longer_names(source)
            if wanted[source.name] > 1:
                next(names)  # alike: none of them gets the short name
            document_id = next(name for name in names if taken.get(name, source.origin) == source.origin)
        taken[document_id] = source.origin
        placed[document_id] = source
    return placed


def _longer_names(source: Source) -> Iterator[str]:
    """Yield the name of a file, then with ever more of the folders above it, then numbered."""
    name = source.name
    yield name.as_posix()
    above = () if is_address(source.origin) else source.path.parents[len(name.parts) - 1 :]
    for folder in above:
        folder_name = folder.name.lstrip(".")
        if folder_name:
            name = folder_name / name
            yield name.as_posix()
    n = 2
    while True:
        yield name.with_stem(f"{name.stem}-{n}").as_posix()
        n += 1


def _follow(
    workspace: Workspace, place: str, gone: Iterable[str], added: Added, *, is_sync: bool, is_empty: bool
) -> None:
    """Remove the files of documents that a folder or a list no longer holds, or say that they stay."""
    gone = [name for name in gone if os.path.lexists(workspace.documents_folder / name)]
    if not gone:
        return
    name = place if is_address(place) else printable(Path(place).name)
    if is_empty:  # a disk that is not mounted must not empty the index
        added.notices[name] = [f"the folder is empty; its {_documents(len(gone))} are kept"]
    elif not is_sync:
        added.notices[name] = [
            f"{_documents(len(gone))} no longer in this {'list' if is_address(place) else 'folder'}: "
            f"{_some(gone)}. Remove with: lorewright add --sync {name}"
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


def _is_gone(origin: str) -> bool:
    """Return whether there is surely no file any more: what may not be looked at is not gone."""
    try:
        if not is_address(origin):
            Path(origin).lstat()
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
