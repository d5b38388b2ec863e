"""The layers that say whether texts bear an answer: fitted so that good answers rank above others."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from benchmarks.judge import auroc
from benchmarks.judged_texts import Given
from numpy.typing import NDArray

from lorewright.knowledge.verdict import ReadSentence, features, read_sentences
from lorewright.knowledge.wording import Wording
from lorewright.models import Judge, Support

LAYERS: Mapping[str, Mapping[str, int]] = {
    "STATED": {"stated": 1, "held": 1, "pairs": 1, "missing": -1, "borne": 1, "doubt": -1},
    "IN_PLACE": {"displaced": -1},
    "UNCHANGED": {"turned": -1},
}
"""What each layer weighs, and the sign that its weight must have."""
WEIGHT_OF_SET = {"begin-wow": 3.0, "made": 0.3, "swaps": 2.0, "mtrag-judged": 1.5}
"""What a set counts: `made` has few kinds of mistakes, which the judge was trained to see."""
KEPT_SHARE = 0.95
"""The share of borne sentences that the threshold leaves unmarked."""
_N_PAIRS, _N_STEPS, _RATE, _RIDGE = 1500, 2500, 0.03, 1e-3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """What was measured of answers by set, which of them are good, and which have a `single` sentence."""

    measured: Mapping[str, Sequence[Mapping[str, float]]]
    good: Mapping[str, Sequence[bool]]
    single: Mapping[str, Sequence[bool]]


def read(sets: Mapping[str, Sequence[Given]], judge: Judge) -> dict[str, list[dict[str, Any]]]:
    """Return what the judge and the wording say of every answer, as JSON."""
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in sets}
    for name, found in sets.items():
        for each in found:
            sentences = read_sentences(each.asked, each.texts, judge, said=each.said)
            told[name].append(
                {"good": each.is_good, "sentences": [asdict(sentence) for sentence in sentences]}
            )
        print(f"read {name}, n={len(found)}", flush=True)
    return told


def rows_of(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> Rows:
    """Return what the layers weigh of answers that were read; those without a sentence are left out."""
    kept = {name: [each for each in found if each["sentences"]] for name, found in told.items()}
    return Rows(
        {name: [features(_sentences(each)) for each in found] for name, found in kept.items()},
        {name: [each["good"] for each in found] for name, found in kept.items()},
        {name: [len(each["sentences"]) == 1 for each in found] for name, found in kept.items()},
    )


def _sentences(each: Mapping[str, Any]) -> list[ReadSentence]:
    return [
        ReadSentence(
            one["start"], one["end"], Wording(**one["wording"]), Support(**one["judged"]), one["window"]
        )
        for one in each["sentences"]
    ]


def fit(read: Rows) -> str:
    """Return the module that holds the fitted constants."""
    weights = ranked(read)
    scores = {name: _raw(_matrix(found), weights) for name, found in read.measured.items()}
    for name, values in scores.items():
        print(f"{name:14} AUROC {auroc(values, read.good[name]):.3f} n={len(values)}")
    scale, bias = _scaled(scores, read.good)
    kept = np.concatenate(
        [
            values[np.array(read.good[name]) & np.array(read.single[name])]
            for name, values in scores.items()
            if name != "made"
        ]
    )
    threshold = 1 / (1 + np.exp(-(scale * np.quantile(kept, 1 - KEPT_SHARE) + bias)))
    return _module(weights, scale, bias, float(threshold))


def ranked(read: Rows, *, seed: int = 0) -> Floats:
    """Return weights that rank pairs of a good and another answer of one set, by gradient descent."""
    draw = np.random.default_rng(seed)
    better, worse, counts = [], [], []
    for name, found in read.measured.items():
        matrix, good = _matrix(found), np.array(read.good[name])
        better.append(draw.choice(matrix[good], _N_PAIRS))
        worse.append(draw.choice(matrix[~good], _N_PAIRS))
        counts.append(np.full(_N_PAIRS, WEIGHT_OF_SET[name]))
    first, second = np.concatenate(better), np.concatenate(worse)
    share = np.concatenate(counts) / np.concatenate(counts).sum()
    signs, is_bias = _signs(), _is_bias()
    sizes = np.where(is_bias, 1.0, np.concatenate([first, second]).std(axis=0) + 1e-9)
    first, second = first / sizes, second / sizes
    weights = np.where(is_bias, 1.0, signs * 0.3)
    pace, size = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _N_STEPS + 1):
        ahead = _raw(first, weights) - _raw(second, weights)
        pull = -share / (1 + np.exp(ahead))
        slope = (pull[:, None] * (_slopes(first, weights) - _slopes(second, weights))).sum(axis=0)
        slope += _RIDGE * np.where(is_bias, 0.0, weights)
        pace, size = 0.9 * pace + 0.1 * slope, 0.999 * size + 0.001 * slope**2
        weights = weights - _RATE * (pace / (1 - 0.9**step)) / (np.sqrt(size / (1 - 0.999**step)) + 1e-9)
        weights = np.where(is_bias, weights, signs * np.maximum(0.0, signs * weights))
    return weights / sizes


def _columns() -> list[tuple[str, str]]:
    return [(layer, name) for layer, signs in LAYERS.items() for name in (*signs, "bias")]


def _signs() -> Floats:
    return np.array([LAYERS[layer].get(name, 0) for layer, name in _columns()], dtype=float)


def _is_bias() -> NDArray[np.bool_]:
    return np.array([name == "bias" for _, name in _columns()])


def _matrix(found: Sequence[Mapping[str, float]]) -> Floats:
    return np.array([[measured[name] for _, name in _columns()] for measured in found])


def _logits(matrix: Floats, weights: Floats) -> Floats:
    layers = np.array([layer for layer, _ in _columns()])
    return np.stack([matrix[:, layers == layer] @ weights[layers == layer] for layer in LAYERS], axis=1)


def _raw(matrix: Floats, weights: Floats) -> Floats:
    """Return the logarithm of the product of the layers' probabilities."""
    raw: Floats = -np.logaddexp(0.0, -_logits(matrix, weights)).sum(axis=1)
    return raw


