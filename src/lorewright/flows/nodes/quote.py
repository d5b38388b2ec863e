"""The documents' own words as the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar, Literal

from lorewright.flows.answer import Draft
from lorewright.flows.answerable import holds_answer
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.query import carried_question
from lorewright.knowledge import Citation, ComparesTexts, Hit, Quotable, Quote, choose_quotes
from lorewright.knowledge.procedures import with_all_steps
from lorewright.knowledge.quoting import N_READ
from lorewright.settings import DEFAULT_REFUSAL

_TABLE_RULE = "|---"


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
        0.0, "Below it, the judge finds no answer in the chunks; 0 asks no judge.", low=0, high=1
    )

    about: ClassVar[About] = About("Quote", "Model")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation"), "hits": Port("hits")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the quotes with their citations, or a refusal."""
        hits: tuple[Hit, ...] = take("hits")
        retriever = running.parts.retriever()
        likeness = retriever.likeness if isinstance(retriever, ComparesTexts) else None
        question = carried_question(take("conversation"))
        quotes = choose_quotes(question, hits, likeness=likeness, n=self.n)
        running.notes["scores"] = [round(quote.score, 3) for quote in quotes]
        if not quotes or (self.uncovered == "refuse" and not self._answers(question, quotes, hits, running)):
            running.on_text(self.refusal)
            return {"draft": Draft(text=self.refusal, hits=hits, refused=True)}
        parts = with_all_steps(question, [quote.part for quote in quotes], hits[:N_READ])
        text, citations = _joined(parts, hits)
        running.on_text(text)
        return {"draft": Draft(text=text, hits=hits, citations=citations)}

    def _answers(self, question: str, quotes: Sequence[Quote], hits: Sequence[Hit], running: Running) -> bool:
        """Tell whether the best quote is close enough, and whether the judge finds an answer in the hits."""
        if not quotes[0].is_enough:
            return False
        return holds_answer(question, hits, running, at_least=self.min_answerability) is not False


def _joined(parts: Sequence[Quotable], hits: Sequence[Hit]) -> tuple[str, tuple[Citation, ...]]:
    """Return the parts as one text, those of a place together under its heading, and their citations."""
    numbers = {hit.chunk.id: number for number, hit in enumerate(hits, start=1)}
    best = {place: rank for rank, place in enumerate(dict.fromkeys(map(_place, parts)))}
    ordered = sorted(parts, key=lambda part: (best[_place(part)], part.hit.chunk.start + part.start))
    text, citations = "", list[Citation]()
    for (_, heading), group in groupby(ordered, key=_place):
        text += ("\n\n" if text else "") + f"{heading}:"
        before: Quotable | None = None
        for part in group:
            text += _between(before, part) + part.text
            citations.append(_citation(part, numbers[part.hit.chunk.id], len(text)))
            before = part
        text += "\n```" if before and before.kind == "code" else ""
    return text, tuple(citations)


def _place(part: Quotable) -> tuple[str, str]:
    """Return the document of a part and the headings above it, which name what it is about."""
    chunk = part.hit.chunk
    return chunk.document_id, chunk.headings or chunk.document_id


def _between(before: Quotable | None, part: Quotable) -> str:
    """Return what stands before a part: the lead that it does not share, and what a table or code needs."""
    closed = "\n```" if before and before.kind == "code" and part.kind != "code" else ""
    is_continued = before is not None and before.kind == part.kind and part.lead in (before.lead, before.text)
    if part.kind == "table" and part.lead and not is_continued:
        n_columns = max(1, part.lead.count("|") - 1)
        return f"{closed}\n\n{part.lead}\n{_TABLE_RULE * n_columns}|\n"
    lead = f"\n{part.lead}" if part.lead and part.kind != "table" and not is_continued else ""
    fence = "\n```" if part.kind == "code" and not is_continued else ""
    return f"{closed}{lead}{fence}\n"


def _citation(part: Quotable, number: int, position: int) -> Citation:
    chunk = part.hit.chunk
    return Citation(
        number=number,
        document_id=chunk.document_id,
        title=chunk.title,
        start=chunk.start + part.start,
        end=chunk.start + part.end,
        quote=part.text,
        position=position,
        page=chunk.page,
        heading_path=chunk.heading_path,
    )
