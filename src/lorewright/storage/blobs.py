"""Bytes in a folder, kept once under their sha256."""

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that were kept: their sha256 and how many they are."""

    sha256: str
    size_bytes: int


class Blobs:
    """A folder of blobs; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, pieces: Iterable[bytes]) -> Blob:
        """Keep bytes that come piece by piece; they are there whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        digest, size = sha256(), 0
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".partial-")
        try:
            with os.fdopen(handle, "wb") as file:
                for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
                file.flush()
                os.fsync(file.fileno())
            place = self.path(digest.hexdigest())
            place.parent.mkdir(exist_ok=True)
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Blob(digest.hexdigest(), size)

    def path(self, sha256: str) -> Path:
        """Return where the bytes with this sha256 lie."""
        return self._folder / sha256[:2] / sha256

    def exists(self, sha256: str) -> bool:
        """Return whether the bytes are there."""
        return self.path(sha256).exists()

    def held(self, sha256: str) -> AbstractContextManager[None]:  # noqa: ARG002 - see `remove_unless`
        """Keep others from letting go of these bytes meanwhile; here, whoever does so looks twice."""
        return nullcontext()

    def remove_unless(self, sha256: str, is_used: Callable[[], bool]) -> None:
        """Let bytes go, unless somebody uses them."""
        if is_used():
            return
        path = self.path(sha256)
        going = path.with_suffix(f".{uuid4().hex}")
        with suppress(FileNotFoundError):  # another one was just let go, and took them along
            path.rename(going)
            # Asked again: whoever kept the same bytes in between either is seen here, or sees them gone.
            if is_used():
                going.rename(path)
            else:
                going.unlink()

    def remove(self, sha256: str) -> None:
        """Let bytes go; unknown ones change nothing."""
        self.path(sha256).unlink(missing_ok=True)
