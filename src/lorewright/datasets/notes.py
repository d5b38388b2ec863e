"""What is wrong, or looks wrong, with examples as a whole: too few, all alike, labels out of balance."""

from collections import Counter
from collections.abc import Iterator, Sequence

from lorewright.datasets.example import Example
from lorewright.datasets.split import normalised

FEW = 20
_MOST_LABELS, _LABEL_WORDS, _PER_LABEL = 200, 5, 3
_OUT_OF_BALANCE = 10
"""How many times more often the commonest label may stand than the rarest."""


def notes_on(examples: Sequence[Example]) -> Iterator[str]:
    """Yield one sentence for each thing that a person should know before these examples are learned."""
    n = len(examples)
    if not n:
        return
    if n < FEW:
        yield f"There are {n} examples; tuning learns little from fewer than {FEW}. Few-shot arms work."
    outputs = Counter(normalised(example.completion) or example.completion for example in examples)
    if len(outputs) == 1 and n > 1:
        yield "All examples have the same answer: only that answer would be learned."
        return
    yield from _on_labels(outputs, n)


def _on_labels(outputs: Counter[str], n: int) -> Iterator[str]:
    """Yield what is unbalanced where answers are labels: few, short, and each given more than once."""
    is_labels = len(outputs) <= _MOST_LABELS and n >= _PER_LABEL * len(outputs)
    if not is_labels or any(len(label.split()) > _LABEL_WORDS for label in outputs):
        return
    [(common, n_common), *_], (rare, n_rare) = outputs.most_common(), outputs.most_common()[-1]
    if n_common >= _OUT_OF_BALANCE * n_rare:
        yield (
            f"The labels are out of balance: {n_common:,} examples for {common!r}, {n_rare:,} for {rare!r}. "
            "Add examples of the rare ones."
        )
