"""Models by their short names."""

from pathlib import Path

from lorewright.models import EngineKey, parse_source


def base_name(uri: str) -> str:
    """Return the short name of a model source: of a package, a repository or a file."""
    source = parse_source(uri)
    return source.name.rstrip("/").rsplit("/", 1)[-1].removesuffix(".gguf")


def engine_name(key: EngineKey) -> str:
    """Return the name that an engine's use is reckoned under: its model, with the run of its adapter."""
    name = base_name(key.uri)
    return f"{name}+{Path(key.adapter).parent.name}" if key.adapter else name
