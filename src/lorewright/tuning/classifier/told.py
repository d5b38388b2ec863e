"""How a classifier did in cross-validation, in a sentence for each of its heads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def told(heads: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a sentence for every head, as `TrainingMetrics.heads` holds them."""
    for head in heads:
        name = f"{head['name']}: " if head["name"] else ""
        yield f"{name}{head['n_labels']} labels from {head['n_examples']} examples; {_how_good(head)}."


def _how_good(head: Mapping[str, Any]) -> str:
    if head["accuracy"] is None:
        return "how good it is cannot be told: every label has one example only"
    words = [
        f"{head['accuracy']:.0%} right in cross-validation ({head['low']:.0%} to {head['high']:.0%})",
        f"macro-F1 {head['macro_f1']:.2f}",
    ]
    if head["unknown_recall"] is not None:
        words.append(f"{head['unknown_recall']:.0%} of what is none of the labels told")
    return ", ".join(words)
