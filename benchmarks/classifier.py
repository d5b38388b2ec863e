"""How many labels a classifier gets right that was trained on a few examples of each, in seconds of CPU.

    python -m benchmarks.classifier --data DATA                 # 10 and 3 examples of each label
    python -m benchmarks.classifier --data DATA --per-label 50

DATA holds `banking77` and `clinc150`, each with `examples.train.jsonl` to draw examples from and
`examples.dev.jsonl` to ask. The figures are shares of the questions with their 95 % interval: of those
with a label, and of those without (`out_of_scope`). `alone` is what each kind of features does by itself,
with the usual penalty and without a threshold. The time is that of embedding the examples, choosing the
settings by cross-validation, and training; the weights of the embedding model are loaded before.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from lorewright.datasets import Example
from lorewright.datasets.closed_answers import closed_answers
from lorewright.evaluation import estimate
from lorewright.messages import Message
from lorewright.models import EmbeddingModel, ModelStore, open_embedder
from lorewright.settings import cache_folder
from lorewright.tuning.classifier.fit import fit_classifier
from lorewright.tuning.classifier.regression import Numbers, fit_regression
from lorewright.tuning.classifier.trained import open_classifier, save_classifier
from lorewright.tuning.classifier.validation import USUAL_PENALTY, macro_f1
from lorewright.tuning.classifier.words import hashed_words, rarity_of, word_rows

SETS = ("banking77", "clinc150")
UNKNOWN = "out_of_scope"


def main() -> None:
    """Print a line for every set, number of examples and draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder with the data sets")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="the data sets to measure")
    parser.add_argument("--per-label", type=int, nargs="+", default=[10, 3], help="examples of each label")
    parser.add_argument("--draws", type=int, default=3, help="how many times examples are drawn")
    parser.add_argument("--embedding", default="minilm", help="the embedding model")
    given = parser.parse_args()
    embedder = open_embedder(given.embedding, store=ModelStore(cache_folder()))
    embedder.embed(["warm"])
    for name in given.sets:
        pool = read(given.data / name / "examples.train.jsonl")
        asked = read(given.data / name / "examples.dev.jsonl")
        vectors = embedder.embed([example.question for example in asked])
        for n in given.per_label:
            for draw in range(given.draws):
                with TemporaryDirectory() as folder:
                    measure(name, drawn(pool, n, draw), asked, vectors, embedder, n=n, folder=Path(folder))


def read(path: Path) -> list[Example]:
    """Return the examples in a file of chats."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(
            str(number),
            tuple(Message(turn["role"], turn["content"]) for turn in row["messages"][:-1]),
            row["messages"][-1]["content"],
        )
        for number, row in enumerate(rows)
    ]


def drawn(pool: Sequence[Example], n: int, seed: int) -> list[Example]:
    """Return `n` examples of every label."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in random.Random(seed).sample(list(pool), len(pool)):
        groups[example.completion].append(example)
    return [example for label in sorted(groups) for example in groups[label][:n]]


def measure(
    name: str,
    examples: Sequence[Example],
    asked: Sequence[Example],
    vectors: Numbers,
    embedder: EmbeddingModel,
    *,
    n: int,
    folder: Path,
) -> None:
    """Train on the examples, ask the questions and print how many were right."""
    begun = time.process_time()
    answers = closed_answers(examples, is_forced=True).answers
    if answers is None:
        raise SystemExit(f"{name} has no closed set of labels.")
    fitted = fit_classifier(examples, answers, embedder.embed)
    seconds = time.process_time() - begun
    path = folder / f"{name}-{n}.safetensors"
    save_classifier(fitted, path, embedding=embedder.name)
    known = {example.question: vector for example, vector in zip(asked, vectors, strict=True)}
    classifier = open_classifier(path, lambda _: lambda texts: np.stack([known[text] for text in texts]))
    said = [classifier.predict(example.question) for example in asked]
    right = [
        float(one.text == example.completion and not one.is_unknown)
        for one, example in zip(said, asked, strict=True)
    ]
    labelled = [score for score, example in zip(right, asked, strict=True) if example.completion != UNKNOWN]
    without = [score for score, example in zip(right, asked, strict=True) if example.completion == UNKNOWN]
    labels = sorted({example.completion for example in asked})
    f1 = macro_f1(
        [labels.index(example.completion) for example in asked],
        [-1 if one.is_unknown else labels.index(one.text) for one in said],
    )
    promised = fitted.validations[0]
    line = f"{name} {n:>3} per label: {estimate(labelled)} right, macro-F1 {f1:.3f}"
    if without:
        line += f", out of scope told {estimate(without)}"
    line += f"; cross-validation said {promised.accuracy or 0:.1%} ({promised.features}, "
    line += f"calibration error {promised.calibration_error or 0:.3f}); {seconds:.1f} CPU-seconds"
    print(line, flush=True)
    print(f"    alone: {alone(examples, asked, fitted.vectors, vectors)}", flush=True)


def alone(examples: Sequence[Example], asked: Sequence[Example], learned: Numbers, vectors: Numbers) -> str:
    """Return how often each kind of features is right by itself, of the questions with a label."""
    examples, learned = (
        [one for one in examples if one.completion != UNKNOWN],
        learned[[one.completion != UNKNOWN for one in examples]],
    )
    is_known = np.array([one.completion != UNKNOWN for one in asked])
    labels = sorted({example.completion for example in examples})
    places = np.array([labels.index(example.completion) for example in examples])
    wanted = [labels.index(one.completion) for one in asked if one.completion != UNKNOWN]
    counts = hashed_words([example.question for example in examples])
    rarity = rarity_of(counts)
    words = word_rows(hashed_words([example.question for example in asked]), rarity)
    ways = {
        "embedding": (learned, vectors),
        "words": (word_rows(counts, rarity), words),
        "both": (np.hstack([learned, word_rows(counts, rarity) / 2]), np.hstack([vectors, words / 2])),
    }
    shares = []
    for way, (rows, new) in ways.items():
        weights = fit_regression(rows, places, len(labels), penalty=USUAL_PENALTY)
        shares.append(f"{way} {np.mean(weights.logits(new[is_known]).argmax(axis=1) == wanted):.1%}")
    return ", ".join(shares)


if __name__ == "__main__":
    main()
