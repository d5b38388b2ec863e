"""Which engine: what it runs, and where."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class EngineKey:
    """Which engine: a model source, and the file of an adapter or ''."""

    uri: str
    adapter: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether another server runs it."""
        return self.uri.startswith("openai:")

    @property
    def adapter_path(self) -> Path | None:
        """The adapter's file, or `None` without one."""
        return Path(self.adapter) if self.adapter else None
