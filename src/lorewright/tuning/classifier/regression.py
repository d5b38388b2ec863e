"""Multinomial logistic regression by L-BFGS, for hundreds of labels on a few thousand rows."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Places = NDArray[np.int64]

_N_REMEMBERED = 10
_MOST_STEPS = 100
_TOLERANCE = 1e-4
_SHRINK, _ENOUGH, _LEAST_STEP = 0.5, 1e-4, 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: (features, labels), and a bias for every label."""

    weights: Numbers
    bias: Numbers

    def logits(self, rows: Numbers) -> Numbers:
        """Return the score of every label: (rows, labels)."""
        return rows @ self.weights + self.bias


def fit_regression(rows: Numbers, labels: Places, n_labels: int, *, penalty: float) -> Weights:
    """Return the weights that make the labels of the rows likeliest, with an L2 penalty on their size.

    The loss is the sum over rows plus `penalty` / 2 times the squared weights, so that more rows count
    for more; biases are free. The same rows give the same weights.
    """
    inputs = np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)
    loss = _Loss(inputs, labels, n_labels, penalty)
    point = np.zeros((inputs.shape[1], n_labels), np.float32)
    value, slope = loss(point)
    memory: deque[tuple[Numbers, Numbers]] = deque(maxlen=_N_REMEMBERED)
    for _ in range(_MOST_STEPS):
        if float(np.abs(slope).max()) < _TOLERANCE:
            break
        direction = _direction(slope, memory)
        new, new_value, new_slope = _step(loss, point, value, slope, direction)
        moved, bent = (new - point).ravel(), (new_slope - slope).ravel()
        if float(moved @ bent) > 1e-12:
            memory.append((moved, bent))
        if new_value >= value:
            break
        point, value, slope = new, new_value, new_slope
    return Weights(point[:-1], point[-1])


def softmax(logits: Numbers, temperature: float = 1.0) -> Numbers:
    """Return probabilities that sum to one in every row."""
    scaled = logits / np.float32(temperature)
    powers: Numbers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return shares


class _Loss:
    """The mean loss of weights and its gradient."""

    def __init__(self, inputs: Numbers, labels: Places, n_labels: int, penalty: float) -> None:
        self._inputs, self._labels = inputs, labels
        self._places = np.arange(len(inputs))
        self._penalty = np.full((inputs.shape[1], 1), penalty, np.float32)
        self._penalty[-1] = 0.0
        self._n_labels = n_labels

    def __call__(self, point: Numbers) -> tuple[float, Numbers]:
        n = len(self._inputs)
        logits = self._inputs @ point
        logits -= logits.max(axis=1, keepdims=True)
        right = logits[self._places, self._labels]
        powers = np.exp(logits)
        sums = powers.sum(axis=1)
        missed = float((np.log(sums) - right).sum())
        powers /= sums[:, None]
        powers[self._places, self._labels] -= 1
        kept = self._penalty * point
        return (missed + 0.5 * float((kept * point).sum())) / n, (self._inputs.T @ powers + kept) / n


def _direction(slope: Numbers, memory: deque[tuple[Numbers, Numbers]]) -> Numbers:
    """Return where to go: downhill, bent by the curvature seen in the last steps (Nocedal 1980)."""
    way = slope.ravel().copy()
    shares: list[float] = []
    for moved, bent in reversed(memory):
        share = float(moved @ way) / float(bent @ moved)
        shares.append(share)
        way -= np.float32(share) * bent
    if memory:
        moved, bent = memory[-1]
        way *= np.float32(float(moved @ bent) / float(bent @ bent))
    else:
        way *= np.float32(10.0 / max(1e-6, float(np.abs(way).sum())))
    for (moved, bent), share in zip(memory, reversed(shares), strict=True):
        way += np.float32(share - float(bent @ way) / float(bent @ moved)) * moved
    return -way.reshape(slope.shape)


def _step(
    loss: _Loss, point: Numbers, value: float, slope: Numbers, direction: Numbers
) -> tuple[Numbers, float, Numbers]:
    """Return the point, loss and gradient after a step that is short enough to go down."""
    descent, size = float((direction * slope).sum()), 1.0
    while True:
        new = point + np.float32(size) * direction
        new_value, new_slope = loss(new)
        if new_value <= value + _ENOUGH * size * descent or size < _LEAST_STEP:
            return new, new_value, new_slope
        size *= _SHRINK
