"""What is wrong, or looks wrong, with examples: named one by one, for a person to judge."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lorewright.datasets.example import Example
from lorewright.datasets.split import normalised, spoken

Kind = Literal["unreadable", "duplicate", "leak", "conflict", "long", "document", "secret", "email"]
CHARACTERS_PER_TOKEN = 3.5

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_SECRETS = tuple(
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
        r"\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{20,}",
        r"\bAKIA[0-9A-Z]{16}\b",
        r"\bgh[pousr]_[A-Za-z0-9]{30,}",
        r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
        r"\bAIza[\w-]{35}",
        r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+",
        r"(?i)\b(?:password|passwd|pwd|secret|api[ _-]?key|access[ _-]?token)\b\s*"
        r"(?:is\s+|[:=]\s*)[^\s,;]{6,}",
    )
)
_CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")


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
    """Yield the examples with what looks like a secret or an e-mail address; secrets are not repeated."""
    for example in examples:
        text = f"{spoken(example.prompt)}\n{example.completion}"
        secret = _secret_in(text)
        if secret:
            yield Finding("secret", example.id, f"This looks like a secret: {_masked(secret)}")
        addresses = list(dict.fromkeys(_EMAIL.findall(text)))
        if addresses:
            more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
            yield Finding("email", example.id, f"Contains an e-mail address: {addresses[0]}{more}")


def _secret_in(text: str) -> str:
    for pattern in _SECRETS:
        match = pattern.search(text)
        if match:
            return match[0]
    numbers = (re.sub(r"\D", "", match[0]) for match in _CARD.finditer(text))
    return next((number for number in numbers if _is_card(number)), "")


def _is_card(number: str) -> bool:
    """Return whether a number has the check digit of a payment card (Luhn)."""
    digits: Sequence[int] = [int(digit) for digit in reversed(number)]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return len(set(digits)) > 1 and (sum(digits[::2]) + doubled) % 10 == 0


def _masked(secret: str) -> str:
    return secret[:4] + "…"


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 80 else one_line[:79] + "…"
