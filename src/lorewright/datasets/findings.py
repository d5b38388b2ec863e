"""What is wrong, or looks wrong, with examples: named one by one, for a person to judge."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from lorewright.datasets.example import Example
from lorewright.datasets.private import kinds_in, private_in
from lorewright.datasets.split import normalised, spoken

Kind = Literal[
    "unreadable", "duplicate", "leak", "conflict", "contradicted", "long", "document", "secret", "email",
    "personal",
]  # fmt: skip
CHARACTERS_PER_TOKEN = 3.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about an example; `other_id` is what it is like, or contradicts."""

    kind: Kind
    example_id: str
    message: str
    other_id: str = ""


def find_conflicts(examples: Iterable[Example]) -> Iterator[Finding]:
    """Yield the examples whose prompt another one answers differently."""
    same: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        same[normalised(spoken(example.prompt)), normalised(example.system)].append(example)
    for group in same.values():
        answers = {normalised(example.completion) or example.completion: example for example in group}
        if len(answers) < 2:
            continue
        for example in group:
            mine = normalised(example.completion) or example.completion
            other = next(one for answer, one in answers.items() if answer != mine)
            message = f"Another example answers this differently: {_short(other.completion)}"
            yield Finding("conflict", example.id, message, other.id)


def find_long(
    examples: Iterable[Example], *, max_answer_tokens: int, max_row_tokens: int
) -> Iterator[Finding]:
    """Yield the examples that are cut or left out: a token is taken for 3.5 characters."""
    for example in examples:
        n_answer = round(len(example.completion) / CHARACTERS_PER_TOKEN)
        n_row = n_answer + round(len(spoken(example.prompt)) / CHARACTERS_PER_TOKEN)
        if n_row > max_row_tokens:
            yield Finding(
                "long",
                example.id,
                f"About {n_row:,} tokens; tuning skips examples of more than {max_row_tokens:,}.",
            )
        elif n_answer > max_answer_tokens:
            message = f"The answer has about {n_answer:,} tokens; the limit is {max_answer_tokens:,}."
            yield Finding("long", example.id, message)


def find_unknown_documents(examples: Iterable[Example], known: Collection[str]) -> Iterator[Finding]:
    """Yield the examples that name documents which are not there."""
    for example in examples:
        missing = [name for name in example.document_ids if name not in known]
        if missing:
            yield Finding("document", example.id, f"No document found with id {', '.join(missing)}.")


def find_private(examples: Iterable[Example]) -> Iterator[Finding]:
    """Yield the examples with what looks like a secret or personal data; only e-mails are repeated."""
    for example in examples:
        text = f"{spoken(example.prompt)}\n{example.completion}"
        for kind, value in kinds_in(text):
            if kind in ("secret", "payment card"):
                yield Finding("secret", example.id, f"This looks like a {kind}: {_masked(value)}")
            elif kind == "e-mail address":
                n_more = len(set(_all(text, kind))) - 1
                more = f" and {n_more} more" if n_more > 0 else ""
                yield Finding("email", example.id, f"Contains an e-mail address: {value}{more}")
            else:
                yield Finding("personal", example.id, f"Contains a {kind}: {_masked(value)}")


def _all(text: str, kind: str) -> Iterator[str]:
    return (text[one.start : one.end] for one in private_in(text) if one.kind == kind)


def _masked(secret: str) -> str:
    return secret[:4] + "…"


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 80 else one_line[:79] + "…"
