"""What changes in the state of a domain."""

import sqlite3
from pathlib import Path


class Watch:
    """What changes in the state of a domain: rows of the database, and files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = sqlite3.connect(folder / ".lorewright" / "lorewright.db")
        self.seen = self.look()

    def look(self) -> tuple[int, dict[str, tuple[int, int]]]:
        """Return the version of the database's content, and every file with its size and time."""
        (version,) = self._database.execute("PRAGMA data_version").fetchone()
        files = {
            path.relative_to(self._folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in self._folder.rglob("*")
            if path.is_file() and "lorewright.db" not in path.name
        }
        return version, files

    def close(self) -> None:
        """Look no more."""
        self._database.close()
