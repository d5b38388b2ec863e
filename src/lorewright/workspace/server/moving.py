"""The state of a domain moved into another database, and the setting that says so changed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lorewright.access import Caller
from lorewright.errors import Busy, InUse, InvalidSetting, Overtaken
from lorewright.progress import Progress
from lorewright.settings import Storage
from lorewright.storage import Database, open_database, sqlite_url
from lorewright.storage.copying import copy_rows, end_copy, half_copied_from, marks, n_rows, note_copy
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.folder import DATABASE
from lorewright.workspace.domain.settings_file import write_settings
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.hosts import Hosts

SQLITE = "sqlite"
"""How `move --to` names the database in the domain's own folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A finished move: `tables` are the rows of each table, `n_written` those that this call wrote."""

    source: str
    target: str
    tables: dict[str, int]
    n_written: int
    left_behind: str


def move(workspace: Workspace, caller: Caller, to: str, progress: Progress) -> Move:
    """Copy the state into the database at `to` ("sqlite": the domain's folder), and use that from now on.

    Interrupted, the same call goes on with it; until the end the domain uses its old database, which
    stays where it is. Servers and workers must be stopped: raises `Busy` for those it sees, and
    `Overtaken` where something was written meanwhile.
    """
    caller.need("admin")
    url = "" if to == SQLITE else to
    if url == workspace.settings.storage.url:
        raise InvalidSetting(f"{workspace.folder.name} keeps its state there already.")
    source = workspace.database
    _need_rest(workspace)
    with _target(workspace, url) as target:
        with source.read() as connection:
            n_written = copy_rows(connection, target, progress)
        with source.read() as ours, target.read() as theirs:
            held, copied = marks(ours), marks(theirs)
        differing = sorted(name for name, mark in held.items() if copied[name] != mark)
        if differing:
            raise Overtaken(
                f"The state was changed while it was copied ({', '.join(differing)}).",
                hint="Stop every server and worker of this domain, then run the same command again.",
            )
        end_copy(target)
    was = _name(workspace.settings.storage.url)
    left_behind = _leave(workspace, workspace.settings.storage.url)
    write_settings(workspace, {"storage.url": url or None})
    workspace.reopen()
    audit(workspace, caller, Act.MOVED, f"{was} to {_name(url)}")
    rows = {name: mark.n_rows for name, mark in held.items()}
    return Move(
        source=was, target=_name(url), tables=rows, n_written=n_written, left_behind=left_behind
    )  # fmt: skip


@contextmanager
def _target(workspace: Workspace, url: str) -> Iterator[Database]:
    """Open the database to copy into; raise `InUse` where another domain is in it."""
    storage = Storage(url=url)
    target = open_database(storage.database_url() or sqlite_url(workspace.state_folder / DATABASE))
    try:
        noted, ours = half_copied_from(target), str(workspace.folder)
        if noted is None:
            with target.read() as connection:
                if n_rows(connection):
                    raise InUse(
                        f"{_name(url)} holds the state of a domain already.",
                        hint="Name an empty database, or one where a move of this domain was interrupted.",
                    )
            note_copy(target, ours)
        elif noted != ours:
            raise InUse(
                f"{_name(url)} holds a half-finished move of {noted}.", hint="Name an empty database."
            )
        yield target
    finally:
        target.close()


def _need_rest(workspace: Workspace) -> None:
    """Raise `Busy` while a job runs, or a server or worker was heard of lately."""
    running = [job for job in workspace.queue.all(state="running") if workspace.queue.is_alive(job)]
    if running:
        raise Busy(
            f"Job {running[0].id} ({running[0].kind}) is running.", hint="Wait for its end, or cancel it."
        )
    if workspace.database.is_shared:
        hosts = Hosts(workspace.database).all()
        if hosts:
            raise Busy(
                f"{len(hosts)} servers or workers use this database, such as one on {hosts[0].place}.",
                hint="Stop them first.",
            )


def _leave(workspace: Workspace, url: str) -> str:
    """Put the old database aside where it is a file; say where it is."""
    if url:
        return f"The old database stays as it is at {_name(url)}; drop it when you are sure."
    workspace.database.close()
    path = workspace.state_folder / DATABASE
    aside = path.with_name(f"{DATABASE}.moved")
    path.replace(aside)
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    return f"The old database is kept as {aside.name} in {aside.parent.name}; delete it when you are sure."


def _name(url: str) -> str:
    """Return a database as it is named to people: without its user."""
    return f"PostgreSQL at {url.partition('//')[2].rpartition('@')[2].partition('?')[0]}" if url else "SQLite"
