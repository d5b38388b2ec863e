"""Names that a process holds as long as it lives: what it is at, for others to see."""

import fcntl
from pathlib import Path
from typing import IO, Protocol


class HeldNames(Protocol):
    """Names of which each is held by one process at a time; killed, it holds none."""

    def take(self, name: str) -> bool:
        """Hold a name, unless somebody else does; return whether it is ours."""

    def let_go(self, name: str) -> None:
        """Hold a name no more."""

    def is_held(self, name: str) -> bool:
        """Return whether another process holds a name; not for one of ours."""

    def close(self) -> None:
        """Let go of all."""


class NamesInFolder:
    """A locked file for each name that is held, for the processes of one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, IO[bytes]] = {}

    def take(self, name: str) -> bool:
        """Hold a name, unless somebody else does; return whether it is ours."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = self._locked(name)
        if lock is None:
            return False
        self._held[name] = lock
        return True

    def let_go(self, name: str) -> None:
        """Hold a name no more."""
        lock = self._held.pop(name, None)
        if lock is not None:
            self._path(name).unlink(missing_ok=True)
            lock.close()

    def is_held(self, name: str) -> bool:
        """Return whether another process holds a name; not for one of ours."""
        if not self._path(name).exists():
            return False
        lock = self._locked(name)
        if lock is not None:
            lock.close()
        return lock is None

    def close(self) -> None:
        """Let go of all."""
        for name in list(self._held):
            self.let_go(name)

    def _locked(self, name: str) -> IO[bytes] | None:
        """Return a lock that ends with the process, or `None` where another holds it."""
        lock = self._path(name).open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return lock

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"
