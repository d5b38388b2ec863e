"""The sentences of the hits that may answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.flows.answerable import likeness_of
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.query import carried_question
from lorewright.knowledge import Hit, excerpts


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """Cuts the hits down to the sentences, list items, table rows or code that answer best.

    A small model finds an answer in a few sentences more often than in whole chunks, and reads them
    sooner. Where no sentence seems to answer, the first chunks stay whole.
    """

    n: int = parameter(3, "The most sentences, items, rows or blocks of code to keep.", low=1, high=20)
    around: int = parameter(0, "How many of their neighbours stay before and after each.", low=0, high=20)
    n_whole: int = parameter(
        3, "How many chunks are whole, and stay where no sentence seems to answer.", low=1
    )

    about: ClassVar[About] = About("Excerpt", "Retrieval")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation"), "hits": Port("hits")}
    outputs: ClassVar[Mapping[str, PortType]] = {"hits": "hits", "whole": "hits"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return what is left of the hits, the best excerpt first, and the first chunks whole."""
        hits: tuple[Hit, ...] = take("hits")
        question = carried_question(take("conversation"))
        shortened = excerpts(question, hits, likeness=likeness_of(running), n=self.n, around=self.around)
        whole = hits[: self.n_whole]
        return {"hits": tuple(shortened) or whole, "whole": whole}
