"""How much meaning should count in a domain, and whether hits are put into the order of their best parts.

Both are fitted on the examples whose documents are known.

Held-out questions take no part: what is measured on them was not fitted on them.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import ceil

from lorewright.access.readable import EVERYTHING
from lorewright.datasets import Example
from lorewright.evaluation import difference
from lorewright.evaluation.ranked import documents_of, marks
from lorewright.flows.query import query_from
from lorewright.knowledge import Rankings, rank, without_copies
from lorewright.knowledge.part_ranking import N_RERANKED, ordered_by_parts
from lorewright.progress import Progress, quiet
from lorewright.settings import AUTO_DENSE_WEIGHT, AUTOMATIC
from lorewright.workspace.domain.fitted_weight import FittedWeight, forget_fitted, read_fitted, write_fitted
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.workspace import Workspace

MIN_EXAMPLES, MOST_EXAMPLES, MOST_RERANKED = 30, 150, 60
WEIGHTS = tuple(tenth / 10 for tenth in range(11))
_N_FOLDS = 5
_CHANGED_SHARE = 0.2
"""From this share of more or fewer documents on, the weight is fitted anew."""

Scores = Sequence[Mapping[float, float]]
"""By example, the nDCG@10 of every weight."""


def keep_fitted(
    workspace: Workspace, examples: Sequence[Example], *, progress: Progress = quiet
) -> FittedWeight | None:
    """Fit the weight where it is left open and 30 examples name their documents; return what holds.

    What was fitted before stays as long as the examples are the same and the documents nearly.
    """
    if workspace.settings.retrieval.dense_weight != AUTOMATIC:
        return None
    known = workspace.documents.states()
    usable = [one for one in examples if one.answerable and known.keys() & set(one.document_ids)]
    if len(usable) < MIN_EXAMPLES:
        forget_fitted(workspace.state_folder)
        return None
    held = read_fitted(workspace.state_folder)
    wanted = _identity(usable), len(known), workspace.collection.identity_of_models
    is_tried = workspace.settings.retrieval.rerank != "auto" or (held and held.reranked is not None)
    if held is not None and is_tried and _is_current(held, *wanted):
        return held
    chosen = usable[:: ceil(len(usable) / MOST_EXAMPLES)]
    fitted = fit(workspace, chosen, examples=wanted[0], n_documents=wanted[1], progress=progress)
    write_fitted(workspace.state_folder, fitted)
    return fitted


def fit(
    workspace: Workspace, chosen: Sequence[Example], *, examples: str, n_documents: int, progress: Progress
) -> FittedWeight:
    """Return the weight that ranks the documents of examples best, and what it gains on others."""
    scores = []
    for done, example in enumerate(chosen):
        progress(done, len(chosen))
        scores.append(_ndcg_by_weight(workspace, example))
    left_out = [0.0] * len(scores)
    for fold in range(_N_FOLDS):
        weight = best_weight([one for place, one in enumerate(scores) if place % _N_FOLDS != fold])
        for place in range(fold, len(scores), _N_FOLDS):
            left_out[place] = scores[place][weight]
    usual = [one[AUTO_DENSE_WEIGHT] for one in scores]
    gains = sum(left_out) >= sum(usual)
    weight = best_weight(scores) if gains else AUTO_DENSE_WEIGHT
    reranked, is_better = None, False
    if workspace.settings.retrieval.rerank == "auto":
        tried = chosen[:: ceil(len(chosen) / MOST_RERANKED)]
        reranked, is_better = _by_parts(workspace, tried, weight, progress=progress)
    return FittedWeight(
        weight=weight,
        n_examples=len(scores),
        ndcg=_mean(left_out if gains else usual),
        usual=_mean(usual),
        words=_mean([one[0.0] for one in scores]),
        meaning=_mean([one[1.0] for one in scores]),
        examples=examples,
        n_documents=n_documents,
        embedder=workspace.collection.identity_of_models,
        reranked=reranked,
        reranks=is_better,
    )


def _by_parts(
    workspace: Workspace, chosen: Sequence[Example], weight: float, *, progress: Progress
) -> tuple[float, bool]:
    """Return the nDCG@10 of examples in the order of the hits' best parts, and whether it proves better."""
    judge = find_judge(workspace.settings).judge
    found = []
    for example in chosen:
        query = query_from(example.prompt)
        sides = _sides(workspace, query)
        ranked = rank(query, sides.text, sides.dense, dense_weight=weight)
        found.append((query, without_copies(ranked, n=N_RERANKED), example.document_ids))
    before = [marks(documents_of(hits), (), wanted).ndcg for _, hits, wanted in found]
    if min(before) == 1.0:
        return 1.0, False  # nothing can be gained
    after = list[float]()
    for done, (query, hits, wanted) in enumerate(found):
        progress(done, len(found))
        reordered = ordered_by_parts(query, hits, likeness=workspace.collection.likeness, judge=judge)
        after.append(marks(documents_of(reordered), (), wanted).ndcg)
    gain = difference("ndcg", ("parts", after), ("found", before), n_resamples=500)
    return _mean(after), gain.low > 0


def best_weight(scores: Scores) -> float:
    """Return the weight with the highest nDCG, in doubt the one closest to the usual.

    Leaving the usual weight by d must win 10 d² questions, so that a handful decides nothing. A
    side alone is taken where the weight is beyond the interval worse than it.
    """

    def worth(weight: float) -> float:
        return sum(one[weight] for one in scores) - 10 * (weight - AUTO_DENSE_WEIGHT) ** 2

    chosen = max(sorted(WEIGHTS, key=lambda weight: abs(weight - AUTO_DENSE_WEIGHT)), key=worth)
    sides = sorted((0.0, 1.0), key=lambda side: -sum(one[side] for one in scores))
    ours, best_side = ([one[weight] for one in scores] for weight in (chosen, sides[0]))
    behind = difference("ndcg", ("fitted", ours), ("side", best_side), n_resamples=500)
    return sides[0] if behind.high < 0 else chosen


def _ndcg_by_weight(workspace: Workspace, example: Example) -> dict[float, float]:
    """Return the nDCG@10 that each weight gives an example's documents."""
    query = query_from(example.prompt)
    sides = _sides(workspace, query)
    return {
        weight: marks(
            documents_of(rank(query, sides.text, sides.dense, dense_weight=weight)), (), example.document_ids
        ).ndcg
        for weight in WEIGHTS
    }


def _sides(workspace: Workspace, query: str) -> Rankings:
    n = workspace.settings.retrieval.n_candidates
    return workspace.collection.rankings(query, n=n, readable=EVERYTHING)


def _identity(examples: Sequence[Example]) -> str:
    said = sorted(f"{one.identity}\0{sorted(one.document_ids)}" for one in examples)
    return blake2b("\0".join(said).encode(), digest_size=8).hexdigest()


def _is_current(held: FittedWeight, examples: str, n_documents: int, embedder: str) -> bool:
    is_near = abs(held.n_documents - n_documents) <= _CHANGED_SHARE * held.n_documents
    return held.examples == examples and held.embedder == embedder and is_near


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)
