"""Which parts of the hits a model tuned on them is shown: fitted to examples, where that proves better."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lorewright.datasets import Example
from lorewright.evaluation import difference
from lorewright.flows import Style
from lorewright.flows.arms.moved_dates import ask_on_a_day
from lorewright.flows.arms.needed_parts import claims_beyond, needed_parts
from lorewright.flows.arms.shown import ShownChunks, shown_from_json
from lorewright.flows.query import carried_question, find_for
from lorewright.jobs import Steps
from lorewright.knowledge import ComparesTexts, Hit, Retriever, unsupported
from lorewright.knowledge.excerpts import cut_to
from lorewright.knowledge.part_choice import N_CHOSEN_FROM, Numbers, PartChoice, parts_with_signs, place_of
from lorewright.knowledge.quotable import Quotable
from lorewright.progress import Progress
from lorewright.tuning.classifier.regression import fit_regression
from lorewright.whole_files import write_whole

MIN_EXAMPLES, MOST_EXAMPLES = 30, 200
MOST_PARTS = 6
ROWS = "rows.jsonl"
_FILE = "shown.json"
_N_FOLDS = 5
_PENALTY = 0.1
_ENOUGH = 0.02
"""How far from the best share of examples fewer parts may be."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one example needs of what is found for it."""

    question: str
    completion: str
    hits: Sequence[Hit]
    parts: Sequence[Quotable]
    signs: Numbers
    needed: frozenset[tuple[str, int]]

    @property
    def is_needed(self) -> list[int]:
        """Return 1 for each part that is needed, and 0 for the others."""
        return [int(place_of(part) in self.needed) for part in self.parts]


@dataclass(frozen=True, slots=True)
class PartFit:
    """What was fitted: `choice` is `None` where whole chunks hold what examples need for as many.

    `held` and `usual` are the shares of the examples whose answer the chosen parts, and the usual chunks,
    hold; each example was judged by what was fitted to others.
    """

    choice: PartChoice | None
    n_examples: int
    held: float
    usual: float

    def told(self) -> str:
        """Return a sentence about it, '' where nothing changes."""
        if self.choice is None:
            return ""
        return (
            f"The model is shown the {self.choice.n} sentences or table rows most likely to hold the answer, "
            f"chosen as {self.n_examples} examples teach: they hold it for {self.held:.0%} of them, "
            f"the usual chunks for {self.usual:.0%}."
        )


def shown_to_learn(
    folder: Path, examples: Sequence[Example], *, style: Style, retriever: Retriever, steps: Steps
) -> ShownChunks:
    """Return what of the chunks the rows of a run hold; what its folder was begun with stays."""
    path = folder / _FILE
    if path.exists() or (folder / ROWS).exists():
        return shown_in_rows(folder)
    progress = steps.progress("finding what answers need")
    fitted = fit_parts(examples, style=style, retriever=retriever, progress=progress)
    if told := fitted.told():
        steps.say(told)
    shown = ShownChunks(fitted.choice, has_distances=ask_on_a_day(examples))
    if shown.has_distances:
        steps.say("Questions name a day: the dates in chunks are shown with how far they are from it.")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(shown.to_json()))
    return shown


def fit_parts(
    examples: Sequence[Example], *, style: Style, retriever: Retriever, progress: Progress
) -> PartFit:
    """Return which parts of the hits hold what examples say, where they do so more often than chunks.

    Parts are worth what a logistic regression gives them on their `SIGNS`. Of 1 to 6 parts the fewest are
    taken that hold nearly as much as any number does. They must hold what is claimed for more of the
    examples than the usual chunks, beyond the interval; of examples that claim nothing in numbers, dates or
    names, nothing can be told.
    """
    seen = _seen(examples, style, retriever, progress)
    n_kept = style.retrieval.usual_n_kept
    if sum(bool(one.needed) for one in seen) < MIN_EXAMPLES:
        return PartFit(None, len(seen), 0.0, 0.0)
    usual = [_holds(one, one.hits[:n_kept], style) for one in seen]
    orders: list[Sequence[int]] = [()] * len(seen)
    for fold in range(_N_FOLDS):
        weights = _weights([one for place, one in enumerate(seen) if place % _N_FOLDS != fold])
        for place in range(fold, len(seen), _N_FOLDS):
            orders[place] = np.argsort(-(seen[place].signs @ weights), kind="stable").tolist()
    held = {
        n: [
            _holds(one, cut_to([one.parts[place] for place in order[:n]], one.hits), style)
            for one, order in zip(seen, orders, strict=True)
        ]
        for n in range(1, MOST_PARTS + 1)
    }
    best = max(sum(scores) for scores in held.values())
    n = min(n for n, scores in held.items() if sum(scores) >= best - _ENOUGH * len(seen))
    gain = difference("held", ("parts", held[n]), ("chunks", usual), n_resamples=500)
    choice = PartChoice(tuple(_weights(seen).tolist()), n) if gain.low > 0 else None
    return PartFit(choice, len(seen), sum(held[n]) / len(seen), sum(usual) / len(seen))


def shown_in_rows(folder: Path) -> ShownChunks:
    """Return what of the chunks the rows in a run's folder hold; whole ones where nothing else was kept."""
    path = folder / _FILE
    return shown_from_json(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else ShownChunks()


def _seen(examples: Sequence[Example], style: Style, retriever: Retriever, progress: Progress) -> list[_Seen]:
    """Return what some examples need that claim something; those that are sampled are always the same."""
    usable = [one for one in examples if one.answerable]
    if len(usable) > MOST_EXAMPLES:
        usable = random.Random(0).sample(usable, MOST_EXAMPLES)  # noqa: S311 - a sample, not a secret
    likeness = retriever.likeness if isinstance(retriever, ComparesTexts) else None
    seen = []
    for done, example in enumerate(usable):
        progress(done, len(usable))
        question = carried_question(example.prompt)
        if not claims_beyond(question, example.completion, style.style_words):
            continue
        hits = find_for(example.prompt, retriever, n=max(N_CHOSEN_FROM, style.retrieval.usual_n_kept))
        read = hits[:N_CHOSEN_FROM]
        parts, signs = parts_with_signs(question, read, likeness=likeness)
        needed = needed_parts(
            question, example.completion, parts,
            style_words=style.style_words, documents=example.document_ids,
        )  # fmt: skip
        places = frozenset(map(place_of, needed))
        seen.append(_Seen(question, example.completion, hits, parts, signs, places))
    progress(len(usable), len(usable))
    return seen


def _weights(seen: Sequence[_Seen]) -> Numbers:
    """Return what each sign counts in favour of a part."""
    signs = np.concatenate([one.signs for one in seen])
    labels = np.array([label for one in seen for label in one.is_needed], dtype=np.int64)
    fitted = fit_regression(signs, labels, 2, penalty=_PENALTY)
    weights: Numbers = fitted.weights[:, 1] - fitted.weights[:, 0]
    return weights


def _holds(one: _Seen, shown: Sequence[Hit], style: Style) -> float:
    """Return 1 where what is shown holds all that the completion claims, else 0."""
    texts = [one.question, *(hit.chunk.context for hit in shown)]
    return float(not unsupported(one.completion, texts, allowed=style.style_words))
