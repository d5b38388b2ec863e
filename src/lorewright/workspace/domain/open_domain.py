"""A domain that a process keeps open from one job to the next, opened again when it has changed."""

from pathlib import Path
from types import TracebackType
from typing import Self

from lorewright.workspace.domain.folder import DATABASE, SETTINGS_FILE, STATE
from lorewright.workspace.domain.workspace import Workspace


class OpenDomain:
    """The workspace of one domain, with the settings as they are now. Use it in a `with` statement."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workspace: Workspace | None = None
        self._seen: tuple[tuple[int, ...], ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        """The domain's folder."""
        return self._folder

    def workspace(self) -> Workspace:
        """Return the workspace, opened anew where its settings or its state are others now."""
        if self._workspace is None or self._seen != self._marks():
            self.close()
            self._workspace = Workspace(self._folder)
            _ = self._workspace.database  # made where there is none, so that it is the same next time
            self._seen = self._marks()
        return self._workspace

    def tidy(self) -> None:
        """Put in order what many small changes left behind in the index."""
        workspace = self._workspace
        if workspace is not None and "collection" in workspace.__dict__:
            workspace.collection.tidy(is_at_rest=True)

    def close(self) -> None:
        """Close the workspace."""
        if self._workspace is not None:
            self._workspace.close()
        self._workspace = None

    def _marks(self) -> tuple[tuple[int, ...], ...]:
        settings, state = self._folder / SETTINGS_FILE, self._folder / STATE / DATABASE
        stat = settings.stat()
        return (
            (stat.st_mtime_ns, stat.st_size, stat.st_ino),
            (state.stat().st_ino,) if state.exists() else (),
        )
