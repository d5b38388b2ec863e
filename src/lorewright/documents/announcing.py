"""Lines that are there for what comes below them: questions, and what a colon announces."""

import re

_COLON = re.compile(r"[:：][*_]*\Z")  # noqa: RUF001
_QUESTION = re.compile(r"[?？]['\"’”)\]*_]*\Z")  # noqa: RUF001


def announces(line: str) -> bool:
    """Tell whether the last line of a paragraph is there for what comes below it."""
    return ends_with_colon(line) or asks(line)


def ends_with_colon(line: str) -> bool:
    """Tell whether a line ends with a colon, marks of emphasis aside."""
    return bool(_COLON.search(line))


def asks(line: str) -> bool:
    """Tell whether a line is a question: it answers none."""
    return bool(_QUESTION.search(line))
