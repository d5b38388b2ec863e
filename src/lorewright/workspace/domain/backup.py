"""A domain in one file, taken while it is served, and a folder made of it again."""

import gzip
import json
import os
import shutil
import sqlite3
import tarfile
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import tomlkit

from lorewright import __version__
from lorewright.access import Caller
from lorewright.access.sessions import KEY_KIND
from lorewright.errors import AlreadyADomain, InvalidBackup
from lorewright.progress import Progress, quiet
from lorewright.storage import open_database, sqlite_url
from lorewright.storage.copying import copy_rows
from lorewright.storage.migrating import SCHEMA_VERSION
from lorewright.whole_files import unfinished_file, write_whole
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.folder import DATABASE, SETTINGS_FILE, STATE
from lorewright.workspace.domain.model_key import NAME as MODEL_KEYS
from lorewright.workspace.domain.scratch import BACKUP, scratch_folder
from lorewright.workspace.domain.workspace import Workspace

FORMAT = 1
MANIFEST, END = ".backup.json", ".backup.end.json"
"""The first and the last file of a backup: one without the last is cut short."""
LEFT_OUT = frozenset({"at-work", "drill", "incoming", "worker.log", "session.key", MODEL_KEYS, DATABASE})
"""What the state folder holds for the time being, or for this machine alone; the database is copied apart."""
HOST_KIND = "job_host"
"""The kind of records of those who do jobs: they are elsewhere."""
GZIP_LEVEL = 3
N_TRIES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """What a backup holds: `n_bytes` before compression; `vanished` names files deleted meanwhile.

    `was_at` is the storage.url that a restored domain had: now its state is in its folder.
    """

    domain: str
    made_at: float
    version: str = __version__
    schema: str = SCHEMA_VERSION
    format: int = FORMAT
    n_documents: int = 0
    n_files: int = 0
    n_bytes: int = 0
    vanished: list[str] = field(default_factory=list)
    was_at: str = ""


def back_up(workspace: Workspace, caller: Caller, file: Path, progress: Progress) -> Backup:
    """Write everything that the domain holds into a .tar.gz, and return what it is; whole or not at all.

    The domain may be served and changed meanwhile: the database is copied as it is at one moment, by
    SQLite's own backup, and indexes as one of their versions. Models that were downloaded are not in
    it, nor the key that sessions are signed with (whoever was logged in logs in again), nor those of
    other servers.
    """
    caller.need("admin")
    backup = Backup(
        domain=workspace.folder.name, made_at=time.time(), n_documents=workspace.documents.count()
    )
    with scratch_folder(workspace.state_folder, BACKUP) as scratch:
        files = {f"{STATE}/{DATABASE}": _copy_database(workspace, scratch / DATABASE)}
        files |= dict(_files(workspace, scratch))
        n_bytes, vanished = 0, list[str]()
        with unfinished_file(file) as unfinished:
            unfinished.touch(mode=0o600)
            with tarfile.open(unfinished, "w:gz", compresslevel=GZIP_LEVEL) as archive:
                _add_json(archive, MANIFEST, asdict(backup) | {"n_files": len(files)})
                for n, (name, path) in enumerate(sorted(files.items())):
                    progress(n, len(files))
                    try:
                        n_bytes += _add(archive, name, path)
                    except FileNotFoundError:
                        vanished.append(name)
                _add_json(archive, END, {"vanished": vanished})
        progress(len(files), len(files))
    audit(workspace, caller, Act.BACKED_UP, file.name)
    return replace(backup, n_files=len(files), n_bytes=n_bytes, vanished=vanished)


def restore(file: Path, folder: Path, progress: Progress) -> Backup:
    """Make a domain's folder of a backup, whole or not at all, and return what the backup is.

    Raises `AlreadyADomain` unless `folder` is new or empty, `InvalidBackup` for a file that is no
    backup, is damaged, or comes from a newer release.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AlreadyADomain(f"{folder} already exists.", hint="Choose a new or empty folder.")
    target = folder.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        backup = _extract(file, scratch, progress)
        scratch.chmod(0o755)  # as a folder that init makes; the state folder in it is private
        if target.exists():
            target.rmdir()
        scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return backup


def _files(workspace: Workspace, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name of every file to keep and where its bytes are: indexes are held still for that."""
    for path in sorted(workspace.folder.iterdir()):
        if not path.name.startswith(".") and not _is_backup(path):
            yield from _below(path, path.name)
    for path in sorted(workspace.state_folder.iterdir()):
        if path.name in LEFT_OUT or path.name.startswith(".") or _is_passing(path.name):
            continue
        name = f"{STATE}/{path.name}"
        yield from _below(_held_still(path, scratch / path.name) if _is_index(path) else path, name)


def _is_backup(path: Path) -> bool:
    """Return whether a file is a backup: one beside the settings must not grow with every further one."""
    if not path.is_file():
        return False
    try:
        with tarfile.open(path, "r:gz") as archive:
            first = archive.next()
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile):
        return False
    return first is not None and first.name == MANIFEST


