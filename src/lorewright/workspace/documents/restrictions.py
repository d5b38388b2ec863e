"""Parts of the documents that only some may read: folders and single documents, restricted to groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from lorewright.access import Caller
from lorewright.access.groups import Group, Groups
from lorewright.access.readable import is_within, part_id
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Record, Records
from lorewright.workspace.documents.files import document_path
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import KIND
from lorewright.workspace.domain.workspace import Workspace

MOST = 200
"""Restrictions at most: every search looks at all of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restriction:
    """A folder (`hr/`) or a document (`board.md`) that only these groups may read.

    `groups` are their ids. `part` is the id under which groups and keys name it among their stores;
    administrators, and whoever has all stores, read it too.
    """

    path: str
    part: str
    groups: tuple[str, ...]
    n_documents: int


def list_restrictions(workspace: Workspace, caller: Caller) -> list[Restriction]:
    """Return every restriction with the groups that share it, in the order of their paths."""
    caller.need("admin")
    ids = list(workspace.documents.states())
    groups = Groups(workspace.database).all()
    return [
        _restriction(record.label, groups, ids)
        for record in sorted(_records(workspace).all(), key=lambda one: one.label)
    ]


def restrict(workspace: Workspace, caller: Caller, path: str, groups: Sequence[str]) -> Restriction:
    """Return the restriction of a folder (`hr/`) or a document to these groups, from this moment on.

    Nothing in it is found, cited, listed or counted for anybody else. One that is there already gets
    these groups in the place of its own; groups are named by id or name. Raises `BadParameter` for a
    path outside the documents.
    """
    caller.need("admin")
    wanted = _checked_path(workspace, path)
    ids = Groups(workspace.database).ids_of(groups)
    records = _records(workspace)
    if not records.all(label=wanted):
        if records.count() >= MOST:
            raise BadParameter("path", f"There are {MOST} restrictions already: restrict whole folders.")
        records.add(f"{KIND}/{uuid4().hex}", {}, label=wanted)
    _share(workspace, wanted, set(ids))
    audit(workspace, caller, Act.DOCUMENTS_RESTRICTED, wanted, groups=", ".join(ids))
    return _restriction(wanted, Groups(workspace.database).all(), list(workspace.documents.states()))


def lift_restriction(workspace: Workspace, caller: Caller, path: str) -> None:
    """Let everybody who has access to the documents around a folder or a document read it again."""
    caller.need("admin")
    record = _found(workspace, path)
    _records(workspace).remove(record.id)
    _share(workspace, record.label, set())
    audit(workspace, caller, Act.DOCUMENTS_OPENED, record.label)


def _found(workspace: Workspace, path: str) -> Record:
    record = next(iter(_records(workspace).all(label=path.strip())), None)
    if record is None:
        raise NotFound(f"No restriction found for {path!r}.", hint="A folder ends with a slash: hr/")
    return record


def _checked_path(workspace: Workspace, path: str) -> str:
    """Return a path as it is kept: relative to the documents folder, a folder with its slash."""
    given = path.strip()
    path_there = document_path(workspace, given.rstrip("/"))
    inside = path_there.relative_to(workspace.documents_folder).as_posix()
    return f"{inside}/" if given.endswith("/") or path_there.is_dir() else inside


def _share(workspace: Workspace, path: str, wanted: set[str]) -> None:
    """Let these groups read a part, and no other one."""
    part, groups = part_id(path), Groups(workspace.database)
    for group in groups.all():
        is_shared = part in group.stores
        if is_shared == (group.id in wanted):
            continue
        others = [store for store in group.stores if store != part]
        groups.change(group.id, {"stores": others if is_shared else [*others, part]})


def _restriction(path: str, groups: Sequence[Group], document_ids: Sequence[str]) -> Restriction:
    part = part_id(path)
    return Restriction(
        path=path,
        part=part,
        groups=tuple(group.id for group in groups if part in group.stores or "*" in group.stores),
        n_documents=sum(is_within(document_id, path) for document_id in document_ids),
    )


def _records(workspace: Workspace) -> Records:
    return Records(workspace.database, KIND)