def _slopes(matrix: Floats, weights: Floats) -> Floats:
    logits = _logits(matrix, weights)
    place = {layer: number for number, layer in enumerate(LAYERS)}
    rest = 1 / (1 + np.exp(logits))
    return matrix * np.stack([rest[:, place[layer]] for layer, _ in _columns()], axis=1)


def _scaled(scores: Mapping[str, Floats], good: Mapping[str, Sequence[bool]]) -> tuple[float, float]:
    """Return scale and bias that make probabilities of scores; every set and both classes count alike."""
    values = np.concatenate(list(scores.values()))
    is_good = np.concatenate([np.array(good[name]) for name in scores])
    counts = np.concatenate(
        [
            np.where(good[name], 0.5 / np.mean(good[name]), 0.5 / (1 - np.mean(good[name]))) / len(found)
            for name, found in scores.items()
        ]
    )
    columns, weights = np.stack([values, np.ones_like(values)], axis=1), np.zeros(2)
    for _ in range(50):
        told = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (counts * (told - is_good))
        curve = (columns.T * (counts * told * (1 - told))) @ columns + 1e-6 * np.eye(2)
        weights = weights - np.linalg.solve(curve, slope)
    return float(weights[0]), float(weights[1])


def _module(weights: Floats, scale: float, bias: float, threshold: float) -> str:
    lines = [
        '"""How readings and wording are weighed; training/judge/calibrate.py writes it."""',
        "",
        "from collections.abc import Mapping",
        "",
    ]
    for layer in LAYERS:
        held = ", ".join(
            f'"{name}": {weight:.3f}'
            for (own, name), weight in zip(_columns(), weights, strict=True)
            if own == layer
        )
        lines.append(f"{layer}: Mapping[str, float] = {{{held}}}")
    lines += [f"SCALE, BIAS = {scale:.3f}, {bias:.3f}", f"SUPPORTED_FROM = {threshold:.2f}", ""]
    return "\n".join(lines)
