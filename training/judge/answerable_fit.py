"""The layer that says whether texts hold the answer to a question."""

from collections.abc import Mapping, Sequence

import numpy as np
from benchmarks.judge import auroc
from benchmarks.judged_texts import Given, closest_cosine
from numpy.typing import NDArray

from lorewright.knowledge.answerable import features
from lorewright.models import EmbeddingModel, Judge

REFUSED_SHARE = 0.1
"""The share of answerable questions that the threshold may refuse, on the set where it refuses most."""

Floats = NDArray[np.float64]
Told = Mapping[str, Sequence[Mapping[str, float]]]


def read(sets: Mapping[str, Sequence[Given]], judge: Judge, embedder: EmbeddingModel) -> Told:
    """Return what the layer weighs of every question, and whether it is `good`."""
    told: dict[str, list[Mapping[str, float]]] = {}
    for name, found in sets.items():
        told[name] = []
        for each in found:
            cosine = closest_cosine(each.asked, each.texts, embedder)
            measured = features(each.asked, each.texts, judge, cosine=cosine)
            if measured:
                told[name].append({**measured, "good": float(each.is_good)})
        print(f"read {name}, n={len(told[name])}", flush=True)
    return told


def fit(told: Told) -> str:
    """Return the module that holds the fitted constants."""
    names = [name for name in next(iter(told.values()))[0] if name != "good"]
    matrices = {key: np.array([[row[name] for name in names] for row in rows]) for key, rows in told.items()}
    good = {key: np.array([row["good"] for row in rows]) for key, rows in told.items()}
    counts = np.concatenate([np.full(len(rows), 300 / len(rows)) for rows in told.values()])
    weights = fitted(np.concatenate(list(matrices.values())), np.concatenate(list(good.values())), counts)
    thresholds = []
    for key, matrix in matrices.items():
        told_good = 1 / (1 + np.exp(-matrix @ weights))
        print(f"{key:14} AUROC {auroc(told_good, good[key] == 1):.3f} n={len(matrix)}")
        thresholds.append(float(np.quantile(told_good[good[key] == 1], REFUSED_SHARE)))
    held = ", ".join(f'"{name}": {weight:.3f}' for name, weight in zip(names, weights, strict=True))
    return "\n".join([
        '"""How answerability is weighed; training/judge/calibrate.py writes it."""',
        "",
        "from collections.abc import Mapping",
        "",
        f"ANSWERABLE: Mapping[str, float] = {{{held}}}",
        f"ANSWERABLE_FROM = {min(thresholds):.2f}",
        "",
    ])  # fmt: skip


def fitted(values: Floats, good: Floats, counts: Floats, *, ridge: float = 1.0) -> Floats:
    """Return logistic weights by Newton's method, small ones preferred; both classes count alike."""
    share = (counts * good).sum() / counts.sum()
    counts = counts * np.where(good == 1, 0.5 / share, 0.5 / (1 - share))
    weights = np.zeros(values.shape[1])
    for _ in range(40):
        told = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (counts * (told - good)) + ridge * weights
        curve = (values.T * (counts * told * (1 - told))) @ values + ridge * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    return weights
