"""Versions of the dataset: what its files held at every change, to compare with and to go back to."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from lorewright.access import Caller
from lorewright.datasets import example_from, spoken
from lorewright.datasets.difference import Difference, Entry, difference
from lorewright.datasets.placed import placed_rows
from lorewright.datasets.rows import find_example_files
from lorewright.errors import NotFound
from lorewright.evaluation.question_json import question_from_json
from lorewright.storage import Record
from lorewright.whole_files import write_whole
from lorewright.workspace.dataset.material import material_for
from lorewright.workspace.dataset.table import Side, folder_of
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.shared_blobs import keep

KIND = "dataset_version"
SIDES: tuple[Side, ...] = ("examples", "questions")


@dataclass(frozen=True, kw_only=True, slots=True)
class DataVersion:
    """The files of the dataset at one moment, by `side/path`, and why it was kept.

    `digest` is the same for the same content, whenever that was.
    """

    id: str
    digest: str
    files: Mapping[str, str]
    n_examples: int
    n_questions: int
    why: str
    by: str
    at: float


def keep_version(server: Server, why: str, *, by: str) -> DataVersion:
    """Return the version that the dataset is now: a new one, unless it is the latest one still."""
    files = _files(server.workspace)
    digest = sha256(
        json.dumps(sorted((name, sum_) for name, (sum_, _) in files.items())).encode()
    ).hexdigest()
    latest = stored_versions(server)[:1]
    if latest and latest[0].digest == digest:
        return latest[0]
    version_id = f"dsv_{uuid4().hex[:24]}"
    for name, (_, content) in files.items():
        keep(server, [content], user=f"{version_id}/{name}")
    body = {
        "digest": digest,
        "files": {name: sum_ for name, (sum_, _) in files.items()},
        "n_examples": len(_entries(server.workspace.examples_folder, "examples")),
        "n_questions": len(_entries(server.workspace.questions_folder, "questions")),
        "why": why,
        "by": by,
    }
    return _version(server.records(KIND).add(version_id, body))


def save_dataset_version(server: Server, caller: Caller, why: str) -> DataVersion:
    """Return the version that the dataset is now, kept because somebody wants it."""
    caller.need("tune")
    version = keep_version(server, why, by=caller.name)
    audit(server.workspace, caller, Act.DATASET_KEPT, version.id)
    return version_for(server, caller, version)


def version_for(server: Server, caller: Caller, version: DataVersion) -> DataVersion:
    """Return the version that the dataset is now, counting the rows that a caller may see."""
    allowed = readable(server.workspace, caller)
    if allowed.is_all:
        return version
    material = material_for(server.workspace, caller)
    n_examples, n_questions = len(material.examples), len(material.questions)
    return replace(version, files={}, n_examples=n_examples, n_questions=n_questions)


def all_versions(server: Server, caller: Caller) -> list[DataVersion]:
    """Return every version, the latest first.

    Versions hold every row: there is none for who may not read all documents that rows are made of.
    """
    caller.need("read")
    return stored_versions(server) if readable(server.workspace, caller).is_all else []


def stored_versions(server: Server) -> list[DataVersion]:
    """Return every version, the latest first, whoever asks."""
    return [_version(record) for record in reversed(server.records(KIND).all())]


def find_version(server: Server, caller: Caller, version_id: str) -> DataVersion:
    """Return a version; raise `NotFound` where there is none, or none for this caller."""
    caller.need("read")
    return _seen(server, caller, version_id)


def _seen(server: Server, caller: Caller, version_id: str) -> DataVersion:
    if not readable(server.workspace, caller).is_all:
        raise NotFound(f"No dataset version found with id {version_id!r}.")
    return stored_version(server, version_id)


def stored_version(server: Server, version_id: str) -> DataVersion:
    """Return a version, whoever asks; raise `NotFound` where there is none."""
    return _version(server.records(KIND).get(version_id))


def version_difference(
    server: Server, caller: Caller, before_id: str, after_id: str
) -> Mapping[Side, Difference]:
    """Return by side what is different between two versions; '' is the dataset as it is now."""
    caller.need("read")
    for version_id in (before_id, after_id):
        if version_id or not readable(server.workspace, caller).is_all:
            _seen(server, caller, version_id)
    before, after = (_entries_of(server, version_id) for version_id in (before_id, after_id))
    return {side: difference(before[side], after[side]) for side in SIDES}


def restore_version(server: Server, caller: Caller, version_id: str) -> DataVersion:
    """Return the version that the dataset is after its files became those of an earlier one."""
    caller.need("tune")
    wanted = _seen(server, caller, version_id)
    keep_version(server, "Changed outside", by="")
    workspace = server.workspace
    for name, sum_ in wanted.files.items():
        write_whole(_path(workspace, name), [server.blobs.path(sum_).read_bytes()])
    for name in set(_files(workspace)) - set(wanted.files):
        _path(workspace, name).unlink(missing_ok=True)
    why = f"Restored version {wanted.id[:12]}: {wanted.why}"
    audit(server.workspace, caller, Act.DATASET_RESTORED, version_id)
    return keep_version(server, why, by=caller.name)


def _files(workspace: Workspace) -> dict[str, tuple[str, bytes]]:
    """Return sha256 and bytes of every file of the dataset, by `side/path`."""
    files = {}
    for side in SIDES:
        folder = folder_of(workspace, side)
        for path in find_example_files(folder):
            content = path.read_bytes()
            name = f"{side}/{path.relative_to(folder).as_posix()}"
            files[name] = (sha256(content).hexdigest(), content)
    return files


def _path(workspace: Workspace, name: str) -> Path:
    side, _, path = name.partition("/")
    return folder_of(workspace, "questions" if side == "questions" else "examples") / path


def _entries_of(server: Server, version_id: str) -> Mapping[Side, list[Entry]]:
    if not version_id:
        return {side: _entries(folder_of(server.workspace, side), side) for side in SIDES}
    version = stored_version(server, version_id)
    with tempfile.TemporaryDirectory(prefix="lorewright-") as place:
        for name, sum_ in version.files.items():
            blob = server.blobs.path(sum_)
            if not blob.is_file():
                raise NotFound(f"The file {name} of the version {version_id} no longer exists.")
            write_whole(Path(place) / name, [blob.read_bytes()])
        return {side: _entries(Path(place) / side, side) for side in SIDES}


def _entries(folder: Path, side: Side) -> list[Entry]:
    """Return the rows of a folder as people compare them; broken ones by where they stand."""
    entries = []
    if side == "examples":
        for placed in placed_rows(folder, example_from):
            one = placed.value
            where = f"{placed.file}:{placed.number}"
            entries.append(
                Entry(one.id, spoken(one.prompt), one.completion)
                if one
                else Entry(where, where, placed.error)
            )
        return entries
    for row in placed_rows(folder, question_from_json):
        question, where = row.value, f"{row.file}:{row.number}"
        entries.append(
            Entry(question.id, spoken(question.conversation), "\n".join(question.targets))
            if question
            else Entry(where, where, row.error)
        )
    return entries


def _version(record: Record) -> DataVersion:
    body = record.body
    return DataVersion(
        id=record.id, digest=body["digest"], files=body["files"], n_examples=body["n_examples"],
        n_questions=body["n_questions"], why=body["why"], by=body["by"], at=record.created_at,
    )  # fmt: skip
