"""Plug-ins: parts that other installed packages bring, and whether they can be used."""

from collections.abc import Mapping
from typing import Any

from lorewright.documents.chunkers import CHUNKERS
from lorewright.documents.kinds import READERS
from lorewright.evaluation.scorers import SCORERS
from lorewright.flows.kinds import KINDS
from lorewright.knowledge import RERANKERS
from lorewright.models.embedders import EMBEDDERS
from lorewright.models.opening import ENGINES
from lorewright.registry import Plugin, Registry, misplaced_plugins
from lorewright.tools.plugins import TOOLS
from lorewright.tuning.trainer import TRAINERS

REGISTRIES: Mapping[str, Registry[Any]] = {
    registry.group: registry
    for registry in (
        *(READERS, CHUNKERS, EMBEDDERS, RERANKERS, ENGINES),
        *(TRAINERS, SCORERS, KINDS, TOOLS),
    )
}
"""What a plug-in can bring, by the part of its entry point group after `lorewright.`."""


def list_plugins() -> list[Plugin]:
    """Return every plug-in that is installed, each loaded to see whether it can be used."""
    plugins = [plugin for registry in REGISTRIES.values() for plugin in registry.examine()]
    return [*plugins, *misplaced_plugins(REGISTRIES)]
