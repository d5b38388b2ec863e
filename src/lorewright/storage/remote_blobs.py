"""Bytes in an object store or a folder that several hosts see, with a copy here of what was used here."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

from lorewright.errors import InvalidSetting, LorewrightError, MissingExtra, Transient
from lorewright.storage.blobs import Blob, Blobs

_AT_ONCE = 1 << 20


class RemoteBlobs(Blobs):
    """Blobs below an address such as `s3://bucket/folder`; what is read is fetched into `cache` and hashed.

    `alone` keeps two hosts from letting go of the same bytes, and keeping them, at once.
    """

    def __init__(
        self, address: str, cache: Path, alone: Callable[[str], AbstractContextManager[None]]
    ) -> None:
        super().__init__(cache)
        self._cache, self._address, self._alone = cache, address, alone
        self._files, self._root = _opened(address)

    def add(self, pieces: Iterable[bytes]) -> Blob:
        """Keep bytes that come piece by piece; they are there for every host, whole or not at all."""
        blob = super().add(pieces)
        with self._reached():
            if not self._files.exists(self._key(blob.sha256)):
                self._send(super().path(blob.sha256), self._key(blob.sha256))
        return blob

    def path(self, sha256: str) -> Path:
        """Return where a copy of the bytes lies on this host; nowhere if they are gone for all."""
        here = super().path(sha256)
        if not here.exists():
            with self._reached():
                self._fetch(self._key(sha256), here, sha256)
        return here

    def exists(self, sha256: str) -> bool:
        """Return whether the bytes are there for every host."""
        with self._reached():
            return bool(self._files.exists(self._key(sha256)))

    def remove(self, sha256: str) -> None:
        """Let bytes go; unknown ones change nothing."""
        super().remove(sha256)
        with self._reached(), suppress(FileNotFoundError):
            self._files.rm_file(self._key(sha256))

    def remove_unless(self, sha256: str, is_used: Callable[[], bool]) -> None:
        """Let bytes go, unless somebody uses them."""
        with self.held(sha256):
            if not is_used():
                self.remove(sha256)

    def held(self, sha256: str) -> AbstractContextManager[None]:
        """Keep other hosts from letting go of these bytes meanwhile."""
        return self._alone(f"blob {sha256}")

    def _key(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"

    def _send(self, path: Path, key: str) -> None:
        """Put a file under a key, whole: under another name first."""
        self._files.makedirs(key.rpartition("/")[0], exist_ok=True)
        draft = f"{key}.{uuid4().hex}"
        self._files.put_file(str(path), draft)
        self._files.mv(draft, key)

    def _fetch(self, key: str, here: Path, expected: str) -> None:
        here.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._cache, prefix=".partial-")
        try:
            digest = sha256()
            with os.fdopen(handle, "wb") as file, self._files.open(key, "rb") as source:
                while piece := source.read(_AT_ONCE):
                    file.write(piece)
                    digest.update(piece)
            if digest.hexdigest() != expected:
                raise Transient(
                    f"The file {expected[:12]}… at {self._address} is damaged.",
                    hint="Restore it from a backup; its name is the sha256 of its content.",
                )
            Path(name).replace(here)
        except FileNotFoundError:
            return  # gone for every host: the caller finds no file here either
        finally:
            Path(name).unlink(missing_ok=True)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn what libraries of object stores raise into one clear line."""
        try:
            yield
        except LorewrightError:
            raise
        except Exception as error:  # each store's library has errors of its own
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise Transient(
                f"The files at {self._address} cannot be reached: {reason}.",
                hint="Check storage.blobs, the credentials, and whether the bucket is there.",
            ) from error


def _opened(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the place in it."""
    if find_spec("fsspec") is None:
        raise MissingExtra(
            "storage.blobs needs the package fsspec.",
            hint="Install it with: pip install 'lorewright[stores]', and for s3:// s3fs",
        )
    from fsspec.core import url_to_fs

    try:
        files, root = url_to_fs(address)
    except ImportError as error:
        raise MissingExtra(f"storage.blobs: {error}.", hint="Install that package.") from error
    except ValueError as error:
        raise InvalidSetting(f"storage.blobs: {error}.", hint="Such as s3://bucket/folder.") from error
    return files, str(root).rstrip("/")
