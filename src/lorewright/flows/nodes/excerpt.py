"""The sentences of the hits that may answer."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.errors import InvalidFlow
from lorewright.flows.answerable import likeness_of
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.query import carried_question
from lorewright.knowledge import Hit, excerpts
from lorewright.knowledge.part_choice import SIGNS, PartChoice, chosen_parts
from lorewright.knowledge.quoting import Likeness


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """Cuts the hits down to the sentences, list items, table rows or code that answer best.

    A small model finds an answer in a few sentences more often than in whole chunks, and reads them
    sooner. Where no sentence seems to answer, the first chunks stay whole. With weights, which tuning on
    the domain's documents learns from its examples, they choose what is kept.
    """

    n: int = parameter(3, "The most sentences, items, rows or blocks of code to keep.", low=1, high=20)
    around: int = parameter(0, "How many of their neighbours stay before and after each.", low=0, high=20)
    n_whole: int = parameter(
        3, "How many chunks are whole, and stay where no sentence seems to answer.", low=1
    )
    weights: tuple[float, ...] = parameter(
        (),
        "What each sign of a sentence or row counts, learned from examples; without, its words and meaning.",
    )

    about: ClassVar[About] = About("Excerpt", "Retrieval")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation"), "hits": Port("hits")}
    outputs: ClassVar[Mapping[str, PortType]] = {"hits": "hits", "whole": "hits"}

    def __post_init__(self) -> None:
        """Raise `InvalidFlow` for weights that are not one for each sign."""
        if len(self.weights) not in (0, len(SIGNS)):
            raise InvalidFlow(
                f"parameter 'weights' has {len(self.weights)} numbers.",
                hint=f"It must have {len(SIGNS)}, as tuning learns them, or none: lorewright tune",
            )

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return what is left of the hits, the best excerpt first, and the first chunks whole."""
        hits: tuple[Hit, ...] = take("hits")
        question = carried_question(take("conversation"))
        return {"hits": self.cut(question, hits, likeness_of(running)), "whole": hits[: self.n_whole]}

    def cut(
        self,
        question: str,
        hits: Sequence[Hit],
        likeness: Likeness | None,
        *,
        needed: Set[tuple[str, int]] = frozenset(),
    ) -> tuple[Hit, ...]:
        """Return what is left of the hits; with weights the `needed` parts are among it."""
        if self.weights:
            choice = PartChoice(self.weights, self.n)
            shortened = chosen_parts(question, hits, choice, likeness=likeness, needed=needed)
        else:
            shortened = excerpts(question, hits, likeness=likeness, n=self.n, around=self.around)
        return tuple(shortened or hits[: self.n_whole])
