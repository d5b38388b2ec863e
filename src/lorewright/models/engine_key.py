"""Which engine: what it runs, and where."""

from dataclasses import dataclass
from pathlib import Path

from lorewright.models.sources import is_remote, parse_source


@dataclass(frozen=True, slots=True)
class EngineKey:
    """Which engine: a model source, and the file of an adapter or ''."""

    uri: str
    adapter: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether another server or a plug-in runs it."""
        return is_remote(self.uri)

    @property
    def adapter_path(self) -> Path | None:
        """The adapter's file, or `None` without one."""
        return Path(self.adapter) if self.adapter else None

    @property
    def short_name(self) -> str:
        """The short name of the model: of its package, repository or file."""
        return short_name(self.uri)

    @property
    def metered_name(self) -> str:
        """The name under which its use is counted: its model, with the run of its adapter."""
        return f"{self.short_name}+{Path(self.adapter).parent.name}" if self.adapter else self.short_name


def short_name(uri: str) -> str:
    """Return the short name of a model source: of a package, a repository or a file."""
    return parse_source(uri).name.rstrip("/").rsplit("/", 1)[-1].removesuffix(".gguf")
