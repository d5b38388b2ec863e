"""Fit the logistic layers over the judge, and print the constants that knowledge/ holds.

    python -m training.judge.calibrate --data DATA --judge judge.onnx

Supports are fitted on the training part of begin-wow and on claims made, in the same way as for
training, of documents that training left out; answerability on questions of the training parts.
"""

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from benchmarks.judge import auroc
from benchmarks.judged_texts import Given, is_held_back, rows, with_neighbours
from numpy.typing import NDArray
from training.judge.pairs import tidy
from training.judge.recipe import SUPPORTED, Material, human_answers, made_claims

from lorewright.knowledge import answerable
from lorewright.knowledge.verdict import Evidence
from lorewright.models.engines.judge import OnnxJudge


def main() -> None:
    """Print both layers as JSON with the AUROC on what they were fitted on."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=13)
    given = parser.parse_args()
    judge = OnnxJudge(given.judge, n_threads=1)
    claims = claims_to_fit(given.data, given.seed)
    measured = [Evidence(each.texts, judge).features(each.asked)[0] for each in claims]
    report("support", measured, [each.is_good for each in claims])
    questions = questions_to_fit(given.data)
    readings = [answerable.features(each.asked, each.texts, judge) for each in questions]
    report("answerable", readings, [each.is_good for each in questions])


def claims_to_fit(data: Path, seed: int) -> list[Given]:
    """Return claims with their texts: of people's judgements, and made of documents left out."""
    draw = random.Random(seed)
    material = Material(data, held_back=True)
    made = [*human_answers(material, draw, whole=True), *made_claims(material, draw, n=500)]
    judged = rows(data / "begin-wow/judged.jsonl")
    return [
        *(Given(pair.asked, (pair.text,), pair.support == SUPPORTED) for pair in made),
        *(
            Given(tidy(row["response"]), (tidy(row["context"]),), row["label"] == "supported")
            for row in draw.sample(judged, 700)
        ),
    ]


def questions_to_fit(data: Path, *, n: int = 240) -> list[Given]:
    """Return questions of the training parts with the passages that do or do not hold their answer."""
    documents = {row["id"]: row["text"] for row in rows(data / "clapnq/docs.jsonl")}
    asked = [row for row in rows(data / "clapnq/questions.jsonl") if not is_held_back(row["doc_ids"][0])]
    found = [with_neighbours(row, documents) for row in asked[:: max(1, len(asked) // n)]]
    documents = {row["id"]: f"{row['title']}\n{row['text']}" for row in rows(data / "nomiracl/docs.en.jsonl")}
    asked = [row for row in rows(data / "nomiracl/questions.en.jsonl") if not is_held_back(row["doc_ids"][0])]
    return found + [
        Given(
            row["question"],
            tuple(documents[key] for key in row["doc_ids"] if key in documents),
            row["answerable"],
        )
        for row in asked[:: max(1, len(asked) // n)]
    ]


def report(name: str, measured: Sequence[Mapping[str, float]], good: Sequence[bool]) -> None:
    """Print the weights of one layer."""
    keys = list(measured[0])
    values = np.array([[each[key] for key in keys] for each in measured])
    weights = fitted(values, np.array(good, dtype=float))
    scores = values @ weights
    print(name, f"AUROC {auroc(scores, good):.3f} n={len(good)}", flush=True)
    print(json.dumps({key: round(float(weight), 3) for key, weight in zip(keys, weights, strict=True)}))
    for key, column in zip(keys, values.T, strict=True):
        print(f"  {key:14} alone {auroc(column, good):.3f}")


def fitted(
    values: NDArray[np.float64], good: NDArray[np.float64], *, ridge: float = 1.0
) -> NDArray[np.float64]:
    """Return logistic weights by Newton's method, small ones preferred; both classes count alike."""
    counts = np.where(good == 1, 0.5 / good.mean(), 0.5 / (1 - good.mean()))
    weights = np.zeros(values.shape[1])
    for _ in range(40):
        told = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (counts * (told - good)) + ridge * weights
        curve = (values.T * (counts * told * (1 - told))) @ values + ridge * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


if __name__ == "__main__":
    main()
