"""Rows to tune on: exactly the prompts that the tuned arms send, with the completions to learn.

With a retriever, as in RAFT (Zhang et al. 2024): the chunk that holds the answer among the
distractors that the live index really returns, a share of rows without it, its number cited.
"""

import random
from collections.abc import Callable, Sequence
from typing import cast

from lorewright.datasets import Example
from lorewright.flows.arms.gold_chunks import N_SEARCHED, Gold, find_gold
from lorewright.flows.arms.moved_dates import with_moved_dates
from lorewright.flows.arms.needed_parts import needed_parts
from lorewright.flows.arms.standard import arms, tuned_model
from lorewright.flows.arms.style import Style
from lorewright.flows.flow import Flow
from lorewright.flows.kinds import Kind
from lorewright.flows.nodes.excerpt import Excerpt
from lorewright.flows.nodes.prompt import PromptNode
from lorewright.flows.nodes.retrieve import Retrieve
from lorewright.flows.parameters import build
from lorewright.flows.query import carried_question
from lorewright.knowledge import ComparesTexts, Hit, Retriever
from lorewright.knowledge.part_choice import place_of
from lorewright.knowledge.quotable import quotables
from lorewright.progress import Progress, quiet
from lorewright.tuning import Row

SHUFFLED_SHARE = 0.5  # the other rows keep the order in which the arm sees its hits

_Make = Callable[[Example, random.Random], Row]


def training_rows(
    examples: Sequence[Example],
    *,
    style: Style,
    retriever: Retriever | None,
    no_gold_share: float = 0.15,
    seed: int = 0,
    progress: Progress = quiet,
) -> list[Row]:
    """Return one row per example, in order: bare without a retriever, else with retrieved chunks.

    Bare rows are prompts of the `tuned` arm, the others of `hybrid`. A share of the latter goes
    without the chunk that holds the answer and learns to refuse, unless the examples already teach
    refusals of their own. Where all questions name the same day, half of those rows have all their dates
    moved by the same years. What is drawn for an example depends on the seed and its id alone.
    """
    if retriever is None:
        make = _bare(style)
    else:
        in_context = _in_parts if style.shown.parts else _in_context
        make = in_context(style, retriever, no_gold_share)
    moves_dates = retriever is not None and style.asks_on_one_day
    rows = []
    for done, example in enumerate(examples):
        progress(done, len(examples))
        draw = random.Random(f"{seed}:{example.id}")  # noqa: S311 - no secret
        row = make(example, draw)
        rows.append(with_moved_dates(row, draw) if moves_dates else row)
    progress(len(examples), len(examples))
    return rows


def _bare(style: Style) -> _Make:
    prompt = cast(PromptNode, _node(tuned_model(style), "prompt"))
    return lambda example, _: Row(prompt.messages(example.prompt), example.completion)


def _in_context(style: Style, retriever: Retriever, no_gold_share: float) -> _Make:
    flow = arms(style)["hybrid"]
    retrieve, prompt = cast(Retrieve, _node(flow, "retrieve")), cast(PromptNode, _node(flow, "prompt"))
    refused_share = 0.0 if style.has_own_refusals else no_gold_share

    def make(example: Example, draw: random.Random) -> Row:
        query = retrieve.query_of(example.prompt)
        hits, completion = retrieve.find(example.prompt, retriever), example.completion
        golds: tuple[Gold, ...] = ()
        if example.answerable:
            golds = find_gold(example, retriever, query=query, style_words=style.style_words)
        if golds and draw.random() < refused_share:
            more = retrieve.find(example.prompt, retriever, n=N_SEARCHED)
            hits, completion = _without(golds, more)[: retrieve.n], style.refusal
        elif golds:
            needed = [_present(gold, hits) for gold in golds[: retrieve.n]]
            hits = _with(needed, hits, retrieve.n, draw)
            numbers = [n for n, hit in enumerate(hits, start=1) if hit in needed]
            completion = f"{completion} {''.join(f'[{n}]' for n in numbers)}"
        return Row(prompt.messages(example.prompt, hits), completion)

    return make


def _in_parts(style: Style, retriever: Retriever, no_gold_share: float) -> _Make:
    """Return what makes a row with the parts of the hits that the arm is shown, those needed among them.

    They stay in the order of the arm: it tells the row that was asked about from the others.
    """
    flow = arms(style)["hybrid"]
    retrieve, prompt = cast(Retrieve, _node(flow, "retrieve")), cast(PromptNode, _node(flow, "prompt"))
    excerpt = cast(Excerpt, _node(flow, "excerpt"))
    likeness = retriever.likeness if isinstance(retriever, ComparesTexts) else None
    refused_share = 0.0 if style.has_own_refusals else no_gold_share

    def make(example: Example, draw: random.Random) -> Row:
        question, query = carried_question(example.prompt), retrieve.query_of(example.prompt)
        hits, completion = retrieve.find(example.prompt, retriever), example.completion
        golds: tuple[Gold, ...] = ()
        if example.answerable:
            golds = find_gold(example, retriever, query=query, style_words=style.style_words)
        if golds and draw.random() < refused_share:
            more = retrieve.find(example.prompt, retriever, n=retrieve.n + N_SEARCHED)
            found = _without(golds, more)[: retrieve.n]
            return Row(prompt.messages(example.prompt, excerpt.cut(question, found, likeness)), style.refusal)
        if not golds:
            return Row(prompt.messages(example.prompt, excerpt.cut(question, hits, likeness)), completion)
        known = {hit.chunk.id for hit in hits}
        found = [*hits, *(gold.hit for gold in golds if gold.hit.chunk.id not in known)]
        needed = needed_parts(
            question,
            completion,
            [part for hit in found for part in quotables(hit)],
            style_words=style.style_words,
            documents={gold.hit.chunk.document_id for gold in golds},
        )
        shown = excerpt.cut(question, found, likeness, needed={place_of(part) for part in needed})
        holding = {part.hit.chunk.id for part in needed}
        numbers = [n for n, hit in enumerate(shown, start=1) if hit.chunk.id in holding]
        cited = f"{completion} {''.join(f'[{n}]' for n in numbers)}".rstrip()
        return Row(prompt.messages(example.prompt, shown), cited)

    return make


def _present(gold: Gold, hits: Sequence[Hit]) -> Hit:
    """Return the first hit that is the gold chunk or as good, or else the gold hit itself."""
    return next((hit for hit in hits if hit.chunk.id in gold.as_good), gold.hit)


def _with(needed: Sequence[Hit], hits: Sequence[Hit], n: int, draw: random.Random) -> list[Hit]:
    """Return at most `n` hits, those needed among them; half of the time in an order of chance."""
    others = [hit for hit in hits if hit not in needed][: n - len(needed)]
    kept = [hit for hit in hits if hit in needed or hit in others]
    for hit in needed:
        if hit not in kept:
            kept.insert(draw.randint(0, len(kept)), hit)
    if draw.random() < SHUFFLED_SHARE:
        draw.shuffle(kept)
    return kept


def _without(golds: Sequence[Gold], hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if all(hit.chunk.id not in gold.holding for gold in golds)]


def _node(flow: Flow, node_id: str) -> Kind:
    return build(next(node for node in flow.nodes if node.id == node_id))
