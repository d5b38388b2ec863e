"""Whether examples are fit to learn from: what stands in the way, and what to know before a run."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from lorewright.datasets.example import Example
from lorewright.datasets.findings import (
    Finding,
    find_conflicts,
    find_long,
    find_private,
    find_unknown_documents,
)
from lorewright.datasets.notes import notes_on
from lorewright.datasets.split import normalised

ANY_LENGTH = 10**9
"""A limit of tokens that nothing reaches."""
SEE_MORE = "See them all with: lorewright data check"
_WHAT = {
    "conflict": "{n} of the examples have a prompt that another one answers differently",
    "long": "{n} of the examples are longer than what is learned from or answered",
    "document": "{n} of the examples name documents that are not there",
    "secret": "{n} of the examples hold what looks like a secret",
    "email": "{n} of the examples hold an e-mail address",
    "personal": "{n} of the examples hold personal data",
}
_PRIVATE = ("secret", "email", "personal")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitness:
    """`problem` says why nothing can be learned, '' where something can; `warnings` are to be known.

    `private` are those of the warnings that are about secrets and personal data.
    """

    problem: str
    hint: str
    warnings: tuple[str, ...]
    private: tuple[str, ...] = ()


def fitness_of(
    examples: Sequence[Example],
    *,
    max_answer_tokens: int,
    max_row_tokens: int,
    known_documents: Collection[str] | None = None,
    n_duplicates: int = 0,
    n_leaked: int = 0,
) -> Fitness:
    """Return what is wrong with examples that a run would learn from.

    `n_duplicates` and `n_leaked` were left out before. Without `known_documents` no name of a document
    is looked up.
    """
    findings = [
        *find_conflicts(examples),
        *find_long(examples, max_answer_tokens=max_answer_tokens, max_row_tokens=max_row_tokens),
        *find_private(examples),
        *(find_unknown_documents(examples, known_documents) if known_documents is not None else ()),
    ]
    problem, hint = _problem(examples, findings)
    counted = _counted(examples, findings)
    return Fitness(
        problem=problem,
        hint=hint,
        warnings=(*_left_out(examples, n_duplicates, n_leaked), *counted.values()),
        private=tuple(line for kind, line in counted.items() if kind in _PRIVATE),
    )


def _problem(examples: Sequence[Example], findings: Sequence[Finding]) -> tuple[str, str]:
    """Return why nothing can be learned from the examples, and what to do."""
    answers = {normalised(example.completion) or example.completion for example in examples}
    if len(examples) > 1 and len(answers) == 1:
        return (
            f"All {len(examples):,} examples have the same answer: only that answer would be learned.",
            "Add examples with other answers.",
        )
    n_skipped = sum(finding.kind == "long" and "skips" in finding.message for finding in findings)
    if examples and n_skipped == len(examples):
        return (
            f"All {len(examples):,} examples are longer than what is learned from.",
            f"Shorten them. {SEE_MORE}",
        )
    return "", ""


def _left_out(examples: Sequence[Example], n_duplicates: int, n_leaked: int) -> Iterator[str]:
    yield from (note for note in notes_on(examples) if "same answer" not in note)
    if n_duplicates:
        yield (
            "1 duplicate is left out." if n_duplicates == 1 else f"{n_duplicates:,} duplicates are left out."
        )
    if n_leaked == 1:
        yield "1 example is left out: it asks nearly what a held-out question asks."
    elif n_leaked:
        yield f"{n_leaked:,} examples are left out: they ask nearly what a held-out question asks."


def _counted(examples: Sequence[Example], findings: Sequence[Finding]) -> dict[str, str]:
    """Return by the kind of what was found how many examples it is in, and the first of them."""
    first: dict[str, Finding] = {finding.kind: finding for finding in reversed(findings)}
    counted = Counter[str](kind for kind, _ in {(finding.kind, finding.example_id) for finding in findings})
    return {
        kind: f"{sentence.format(n=f'{counted[kind]:,}')}. The first, {_name(first[kind], examples)}."
        for kind, sentence in _WHAT.items()
        if counted[kind]
    }


def _name(finding: Finding, examples: Sequence[Example]) -> str:
    example = next(one for one in examples if one.id == finding.example_id)
    question = " ".join(example.question.split())
    short = question if len(question) <= 60 else f"{question[:59]}…"
    return f"{short!r}: {finding.message.removesuffix('.')}"
