"""The documents' own words as the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from lorewright.flows.answer import Draft
from lorewright.flows.answerable import holds_answer, likeness_of
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.own_words import nearest_place, quoted
from lorewright.flows.query import carried_question
from lorewright.knowledge import Hit, Quote, choose_quotes
from lorewright.settings import DEFAULT_REFUSAL


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """Answers with the sentences, list items, table rows or lines of code that answer best, word for word.

    No model writes anything: nothing can be made up. A line above them names what they are about.
    """

    n: int = parameter(3, "The maximum number of sentences, items, rows or lines to show.", low=1, high=10)
    uncovered: Literal["refuse", "show"] = parameter(
        "refuse", "What to do when no sentence seems to answer the question."
    )
    refusal: str = parameter(DEFAULT_REFUSAL, "The text of a refusal.")
    min_answerability: float = parameter(
        0.0,
        "The minimum score of the judge for an answer in the chunks; 0 does not ask the judge.",
        low=0,
        high=1,
    )

    about: ClassVar[About] = About("Quote", "Model")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation"), "hits": Port("hits")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the quotes with their citations, or a refusal."""
        hits: tuple[Hit, ...] = take("hits")
        question = carried_question(take("conversation"))
        quotes = choose_quotes(question, hits, likeness=likeness_of(running), n=self.n)
        running.notes["scores"] = [round(quote.score, 3) for quote in quotes]
        if not quotes or (self.uncovered == "refuse" and not self._answers(question, quotes, hits, running)):
            running.on_text(self.refusal)
            nearest = nearest_place(quotes, hits)
            return {"draft": Draft(text=self.refusal, hits=hits, refused=True, nearest=nearest)}
        text, citations = quoted(question, quotes, hits)
        running.on_text(text)
        return {"draft": Draft(text=text, hits=hits, citations=citations)}

    def _answers(self, question: str, quotes: Sequence[Quote], hits: Sequence[Hit], running: Running) -> bool:
        """Tell whether the best quote is close enough, and whether the judge finds an answer in the hits."""
        if not quotes[0].is_enough:
            return False
        return (
            holds_answer(question, hits, running, at_least=self.min_answerability, quotes=quotes) is not False
        )
