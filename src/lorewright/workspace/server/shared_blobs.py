"""Bytes that several things may share: kept as long as one of them is there."""

from collections.abc import Iterable

from lorewright.errors import Transient
from lorewright.storage import Blob
from lorewright.workspace.server.server import Server

KIND = "blob_use"


def keep(server: Server, pieces: Iterable[bytes], *, user: str) -> Blob:
    """Return the bytes, kept for `user`, the id of a record, until it lets them go."""
    blob = server.blobs.add(pieces)
    with server.blobs.held(blob.sha256):
        server.records(KIND).add(f"use_{user}", {}, parent=blob.sha256)
        if not server.blobs.exists(blob.sha256):
            server.records(KIND).remove(f"use_{user}")
            raise Transient("A file with the same content was just deleted.", hint="Send the file again.")
    return blob


def let_go(server: Server, sha256: str, *, user: str) -> None:
    """Let go of bytes; they are removed when nobody else keeps them."""
    uses = server.records(KIND)
    if uses.find(f"use_{user}"):
        uses.remove(f"use_{user}")
    server.blobs.remove_unless(sha256, lambda: uses.count(parent=sha256) > 0)
