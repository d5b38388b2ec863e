"""Whether the documents support what the model said."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from lorewright.flows.answer import Draft
from lorewright.flows.answerable import holds_answer, likeness_of
from lorewright.flows.asked_cell import asked_cell
from lorewright.flows.empty_answers import reads_well, says_nothing
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.nodes.json_schema import values_text
from lorewright.flows.own_words import nearest_place, quoted
from lorewright.flows.query import carried_question
from lorewright.flows.refusals import is_refusal
from lorewright.knowledge import Hit, Verdict, check_claims, choose_quotes, cite, is_covered
from lorewright.knowledge.markers import cited_by_markers
from lorewright.messages import Conversation, Message, last_user_turn
from lorewright.settings import DEFAULT_REFUSAL, Retrieval

_N_QUOTES, _N_INSTEAD = 2, 3
"""Quotes in place of a draft that says nothing, and where the model is not asked: as many as `quote` has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Cites the chunks that support the draft, and refuses or flags what they do not support."""

    policy: Literal["refuse", "flag", "off"] = parameter(
        "refuse", "What to do with a number or name that the chunks contradict or do not contain."
    )
    refusal: str = parameter(DEFAULT_REFUSAL, "The text of a refusal.")
    refusal_phrases: tuple[str, ...] = parameter((), "Other phrases that count as a refusal.")
    uncovered: Literal["refuse", "ask"] = parameter(
        "refuse", "What to do when no chunk is similar to the question: refuse, or ask the model anyway."
    )
    min_cosine: float = parameter(
        0.2, "The cosine similarity from which a chunk counts as similar to the question.", low=-1, high=1
    )
    min_answerability: float = parameter(
        0.0,
        "The minimum score of the judge for an answer in the chunks; 0 does not ask the judge.",
        low=0,
        high=1,
    )
    style_words: tuple[str, ...] = parameter((), "Words to ignore as style, in lower case.")

    about: ClassVar[About] = About("Ground", "Output")
    inputs: ClassVar[Mapping[str, Port]] = {
        "conversation": Port("conversation"),
        "draft": Port("draft"),
        "hits": Port("hits", is_required=False),
        "whole": Port("hits", is_required=False),
    }
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the draft, cited and checked; without hits only refusals are recognised.

        Whether the documents answer at all is told by the whole chunks, where the hits are excerpts.
        """
        hits: tuple[Hit, ...] | None = take("hits")
        if hits is None:
            draft: Draft = take("draft")
            return {"draft": replace(draft, refused=self._is_refusal(draft.text))}
        make = self._structured if running.options.is_structured else self._checked
        draft = make(hits, take, running)
        if draft.refused:
            question, found = carried_question(take("conversation")), take("whole") or hits
            quotes = choose_quotes(question, found, likeness=likeness_of(running), n=1)
            draft = replace(draft, nearest=nearest_place(quotes, found))
        return {"draft": draft}

    def _checked(self, hits: tuple[Hit, ...], take: Take, running: Running) -> Draft:
        """Return a draft in words, cited and checked.

        A model that is shown excerpts reads badly: the cell of a table that is asked for takes the place of
        another one, and what is asked in another language than English is answered by quotes.
        """
        conversation: Conversation = take("conversation")
        whole: tuple[Hit, ...] | None = take("whole")
        is_answerable = self._is_answerable(whole or hits, conversation, running)
        if not is_answerable and self.uncovered == "refuse":
            running.on_text(self.refusal)
            return Draft(text=self.refusal, hits=hits, refused=True)
        is_mended = whole is not None and self.policy == "refuse"
        if is_mended and not reads_well(carried_question(conversation), hits):
            running.notes["language"] = "The small model reads English only, so the documents are quoted."
            draft = Draft(text="", hits=hits)
            draft = self._in_own_words(draft, whole or hits, conversation, running, n=_N_INSTEAD)
            running.on_text(draft.text)
            return draft
        cell = asked_cell(carried_question(conversation), whole or ()) if is_mended else None

        def visible(draft_so_far: str) -> str | None:
            if not is_answerable:
                return None
            if cell and not cell.is_in(draft_so_far):
                return ""  # it may become the cell: that is told at once, at the end
            return self._visible(draft_so_far, hits, conversation)

        running.stream.hold(visible)
        draft = self._cited(take("draft"), hits, last_user_turn(conversation))
        if draft.calls:
            return draft
        if cell and not cell.is_in(draft.text):
            running.notes["cell"] = "The model read another cell than the one that was asked for."
            return replace(draft, text=cell.text, citations=(cell.row,), hits=whole or hits, refused=False)
        return (
            draft if draft.refused else self._borne(draft, hits, take, running, is_answerable=is_answerable)
        )

    def _borne(
        self, draft: Draft, hits: tuple[Hit, ...], take: Take, running: Running, *, is_answerable: bool
    ) -> Draft:
        """Return a draft with what the hits do not bear, or what takes its place: the refusal, or quotes."""
        conversation: Conversation = take("conversation")
        verdict = Verdict()
        if self.policy != "off":
            verdict = self._verdict(draft.text, conversation, hits)
            draft = replace(draft, unsupported=(*verdict.wrong, *verdict.doubtful))
        if self.policy != "refuse":
            return draft
        if verdict.wrong or not is_answerable:
            return replace(draft, text=self.refusal, citations=(), refused=True)
        if says_nothing(draft.text, last_user_turn(conversation), hits):
            running.notes["own_words"] = "The model said nothing, so the documents are quoted."
            return self._in_own_words(draft, take("whole") or hits, conversation, running)
        return draft

    def _in_own_words(
        self,
        draft: Draft,
        hits: tuple[Hit, ...],
        conversation: Conversation,
        running: Running,
        *,
        n: int = _N_QUOTES,
    ) -> Draft:
        """Return what the documents say in place of a draft that says nothing, or a refusal."""
        question = carried_question(conversation)
        quotes = choose_quotes(question, hits, likeness=likeness_of(running), n=n)
        if not quotes or not quotes[0].is_enough:
            return replace(draft, text=self.refusal, citations=(), refused=True)
        text, citations = quoted(question, quotes, hits)
        return replace(draft, text=text, citations=citations, hits=hits, unsupported=())

    def _visible(self, draft_so_far: str, hits: tuple[Hit, ...], conversation: Conversation) -> str | None:
        """Return what may be seen of the beginning of a draft, `None` where it would be withheld."""
        text, _ = cited_by_markers(draft_so_far, hits)
        if self._is_refusal(text):
            return ""
        if self.policy == "refuse" and self._verdict(text, conversation, hits).wrong:
            return None
        return text

    def _structured(self, hits: tuple[Hit, ...], take: Take, running: Running) -> Draft:
        """Return a draft in JSON, cited and checked by its values: it holds no markers."""
        running.stream.hold(lambda _: "")
        conversation: Conversation = take("conversation")
        if not self._is_answerable(take("whole") or hits, conversation, running):
            return Draft(text=self.refusal, hits=hits, refused=True)
        draft: Draft = take("draft")
        if draft.calls:
            return draft
        values = values_text(draft.text)
        numbered = [replace(hit, rank=number) for number, hit in enumerate(hits, start=1)]
        citations = cite(values, numbered, question=last_user_turn(conversation))
        draft = replace(
            draft,
            hits=hits,
            citations=tuple(replace(citation, position=len(draft.text)) for citation in citations),
            refused=self._is_refusal(values),
        )
        if self.policy == "off":
            return draft
        form = Message("user", json.dumps(running.options.params["response_format"], ensure_ascii=False))
        verdict = self._verdict(values, (*conversation, form), hits)
        draft = replace(draft, unsupported=(*verdict.wrong, *verdict.doubtful))
        if draft.refused or (self.policy == "refuse" and verdict.wrong):
            draft = replace(draft, text=self.refusal, citations=(), refused=True)
        return draft

    def _is_answerable(self, hits: tuple[Hit, ...], conversation: Conversation, running: Running) -> bool:
        """Return whether the hits cover the question and hold its answer, or nobody minds."""
        if self.policy != "refuse":
            return True
        turns = [turn.content for turn in conversation if turn.role == "user"]
        asked = " ".join(turns[-2:])  # a follow-up says little without the turn before it
        judged = holds_answer(asked, hits, running, at_least=self.min_answerability)
        if judged is not None:
            return judged
        settings = replace(Retrieval(), min_cosine=self.min_cosine)
        return is_covered(hits, settings, question=last_user_turn(conversation))

    def _is_refusal(self, text: str) -> bool:
        return is_refusal(text, (self.refusal, *self.refusal_phrases))

    def _cited(self, draft: Draft, hits: tuple[Hit, ...], question: str) -> Draft:
        """Return the draft without markers, with its citations: the model's own, or else found ones."""
        text, citations = cited_by_markers(draft.text, hits, question=question)
        refused = self._is_refusal(text)
        if refused:
            citations = ()
        elif not citations:
            numbered = [replace(hit, rank=number) for number, hit in enumerate(hits, start=1)]
            citations = cite(text, numbered, question=question)
        return replace(draft, text=text, hits=hits, citations=citations, refused=refused)

    def _verdict(self, text: str, conversation: Conversation, hits: Sequence[Hit]) -> Verdict:
        """Return what of a text neither the chunks nor the conversation bear."""
        turns = [turn.content for turn in conversation if turn.role != "system"]
        chunks = [f"{hit.chunk.document_id}\n{hit.chunk.context}" for hit in hits]
        return check_claims(text, chunks, said=turns, allowed=frozenset(self.style_words))
