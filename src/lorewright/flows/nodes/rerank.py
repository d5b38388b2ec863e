"""Hits in a better order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from lorewright.errors import InvalidFlow, UnknownName
from lorewright.flows.answerable import likeness_of
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.nodes.side_question import preference, short_answer
from lorewright.knowledge import RERANKERS, Hit, diverse, reordered, reranked
from lorewright.knowledge.answerable import worth
from lorewright.knowledge.part_ranking import part_scores
from lorewright.messages import Conversation, Message, last_user_turn

RELEVANT = "Does the text hold the answer to the question? Say yes or no."
BEST = "Which texts hold the answer to the question? Write their numbers, the best first, and nothing else."
N_WORDS = 160  # of a text that a model judges


@dataclass(frozen=True, kw_only=True, slots=True)
class Rerank:
    """Reorders the hits and keeps the first of them.

    `diversity` prefers hits that say something new (maximal marginal relevance; Carbonell & Goldstein
    1998), `words` those that share rare words with the question, close together (BM25), `parts` those with
    a sentence, list item or table row that answers by words, meaning and what the judge thinks, `judge`
    those that the small judge finds relevant and answering (`words` where there is none), `model` those of
    which the chat model says with the highest probability that they hold the answer (as monoT5 does;
    Nogueira et al. 2020), or in one list where its server tells no probabilities (RankGPT; Sun et al. 2023).
    What each of them changed stands in docs/experiments.md: measure it on your documents.
    `plug-in` asks a reranker of an installed package.
    """

    method: Literal["diversity", "words", "parts", "model", "judge", "plug-in"] = parameter(
        "words", "The method that ranks the hits."
    )
    weight: float = parameter(
        0.3,
        "The weight of the method against the original order: 0 keeps the order, 1 uses the method alone.",
        low=0,
        high=1,
    )
    n_kept: int = parameter(3, "The maximum number of hits to keep.", low=1)
    n_read: int = parameter(
        10,
        "The number of hits that the model, the judge or `parts` reads; the others follow in their order.",
        low=1,
        high=100,
    )
    adapter: str = parameter("", "Adapter to apply to the judging model; empty for the base model.")
    plugin: str = parameter("", "For plug-in: the reranker of an installed package.")

    about: ClassVar[About] = About("Rerank", "Retrieval")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation"), "hits": Port("hits")}
    outputs: ClassVar[Mapping[str, PortType]] = {"hits": "hits"}

    def __post_init__(self) -> None:
        """Raise `InvalidFlow` where the plug-in is not there, `BrokenPlugin` where it does not load."""
        if self.method == "plug-in":
            try:
                RERANKERS.load(self.plugin)
            except UnknownName as error:
                raise InvalidFlow(f"parameter 'plugin' is {self.plugin!r}.", hint=error.hint) from error

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the hits in their new order, counted again."""
        hits: Sequence[Hit] = take("hits")
        if self.method == "diversity":
            return {"hits": tuple(diverse(hits, self.n_kept, weight=self.weight))}
        conversation: Conversation = take("conversation")
        question = last_user_turn(conversation)
        read = hits[: self.n_read] if self.method in ("model", "judge", "parts") else hits
        judge = running.parts.judge() if self.method in ("judge", "parts") else None
        if self.method == "model":
            ordered = reordered(read, self._judged(question, read, running), weight=self.weight)
        elif self.method == "parts":
            likeness = likeness_of(running)
            scores = part_scores(question, read, likeness=likeness, judge=judge)
            ordered = reordered(read, scores, weight=self.weight)
        elif judge is not None:
            scores = worth(question, [hit.chunk.context for hit in read], judge)
            ordered = reordered(read, scores, weight=self.weight)
        else:
            name = {"plug-in": self.plugin, "judge": "words"}.get(self.method, self.method)
            ordered = reranked(question, read, name, weight=self.weight)
        kept = [*ordered, *hits[len(read) :]][: self.n_kept]
        return {"hits": tuple(replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1))}

    def _judged(self, question: str, hits: Sequence[Hit], running: Running) -> list[float]:
        """Return how likely each hit holds the answer; from where the model cannot tell on, by one list."""
        scores: list[float] = []
        for hit in hits:
            prompt = f"{_shortened(hit)}\n\nQuestion: {question}\n{RELEVANT}"
            score = preference(running, self.adapter, [Message("user", prompt)], ("yes", "no"))
            if score is None:
                return self._listed(question, hits, running)
            scores.append(score)
        return scores

    def _listed(self, question: str, hits: Sequence[Hit], running: Running) -> list[float]:
        texts = [f"[{number}] {_shortened(hit)}" for number, hit in enumerate(hits, start=1)]
        message = Message("user", "\n\n".join([*texts, f"Question: {question}\n{BEST}"]))
        text = short_answer(running, self.adapter, [message], max_tokens=4 * len(hits) + 8)
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        order = [number for number in dict.fromkeys(numbers) if 1 <= number <= len(hits)]
        return [
            1 / (order.index(number) + 1) if number in order else 0.0 for number in range(1, len(hits) + 1)
        ]


def _shortened(hit: Hit) -> str:
    return " ".join(hit.chunk.context.split()[:N_WORDS])
