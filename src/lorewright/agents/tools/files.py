"""The working files of a run, in one folder and nothing outside of it, or in memory for one answer."""

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from lorewright.agents.tool import AgentTool, tool_from
from lorewright.errors import BadParameter, NotFound
from lorewright.whole_files import write_whole

MOST_FILES, MOST_BYTES = 200, 1_000_000
FORMER = ".former"
"""The folder of what files held before they were written again."""
SHOWN_CHARACTERS = 15_000

OnFile = Callable[[str, int], None]


class Files(Protocol):
    """What the tools for working files write to and read from."""

    def write(self, path: str, text: str) -> int:
        """Write a text into a file, and return how many former texts of it are kept."""

    def read(self, path: str) -> str:
        """Return the text of a file."""

    def names(self) -> list[str]:
        """Return the paths of all files."""


def plain_path(path: str) -> PurePosixPath:
    """Return the path of a working file; raise `BadParameter` for one that might lead somewhere else."""
    name = PurePosixPath(path.strip().replace("\\", "/"))
    is_plain = name.parts and not name.is_absolute() and ".." not in name.parts and "\0" not in path
    if not is_plain or any(part.startswith(".") or len(part) > 100 for part in name.parts):
        raise BadParameter(
            "path", f"{path[:100]!r} is no path of a working file. Use a relative one, such as notes.md."
        )
    return name


class WorkingFiles:
    """Reads and writes files below one folder; what is written over is kept beside it.

    A path that leads out of the folder, by `..`, by a link or from the root, is refused.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def write(self, path: str, text: str) -> int:
        """Write a text into a file, and return how many files of this name there were before."""
        data = text.encode()
        if len(data) > MOST_BYTES:
            raise BadParameter("text", f"The text has {len(data):,} bytes; the limit is {MOST_BYTES:,}.")
        with self._lock:
            target = self._place(path)
            if not target.exists() and len(self.names()) >= MOST_FILES:
                raise BadParameter("path", f"There are {MOST_FILES} files already. Write into one of them.")
            n_former = self._keep_former(target)
            write_whole(target, [data])
        return n_former

    def read(self, path: str) -> str:
        """Return the text of a file."""
        target = self._place(path)
        if not target.is_file():
            raise no_file(path, self.names())
        return target.read_text(encoding="utf-8", errors="replace")

    def names(self) -> list[str]:
        """Return the paths of all files, without what was written over."""
        if not self._folder.is_dir():
            return []
        files = (path.relative_to(self._folder) for path in self._folder.rglob("*") if path.is_file())
        return sorted(str(path) for path in files if not any(part.startswith(".") for part in path.parts))

    def _keep_former(self, target: Path) -> int:
        if not target.is_file():
            return 0
        former = self._folder / FORMER
        name = "__".join(target.relative_to(self._folder).parts)
        n_former = len(list(former.glob(f"{name}.*"))) if former.is_dir() else 0
        write_whole(former / f"{name}.{n_former + 1}", [target.read_bytes()])
        return n_former + 1

    def _place(self, path: str) -> Path:
        """Return where a path lies; raise `BadParameter` where that is outside of the folder."""
        name = plain_path(path)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        root, target = self._folder.resolve(), self._folder.joinpath(*name.parts)
        if not os.path.realpath(target).startswith(f"{root}{os.sep}"):
            raise BadParameter("path", f"{path[:100]!r} leads out of the folder of working files.")
        return target


def no_file(path: str, names: Sequence[str]) -> NotFound:
    """Return what tells that there is no file of a path, and which there are."""
    return NotFound(f"There is no file {path!r}.", hint=f"Files: {', '.join(names) or 'none'}.")


def file_tools(files: Files, on_file: OnFile) -> list[AgentTool]:
    """Return the tools for working files; `on_file` hears of each that is written, with its size."""

    def write_file(path: str, text: str) -> str:
        """Write a working file: notes, a table, a draft. A former text of the same file is kept.

        Args:
            path: A relative path, such as notes.md.
            text: The whole text of the file.
        """
        n_former = files.write(path, text)
        on_file(path, len(text.encode()))
        kept = f" Its former text is kept ({n_former} former)." if n_former else ""
        return f"Wrote {path}.{kept}"

    def read_file(path: str) -> str:
        """Read a working file.

        Args:
            path: Its path, as in list_files.
        """
        return files.read(path)[:SHOWN_CHARACTERS]

    def list_files() -> str:
        """List the working files."""
        return "\n".join(files.names()) or "There are no files yet."

    return [tool_from(write_file), tool_from(read_file), tool_from(list_files)]
