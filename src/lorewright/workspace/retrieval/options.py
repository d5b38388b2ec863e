"""One way to retrieve: the settings that a test turns, and what they let through."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.json_text import read_json
from lorewright.knowledge import Attributes, Filter, read_filter
from lorewright.settings import Retrieval
from lorewright.workspace.domain.settings_file import save_settings
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

Reranker = Literal["none", "words", "parts", "diversity", "model"]
SAVED = ("dense_weight", "n_candidates", "n_kept", "min_cosine")
"""What of a way stands in lorewright.toml; rerankers and filters belong to flows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetrievalOptions:
    """How hits are found, ranked and kept; of `n_read` of them a reranker makes a new order."""

    dense_weight: float = 0.5
    n_candidates: int = 50
    n_kept: int = 3
    min_cosine: float = 0.3
    reranker: Reranker = "none"
    rerank_weight: float = 0.3
    n_read: int = 10
    documents: str = ""
    filters: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether not every document is looked at."""
        return bool(self.documents.strip() or self.filters.strip())


def way_of(workspace: Workspace, caller: Caller) -> RetrievalOptions:
    """Return the way that the settings describe, and what was fitted where they leave it open."""
    caller.need("read")
    settings = workspace.settings.in_prompt
    return RetrievalOptions(
        dense_weight=workspace.usual_dense_weight, n_candidates=settings.n_candidates,
        n_kept=settings.usual_n_kept, min_cosine=settings.min_cosine,
    )  # fmt: skip


def settings_of(way: RetrievalOptions, settings: Retrieval) -> Retrieval:
    """Return the settings with what a way has of them; raise `InvalidSetting` for what cannot be."""
    return replace(
        settings, dense_weight=way.dense_weight, n_candidates=way.n_candidates, n_kept=way.n_kept,
        min_cosine=way.min_cosine,
    )  # fmt: skip


def matching_documents(way: RetrievalOptions, known: Mapping[str, Attributes]) -> frozenset[str] | None:
    """Return the ids of the documents that a way looks at, `None` for all.

    `documents` holds patterns such as `handbook/*.pdf`, one a line or between commas; `filters` is
    JSON as in the API. Raises `BadParameter` for a filter that cannot be read.
    """
    if not way.is_filtered:
        return None
    patterns = [part.strip() for part in way.documents.replace("\n", ",").split(",") if part.strip()]
    wanted = _filter(way.filters)
    return frozenset(
        name
        for name, attributes in known.items()
        if (not patterns or any(fnmatchcase(name, pattern) for pattern in patterns))
        and (wanted is None or wanted.holds(attributes))
    )


def save_way(server: Server, caller: Caller, way: RetrievalOptions) -> list[str]:
    """Write what differs from the settings into lorewright.toml; return the names of what was changed."""
    caller.need("admin")
    held = way_of(server.workspace, caller)  # a weight that is left open stays so where it is not moved
    changes: dict[str, Any] = {
        f"retrieval.{name}": getattr(way, name) for name in SAVED if getattr(way, name) != getattr(held, name)
    }
    if changes:
        save_settings(server.workspace, caller, changes)
    return list(changes)


def _filter(text: str) -> Filter | None:
    if not text.strip():
        return None
    try:
        body = read_json(text)
    except json.JSONDecodeError as error:
        raise BadParameter("filters", f"The filter is not valid JSON: {error}.") from error
    return read_filter(body)
