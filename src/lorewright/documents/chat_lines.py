"""Chat logs and transcripts: who said what and when, a message a line, and answers with their question."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

_TIME = r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:[ \u202f\xa0]?[AaPp]\.?[Mm]\.?)?"
_DATE = r"(?:\d{4}-\d{2}-\d{2}|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? [^\W\d_]{3,9}\.? \d{4})"
_STAMP = rf"(?:{_DATE}(?:,|T|[ \t])[ \t]?)?{_TIME}"
_NAME = r"[^\W_][^\n:<>\[\]()]{0,40}?|\+\d[\d ()-]{6,20}"
MESSAGE = re.compile(
    rf"(?:\[?{_STAMP}\]?[ \t]*(?:[-\u2013\u2014|][ \t]*)?"
    rf"(?:<(?:{_NAME})>:?"
    rf"|(?:~[ ]?)?(?:{_NAME}):)"
    rf"|(?:{_NAME})[ \t]\([^()\n]*\d[^()\n]*\):)[ \t]+(?=\S)"
)
"""What a line begins with that somebody says: "[12:03] Anna: ", "12:03 <anna> ", "Anna (12:03): "."""
_HEAD = re.compile(
    rf"(?P<who>[^\W\d_][^\n:<>\[\]()]{{0,40}}?)(?:[ \t]+[\u2013\u2014-][ \t]+|[ \t]+)"
    rf"(?P<when>\[?(?:[^\W\d_]{{2,12}} (?:at|um|à|a) )?{_STAMP}\]?)[ \t]*"
)
"""A line of its own above what somebody says, as it is copied out of chat programs."""
_QUESTION_WORD = re.compile(
    r"(?:who|whose|what|when|where|which|why|how|does|do|did|is|are|was|can|could|should|shall|will|would|has|have|any|"
    r"wer|was|wann|wo|welche[rsnm]?|warum|wieso|wie|kann|können|muss|gibt|hat|haben|sollen|quand|qui|où|comment|"
    r"pourquoi|combien|est-ce|quién|qué|cuándo|dónde|cómo|cuánto)\b", re.IGNORECASE,
)  # fmt: skip
_LEAST, _SHARE = 3, 0.5
_LONGEST_JOINED = 1_000
_MOST_ANSWERS = 4
"""So many messages after a question may answer it."""


def is_talk(lines: Sequence[str]) -> bool:
    """Tell whether every one of these lines is a message."""
    return bool(lines) and all(MESSAGE.match(line) for line in lines)


def asks_something(message: str) -> bool:
    """Tell whether a message is a question, which in a chat often has no question mark."""
    said = MESSAGE.sub("", message, count=1)
    return "?" in said or "？" in said or bool(_QUESTION_WORD.match(said))  # noqa: RUF001


def with_questions(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the number of every message that may answer, and the question before it, '' for none.

    A question that others answer is none of them.
    """
    question, n_after = "", 0
    for number, line in enumerate(lines):
        is_last = number + 1 == len(lines)
        if asks_something(line) and not is_last:
            question, n_after = line, 0
            continue
        n_after += 1
        yield number, question if n_after <= _MOST_ANSWERS else ""


def with_exchanges(pages: Sequence[str]) -> list[str]:
    """Return the pages of a chat with a message a line, and a new paragraph where a question is asked.

    Any other text stays as it is.
    """
    found = [_headed(page.split("\n")) for page in pages]
    n_lines = sum(bool(line.strip()) for lines in found for line in lines)
    n_messages = sum(bool(MESSAGE.match(line)) for lines in found for line in lines)
    if n_messages < _LEAST or n_messages < _SHARE * n_lines:
        return list(pages)
    return ["\n".join(_in_exchanges(_joined(lines))) for lines in found]


def _headed(lines: Sequence[str]) -> list[str]:
    """Return the lines with a name and a time above a message put before it."""
    heads = [_HEAD.fullmatch(line.strip()) for line in lines]
    if sum(map(bool, heads)) < _LEAST:
        return list(lines)
    result: list[str] = []
    waiting = ""
    for line, head in zip(lines, heads, strict=True):
        if head is not None:
            waiting = f"{head['who'].strip()} ({head['when'].strip('[]')}): "
        elif waiting and line.strip():
            result.append(waiting + line.strip())
            waiting = ""
        else:
            result.append(line)
    return [*result, waiting] if waiting else result


def _joined(lines: Sequence[str]) -> list[str]:
    """Return the lines with those that go on with a message behind it, so that each says who said it."""
    result: list[str] = []
    for line in lines:
        goes_on = (
            bool(result) and line.strip() and not line.startswith((" ", "\t", "`", "|", "#", ">", "-", "*"))
        )
        is_more = goes_on and not MESSAGE.match(line) and bool(MESSAGE.match(result[-1]))
        if is_more and len(result[-1]) + len(line) < _LONGEST_JOINED:
            result[-1] += f" {line.strip()}"
        else:
            result.append(line)
    return result


def _in_exchanges(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines, with an empty one where a question begins something new."""
    marked = [(line, bool(MESSAGE.match(line)) and asks_something(line)) for line in lines]
    is_first = True
    for is_question, run in groupby(marked, key=lambda mark: mark[1]):
        if is_question and not is_first:
            yield ""
        yield from (line for line, _ in run)
        is_first = False