def _below(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield name, path
    for parent, folders, files in os.walk(path):
        folders[:] = [folder for folder in folders if not _is_passing(folder)]
        inside = Path(parent).relative_to(path).as_posix()
        for file in files:
            if not _is_passing(file) and (Path(parent) / file).is_file():
                yield f"{name}/{file}" if inside == "." else f"{name}/{inside}/{file}", Path(parent) / file


def _is_passing(name: str) -> bool:
    return name.endswith((".lock", ".partial", ".sock", "-wal", "-shm"))


def _is_index(path: Path) -> bool:
    return path.is_dir() and any(path.rglob("*.lance"))


def _held_still(folder: Path, target: Path) -> Path:
    """Return a copy of indexes that nobody changes: their files are written once, so links will do."""
    for _ in range(N_TRIES):
        try:
            return Path(shutil.copytree(folder, target, copy_function=_link))
        except (shutil.Error, FileNotFoundError):  # tidied up in between: a later version is there now
            shutil.rmtree(target, ignore_errors=True)
    return folder


def _link(source: str, target: str) -> str:
    if source.endswith((".manifest", ".txn")) or "_latest" in source:
        return str(shutil.copy2(source, target))
    try:
        os.link(source, target)
    except PermissionError:  # a file system without hard links
        shutil.copy2(source, target)
    return target


def _copy_database(workspace: Workspace, target: Path) -> Path:
    """Copy the state as it is at one moment into a SQLite file, whatever database it is in."""
    if workspace.database.is_shared:
        target.touch(mode=0o600)
        with closing(open_database(sqlite_url(target))) as copy, workspace.database.snapshot() as rows:
            copy_rows(rows, copy, quiet)
        with closing(sqlite3.connect(target)) as connection:
            connection.execute(f"DELETE FROM record WHERE kind IN ('{KEY_KIND}', '{HOST_KIND}')")  # noqa: S608 - ours
            connection.commit()
            connection.execute("PRAGMA journal_mode=DELETE")
        return target
    source = workspace.state_folder / DATABASE
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as connection,
        closing(sqlite3.connect(target)) as copy,
    ):
        connection.backup(copy, pages=1024)
        copy.execute("PRAGMA journal_mode=DELETE")
    return target


def _add_json(archive: tarfile.TarFile, name: str, body: Mapping[str, Any]) -> None:
    written = json.dumps(body).encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(written), int(time.time()), 0o600
    archive.addfile(entry, BytesIO(written))


def _add(archive: tarfile.TarFile, name: str, path: Path) -> int:
    """Write one file into the archive and return its size; one that grows meanwhile is cut there."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = status.st_size, int(status.st_mtime), status.st_mode & 0o700
        archive.addfile(entry, _Padded(file, status.st_size))
    return int(status.st_size)


class _Padded:
    """A file that always gives as many bytes as it had: zeros where it was cut short meanwhile."""

    def __init__(self, file: Any, n_left: int) -> None:
        self._file = file
        self._n_left = n_left

    def read(self, n: int = -1) -> bytes:
        """Return the next bytes."""
        n = self._n_left if n < 0 else min(n, self._n_left)
        read: bytes = self._file.read(n)
        self._n_left -= n
        return read.ljust(n, b"\0")


def _extract(file: Path, folder: Path, progress: Progress) -> Backup:
    with _refusing(file), tarfile.open(file, "r:gz") as archive:
        backup = _read_manifest(file, archive)
        names = list[str]()
        for entry in archive:
            names.append(entry.name)
            first = entry.name.split("/", 1)[0]
            if not entry.isfile() or (first.startswith(".") and first not in (STATE, MANIFEST, END)):
                raise InvalidBackup(f"{file.name} contains {entry.name!r}, which no backup does.")
            archive.extract(entry, folder, filter="data")
            progress(min(len(names), backup.n_files), backup.n_files)
    end = folder / END
    if names[-1:] != [END]:
        raise InvalidBackup(
            f"{file.name} is incomplete: its end is missing.", hint="Create the backup again."
        )
    backup = replace(backup, vanished=json.loads(end.read_text())["vanished"])
    for name in (MANIFEST, END):
        (folder / name).unlink()
    state = folder / STATE
    if not (folder / SETTINGS_FILE).is_file() or not (state / DATABASE).is_file():
        raise InvalidBackup(
            f"{file.name} does not contain {SETTINGS_FILE} or the database.", hint="Create the backup again."
        )
    state.chmod(0o700)
    backup = replace(backup, was_at=_use_own_database(folder))
    with closing(sqlite3.connect(state / DATABASE)) as connection:
        (health,) = connection.execute("PRAGMA quick_check").fetchone()
    if health != "ok":
        raise InvalidBackup(
            f"The database in {file.name} is damaged: {health}.", hint="Create the backup again."
        )
    return backup


def _use_own_database(folder: Path) -> str:
    """Let a restored domain use the database in its folder, not the one it was copied from; return that."""
    path = folder / SETTINGS_FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    storage = document.get("storage", {})
    was_at = str(storage.get("url", ""))
    if was_at:
        del storage["url"]
        write_whole(path, tomlkit.dumps(document))
    return was_at


def _read_manifest(file: Path, archive: tarfile.TarFile) -> Backup:
    entry = archive.next()
    written = archive.extractfile(entry) if entry and entry.name == MANIFEST else None
    if written is None:
        raise InvalidBackup(f"{file.name} is not a backup.", hint="Create one with: lorewright backup FILE")
    body: Mapping[str, Any] = json.loads(written.read())
    if body["format"] > FORMAT or body["schema"] > SCHEMA_VERSION:
        raise InvalidBackup(
            f"{file.name} was created by lorewright {body['version']}; this is {__version__}.",
            hint="Install that version or a later one.",
        )
    return Backup(**{name: body[name] for name in Backup.__dataclass_fields__ if name in body})


_DAMAGES = (
    tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, IsADirectoryError,
    KeyError, TypeError, ValueError,
)  # fmt: skip


@contextmanager
def _refusing(file: Path) -> Iterator[None]:
    """Turn what a file that is no backup, or half of one, raises into one clear error."""
    try:
        yield
    except FileNotFoundError as error:
        if error.filename != os.fspath(file):
            raise
        raise InvalidBackup(f"No such file: {file}.") from error
    except _DAMAGES as error:
        raise InvalidBackup(
            f"{file.name} is not a backup, or is damaged: {error}.",
            hint="Create one with: lorewright backup FILE",
        ) from error
