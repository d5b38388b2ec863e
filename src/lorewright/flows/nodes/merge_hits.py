"""Hits of two sources in one list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.knowledge import Hit, fuse


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeHits:
    """Joins the hits of two nodes, or passes on those of the branch that ran.

    `fuse` ranks by both scores, stretched to the same range; `append` puts what only the second found
    behind the first.
    """

    method: Literal["fuse", "append"] = parameter("fuse", "Whether the sources are fused or appended.")
    second_weight: float = parameter(
        0.5, "The weight of the second source when both are fused.", low=0, high=1
    )
    n_kept: int = parameter(0, "The maximum number of hits to keep; 0 for no limit.", low=0)

    about: ClassVar[About] = About("Merge hits", "Retrieval")
    inputs: ClassVar[Mapping[str, Port]] = {
        "first": Port("hits", may_miss=True),
        "second": Port("hits", may_miss=True),
    }
    outputs: ClassVar[Mapping[str, PortType]] = {"hits": "hits"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:  # noqa: ARG002 - needs nothing more
        """Return the hits, each chunk once, counted again."""
        first: tuple[Hit, ...] | None = take("first")
        second: tuple[Hit, ...] | None = take("second")
        if first is None or second is None:
            merged = list(first or second or ())
        else:
            merged = self._merged(first, second)
        kept = merged[: self.n_kept or None]
        return {"hits": tuple(replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1))}

    def _merged(self, first: tuple[Hit, ...], second: tuple[Hit, ...]) -> list[Hit]:
        hits = {hit.chunk.id: hit for hit in (*second, *first)}
        if self.method == "append":
            return [hits[key] for key in dict.fromkeys(hit.chunk.id for hit in (*first, *second))]
        fused = fuse(
            {hit.chunk.id: hit.score for hit in first},
            {hit.chunk.id: hit.score for hit in second},
            dense_weight=self.second_weight,
        )
        return [replace(hits[key], score=score) for key, score in fused]
