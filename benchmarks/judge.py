"""What the judge is worth: AUROC of its verdicts, wrong answers and wrong refusals, and its CPU time.

    python -m benchmarks.judge --data DATA
    python -m benchmarks.judge --data DATA --judge words --sets faith-swap begin-wow

`support` tells responses that the texts bear from others; `words` is the share of a response's words
that the texts have, for comparison. `answerable` tells questions whose answer the texts hold; behind it
stands what a refusal at the shipped threshold gets wrong. `crossed facts` are made here: the name of
one page with the number of another. Of clapnq and nomiracl only the documents
count that training left out, of mtrag-judged the tasks that nothing was fitted on.
Behind the figures stands the 95 % interval, resampled by rows.
"""

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.crossed_facts import crossed_facts
from benchmarks.judged_texts import Given, answerable_sets, closest_cosine, support_sets
from lorewright.evaluation import estimate
from lorewright.knowledge.answerable import ANSWERABLE_FROM, answerability
from lorewright.knowledge.verdict import judge_answer
from lorewright.knowledge.words import content_words
from lorewright.models import EmbeddingModel, Judge, ModelStore, open_embedder, open_judge
from lorewright.settings import cache_folder

N_RESAMPLES = 1000


def main() -> None:
    """Print a line per set, then the time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--judge", default="auto")
    parser.add_argument("--sets", nargs="*", help="only these; all without it")
    parser.add_argument("--limit", type=int, default=300, help="questions per set at most")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    judge = open_judge(given.judge)
    embedder = open_embedder("auto", store=ModelStore(cache_folder()))
    for name, found in (("crossed facts", list(crossed_facts())), *support_sets(given.data)):
        if not given.sets or name in given.sets:
            print(support_line(name, found, judge), flush=True)
    for name, found in answerable_sets(given.data, limit=given.limit):
        if not given.sets or name in given.sets:
            print(answerable_line(name, found, judge, embedder), flush=True)
    print(time_line(next(found for name, found in support_sets(given.data) if name == "mtrag-judged"), judge))


def support_line(name: str, found: Sequence[Given], judge: Judge) -> str:
    """Return what the verdicts and the words alone tell apart."""
    good = [each.is_good for each in found]
    judged = [judge_answer(each.asked, each.texts, judge, said=each.said).support for each in found]
    shared = [word_share(each) for each in found]
    return f"{name:14} support    AUROC {auroc_told(judged, good)}   words alone {auroc_told(shared, good)}"


def answerable_line(name: str, found: Sequence[Given], judge: Judge, embedder: EmbeddingModel) -> str:
    """Return what answerability tells apart, and what a refusal below the threshold gets wrong."""
    good = [each.is_good for each in found]
    judged = [
        answerability(each.asked, each.texts, judge, cosine=closest_cosine(each.asked, each.texts, embedder))
        for each in found
    ]
    answered = [float(p >= ANSWERABLE_FROM) for p, is_good in zip(judged, good, strict=True) if not is_good]
    refused = [float(p < ANSWERABLE_FROM) for p, is_good in zip(judged, good, strict=True) if is_good]
    return (
        f"{name:14} answerable AUROC {auroc_told(judged, good)}   "
        f"unanswerable answered {estimate(answered)}   answerable refused {estimate(refused)}"
    )


def word_share(given: Given) -> float:
    """Return the share of the response's words that the texts have."""
    said = set(content_words(given.asked))
    return len(said.intersection(content_words(" ".join((*given.texts, *given.said))))) / (len(said) or 1)


def auroc(scores: Sequence[float] | NDArray[np.float64], good: Sequence[bool] | NDArray[np.bool_]) -> float:
    """Return how often a good one scores higher than another; ties count half."""
    values, is_good = np.asarray(scores, dtype=np.float64), np.asarray(good, dtype=np.bool_)
    order = values.argsort(kind="stable")
    _, place, counts = np.unique(values[order], return_inverse=True, return_counts=True)
    ranks = np.empty(len(values))
    ranks[order] = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n_good = int(is_good.sum())
    n_pairs = n_good * (len(values) - n_good)
    return float((ranks[is_good].sum() - n_good * (n_good + 1) / 2) / n_pairs) if n_pairs else 0.5


def auroc_told(scores: Sequence[float], good: Sequence[bool]) -> str:
    """Return the AUROC with its interval and the number of rows."""
    draw = np.random.default_rng(0)
    values, is_good = np.asarray(scores, dtype=np.float64), np.asarray(good, dtype=np.bool_)
    drawn = [draw.integers(len(values), size=len(values)) for _ in range(N_RESAMPLES)]
    low, high = np.quantile([auroc(values[rows], is_good[rows]) for rows in drawn], (0.025, 0.975))
    return f"{auroc(values, is_good):.3f} ({low:.3f} to {high:.3f}, n={len(values)})"


def time_line(found: Sequence[Given], judge: Judge) -> str:
    """Return the CPU time of a verdict on five sentences over five texts, and of a refusal."""
    chosen = [each for each in found if len(each.texts) > 2][:30]
    answers = [" ".join(each.asked.split(". ")[:5]) for each in chosen]
    verdict_ms, answerable_ms = [], []
    for answer, each in zip(answers, chosen, strict=True):
        texts = [text[:600] for text in each.texts[:5]]  # as long as a chunk
        begun = time.process_time()
        judge_answer(answer, texts, judge)
        between = time.process_time()
        answerability(each.texts[-1], texts, judge)
        verdict_ms.append((between - begun) * 1000)
        answerable_ms.append((time.process_time() - between) * 1000)
    verdict, answerable = np.median(verdict_ms), np.median(answerable_ms)
    return f"CPU p50: verdict {verdict:.0f} ms, answerability {answerable:.0f} ms (n={len(chosen)})"


if __name__ == "__main__":
    main()
