"""One field's head: from the numbers of a text to the probabilities of its values."""

from dataclasses import dataclass

import numpy as np

from lorewright.tuning.classifier.prediction import FieldPrediction
from lorewright.tuning.classifier.regression import Numbers, Weights, softmax
from lorewright.tuning.classifier.words import word_rows

WORD_SHARE = 0.5
"""How much the words count beside the embedding, whose length is one."""
NOTHING = ""
"""The key of the value that says "none of these" where the examples have no word for it: a refusal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What tells the values of one field, by their keys.

    Logits are divided by `temperature`, so that probabilities are shares of right answers. A text whose
    `likeness` to what was learned is below `threshold` is none of the labels; `spread` says how fast that
    becomes sure, 0 for at once. `unknown` is the key of the value that says so, learned like the others.
    `rarity` belongs to the words, `None` where the embedding alone counts.
    """

    name: str
    keys: tuple[str, ...]
    weights: Weights
    temperature: float = 1.0
    threshold: float = -np.inf
    spread: float = 0.0
    unknown: str | None = None
    rarity: Numbers | None = None

    def logits(self, vectors: Numbers, counts: Numbers) -> Numbers:
        """Return the score of every value: (texts, values)."""
        return self.weights.logits(rows_of(vectors, counts, self.rarity))

    def predict(self, vector: Numbers, counts: Numbers, *, n_top: int) -> FieldPrediction:
        """Return the value of a text, given as one row each of its embedding and its words."""
        logits = self.logits(vector, counts)
        probabilities = self.probabilities(logits)[0]
        is_unknown = bool(self.likeness(logits)[0] < self.threshold)
        ranked = [int(place) for place in np.argsort(-probabilities, kind="stable")]
        known = [place for place in ranked if self.keys[place] != self.unknown]
        chosen = self.keys.index(self.unknown) if is_unknown and self.unknown in self.keys else known[0]
        order = [chosen, *(place for place in ranked if place != chosen)][: max(1, n_top)]
        return FieldPrediction(
            name=self.name,
            label=self.keys[chosen],
            probability=float(probabilities[chosen]),
            top=tuple((self.keys[place], float(probabilities[place])) for place in order),
            is_unknown=is_unknown,
        )

    def probabilities(self, logits: Numbers) -> Numbers:
        """Return the probability of every value: (texts, values)."""
        place = self.unknown_place
        if place is None or not self.spread:
            return softmax(logits, self.temperature)
        gap = (self.threshold - self.likeness(logits)) / self.spread
        unknown = 1 / (1 + np.exp(-np.clip(gap, -30, 30)))
        known = logits.copy()
        known[:, place] = -np.inf
        shares = softmax(known, self.temperature) * (1 - unknown)[:, None]
        shares[:, place] = unknown
        rounded: Numbers = shares.astype(np.float32)
        return rounded

    def likeness(self, logits: Numbers) -> Numbers:
        """Return how much texts are like what was learned, by their logits; high for what is known."""
        return likeness_of(logits, self.unknown_place)

    @property
    def unknown_place(self) -> int | None:
        """Return where the value stands that says "none of these"."""
        return self.keys.index(self.unknown) if self.unknown in self.keys else None


def rows_of(vectors: Numbers, counts: Numbers, rarity: Numbers | None) -> Numbers:
    """Return what a head stands on: embeddings, and words beside them where they count."""
    if rarity is None:
        return vectors
    return np.concatenate([vectors, np.float32(WORD_SHARE) * word_rows(counts, rarity)], axis=1)


def likeness_of(logits: Numbers, unknown_place: int | None) -> Numbers:
    """Return the energy of the known values (Liu et al. 2020), less the score of "none of these"."""
    known = logits if unknown_place is None else np.delete(logits, unknown_place, axis=1)
    most = known.max(axis=1)
    energy: Numbers = most + np.log(np.exp(known - most[:, None]).sum(axis=1))
    return energy if unknown_place is None else energy - logits[:, unknown_place]
