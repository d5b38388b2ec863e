"""A trained classifier in one file of safetensors: kept, opened, asked."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from lorewright.datasets import Embed
from lorewright.datasets.closed_answers import ClosedAnswers, ClosedField
from lorewright.errors import UnknownModel
from lorewright.tuning.classifier.fit import FittedClassifier
from lorewright.tuning.classifier.head import NOTHING, Head
from lorewright.tuning.classifier.prediction import FieldPrediction, NearExample, Prediction
from lorewright.tuning.classifier.regression import Numbers, Weights
from lorewright.tuning.classifier.words import hashed_words
from lorewright.whole_files import sha256_of, write_whole

FORMAT_VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainedClassifier:
    """A classifier as it answers; `name` is the embedding model that it stands on."""

    name: str
    sha256: str
    answers: ClosedAnswers
    heads: tuple[Head, ...]
    vectors: Numbers
    example_ids: tuple[str, ...]
    embed: Embed

    def predict(self, text: str, *, n_top: int = 3, n_nearest: int = 3) -> Prediction:
        """Return what a text is, and the examples nearest to it."""
        vector = np.asarray(self.embed([text]), np.float32)
        counts = hashed_words([text])
        found = [head.predict(vector, counts, n_top=n_top) for head in self.heads]
        fields = tuple(self._in_words(field) for field in found)
        silent = [
            field.is_unknown
            for field, head in zip(found, self.heads, strict=True)
            if head.unknown in (None, NOTHING)
        ]
        is_unknown = bool(silent) and all(silent)
        text = self.answers.text_of({field.name: field.label for field in found})
        return Prediction(
            text="" if is_unknown else text,
            fields=fields,
            nearest=self._nearest(vector[0], n_nearest),
            is_unknown=is_unknown,
        )

    def _nearest(self, vector: Numbers, n: int) -> tuple[NearExample, ...]:
        likeness = self.vectors @ vector
        places = np.argsort(-likeness, kind="stable")[:n]
        return tuple(NearExample(self.example_ids[place], float(likeness[place])) for place in places)

    def _in_words(self, field: FieldPrediction) -> FieldPrediction:
        """Return a field with its values as the examples write them."""
        values = next(one for one in self.answers.fields if one.name == field.name)
        shown = {key: _shown(value) for key, value in zip(values.keys, values.values, strict=True)}
        return FieldPrediction(
            name=field.name,
            label=shown.get(field.label, ""),
            probability=field.probability,
            top=tuple((shown.get(key, ""), share) for key, share in field.top),
            is_unknown=field.is_unknown,
        )


def save_classifier(fitted: FittedClassifier, path: Path, *, embedding: str) -> str:
    """Write a classifier into one file and return the sha256 of that; it is whole or not there."""
    tensors: dict[str, NDArray[Any]] = {"vectors": fitted.vectors.astype(np.float16)}
    for number, head in enumerate(fitted.heads):
        tensors[f"{number}.weights"] = np.ascontiguousarray(head.weights.weights)
        tensors[f"{number}.bias"] = np.ascontiguousarray(head.weights.bias)
        if head.rarity is not None:
            tensors[f"{number}.rarity"] = head.rarity
    about = {
        "version": FORMAT_VERSION,
        "embedding": embedding,
        "example_ids": fitted.example_ids,
        "fields": [
            {"name": field.name, "values": field.values, "unknown": field.unknown}
            for field in fitted.answers.fields
        ],
        "separators": fitted.answers.separators,
        "heads": [
            {
                "name": head.name,
                "keys": head.keys,
                "temperature": head.temperature,
                "threshold": head.threshold if np.isfinite(head.threshold) else None,
                "spread": head.spread,
                "unknown": head.unknown,
            }
            for head in fitted.heads
        ],
        "validations": [one.to_json() for one in fitted.validations],
    }
    write_whole(path, [save(tensors, metadata={"lorewright": json.dumps(about, ensure_ascii=False)})])
    return sha256_of(path)


def open_classifier(path: Path, embedder: Callable[[str], Embed]) -> TrainedClassifier:
    """Return the classifier in a file; `embedder` gives the embedding model that a name stands for.

    Raises `UnknownModel` for a file that is none.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            about: dict[str, Any] = json.loads((file.metadata() or {})["lorewright"])
            heads = tuple(_head(file, number, head) for number, head in enumerate(about["heads"]))
            vectors = file.get_tensor("vectors").astype(np.float32)
    except (KeyError, OSError, ValueError, SafetensorError) as error:
        raise UnknownModel(
            f"{path.name} is not a classifier, or it is damaged.", hint="Train it again with: lorewright tune"
        ) from error
    answers = ClosedAnswers(
        fields=tuple(
            ClosedField(one["name"], tuple(one["values"]), one["unknown"]) for one in about["fields"]
        ),
        separators=_pair(about["separators"]),
    )
    return TrainedClassifier(
        name=about["embedding"],
        sha256=sha256_of(path),
        answers=answers,
        heads=heads,
        vectors=vectors,
        example_ids=tuple(about["example_ids"]),
        embed=embedder(about["embedding"]),
    )


def _head(file: Any, number: int, about: dict[str, Any]) -> Head:
    threshold, names = about["threshold"], set(file.keys())
    return Head(
        name=about["name"],
        keys=tuple(about["keys"]),
        weights=Weights(file.get_tensor(f"{number}.weights"), file.get_tensor(f"{number}.bias")),
        temperature=about["temperature"],
        threshold=-np.inf if threshold is None else threshold,
        spread=about["spread"],
        unknown=about["unknown"],
        rarity=file.get_tensor(f"{number}.rarity") if f"{number}.rarity" in names else None,
    )


def _pair(values: Sequence[str]) -> tuple[str, str]:
    first, second = values
    return first, second


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
