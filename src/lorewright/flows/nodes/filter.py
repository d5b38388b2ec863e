"""Hits that may be used."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, ClassVar

from lorewright.errors import BadParameter, InvalidFlow
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.json_text import read_json
from lorewright.knowledge import Attributes, Hit, read_filter, without_near_duplicates
from lorewright.messages import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Filtered:
    """Keeps the hits that meet every condition, in their order."""

    metadata: str = parameter(
        "",
        'A filter as JSON, such as {"type": "eq", "key": "language", "value": "de"}, on the attributes of '
        "the document and on document, title, folder, suffix, page and headings; empty for all.",
    )
    documents: tuple[str, ...] = parameter(
        (), "Patterns of documents to keep, such as handbook/*.pdf; none for all."
    )
    min_score: float = parameter(
        0.0, "The minimum score; scores are comparable within one question only.", low=0, high=1
    )
    min_cosine: float = parameter(
        -1.0, "The minimum cosine similarity; hits found by keywords alone pass.", low=-1, high=1
    )
    max_per_document: int = parameter(0, "The maximum number of hits per document; 0 for no limit.", low=0)
    same_share: float = parameter(
        0.0,
        "The share of common phrases from which a text counts as a duplicate, such as 0.8; 0 keeps all.",
        low=0,
        high=1,
    )
    max_tokens: int = parameter(
        0, "The maximum number of tokens of all hits together; 0 for no limit.", low=0
    )
    n_kept: int = parameter(0, "The maximum number of hits; 0 for no limit.", low=0)
    adapter: str = parameter("", "The adapter of the model that counts the tokens.")

    about: ClassVar[About] = About("Filter", "Retrieval")
    inputs: ClassVar[Mapping[str, Port]] = {"hits": Port("hits")}
    outputs: ClassVar[Mapping[str, PortType]] = {"hits": "hits"}

    def __post_init__(self) -> None:
        """Raise `InvalidFlow` for a filter that cannot be read."""
        if not self.metadata.strip():
            return
        try:
            read_filter(read_json(self.metadata), param="metadata")
        except json.JSONDecodeError as error:
            raise InvalidFlow(
                f"parameter 'metadata' is not valid JSON: {error}.", hint="Leave it empty for all."
            ) from None
        except BadParameter as error:
            raise InvalidFlow(str(error), hint=error.hint) from None

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the hits that are left, counted again."""
        hits: Sequence[Hit] = [hit for hit in take("hits") if self._fits(hit, running)]
        if self.same_share:
            hits = without_near_duplicates(hits, share=self.same_share)
        if self.max_per_document:
            hits = self._few_of_each(hits)
        if self.max_tokens:
            hits = self._short(hits, running)
        hits = hits[: self.n_kept or None]
        return {"hits": tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))}

    def _fits(self, hit: Hit, running: Running) -> bool:
        path = hit.chunk.document_id
        if self.documents and not any(fnmatchcase(path, pattern) for pattern in self.documents):
            return False
        if hit.score < self.min_score or (hit.cosine is not None and hit.cosine < self.min_cosine):
            return False
        if not self.metadata.strip():
            return True
        wanted = read_filter(read_json(self.metadata), param="metadata")
        return wanted.holds({**running.parts.attributes(path), **_own(hit)})

    def _few_of_each(self, hits: Sequence[Hit]) -> list[Hit]:
        n_of, kept = Counter[str](), list[Hit]()
        for hit in hits:
            n_of[hit.chunk.document_id] += 1
            if n_of[hit.chunk.document_id] <= self.max_per_document:
                kept.append(hit)
        return kept

    def _short(self, hits: Sequence[Hit], running: Running) -> list[Hit]:
        """Return the first hits that together have room; one that is too long ends the list."""
        engine = running.parts.engine(self.adapter)
        kept, n_tokens = list[Hit](), 0
        for hit in hits:
            n_tokens += engine.count_tokens([Message("user", hit.chunk.context)])
            if n_tokens > self.max_tokens:
                break
            kept.append(hit)
        return kept


def _own(hit: Hit) -> Attributes:
    """Return what a hit itself says of its place."""
    path = PurePosixPath(hit.chunk.document_id)
    attributes: dict[str, str | float | bool] = {
        "document": hit.chunk.document_id,
        "title": hit.chunk.title,
        "folder": "" if str(path.parent) == "." else str(path.parent),
        "suffix": path.suffix.lower(),
        "headings": " > ".join(hit.chunk.heading_path),
    }
    return attributes if hit.chunk.page is None else attributes | {"page": hit.chunk.page}
