"""Reading files on the nodes of a cluster: bytes go out, documents or the reasons why not come back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lorewright.documents import Document, DocumentReader, ReadingReport
from lorewright.errors import UnreadableDocument
from lorewright.settings import Documents
from lorewright.workspace.documents.reader import Outcome, document_reader
from lorewright.workspace.jobs.cluster import Cluster, packed, unpacked
from lorewright.workspace.jobs.portions import portions

MOST_BYTES = 32 * 1024**2
"""A larger file is read by the job itself."""
_UNIT_BYTES, _UNIT_FILES = 1024**2, 64


def read_on_nodes(
    cluster: Cluster, settings: Documents, files: Mapping[str, Path]
) -> Iterator[tuple[str, Outcome]]:
    """Yield what became of every file that is sent, by the id of its document.

    The hash is of the bytes that were sent. One that changes meanwhile is left out.
    """
    hashes: dict[str, str] = {}
    spec = json.dumps(asdict(settings))
    for result in cluster.each(f"{__name__}:read_unit", spec, _units(files, hashes)):
        told, _ = unpacked(result)
        for name, found in told:
            yield name, _outcome(found, hashes.pop(name))


def is_sent(path: Path) -> bool:
    """Return whether a file is worth sending: what is no file, empty or huge is the job's own to look at."""
    try:
        return path.is_file() and 0 < path.stat().st_size <= MOST_BYTES
    except OSError:
        return False


def read_unit(spec: str, unit: bytes) -> bytes:
    """Return the documents in some files: what a node does."""
    names, bodies = unpacked(unit)
    reader = _reader(spec)
    told = []
    with TemporaryDirectory(prefix="lorewright-") as folder:
        for (name, file_name), body in zip(names, bodies, strict=True):
            path = Path(folder) / file_name
            path.write_bytes(body)
            told.append((name, _found(reader, path, name)))
            path.unlink()
    return packed(told)


def _units(files: Mapping[str, Path], hashes: dict[str, str]) -> Iterator[bytes]:
    """Yield files by the unit, and note the hash of what is sent of each; one that changes comes later."""
    bodies = ((name, path.name, _bytes_of(path)) for name, path in files.items())
    still = ((name, file_name, body) for name, file_name, body in bodies if body is not None)
    for unit in portions(still, lambda one: len(one[2]), size=_UNIT_BYTES, n=_UNIT_FILES):
        hashes |= {name: sha256(body).hexdigest() for name, _, body in unit}
        yield packed([(name, file_name) for name, file_name, _ in unit], [body for _, _, body in unit])


def _bytes_of(path: Path) -> bytes | None:
    """Return what is in a file, `None` for one that is written at this moment, or cannot be read."""
    try:
        before = path.stat()
        body = path.read_bytes()
        after = path.stat()
    except OSError:
        return None
    is_still = (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
    return body if is_still and len(body) == after.st_size else None


@lru_cache(maxsize=1)
def _reader(spec: str) -> DocumentReader:
    """Return the reader that a process of a node keeps."""
    return document_reader(Documents(**json.loads(spec)))


def _found(reader: DocumentReader, path: Path, name: str) -> dict[str, Any]:
    try:
        return {"document": asdict(reader.read(path, document_id=name))}
    except UnreadableDocument as error:
        return {"reason": str(error), "hint": error.hint}


def _outcome(found: Mapping[str, Any], file_hash: str) -> Outcome:
    if "reason" in found:
        return UnreadableDocument(found["reason"], hint=found["hint"])
    values = found["document"]
    document = Document(
        **{
            **values,
            "page_starts": tuple(values["page_starts"]),
            "report": ReadingReport.from_json(values["report"]),
        }
    )
    return document, file_hash
