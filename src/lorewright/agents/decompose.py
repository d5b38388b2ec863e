"""A task cut into questions that one search each can answer, and what is to be done with their values."""

import re
from dataclasses import dataclass
from typing import Literal

Operation = Literal["none", "difference", "change", "sum", "mean", "ratio", "larger", "smaller", "days"]

_YEAR = r"(?:19|20)\d\d"
_QUESTIONS = re.compile(r"[^?]+\?")
_LISTED = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+)$", re.MULTILINE)
_CLAUSES = re.compile(
    r",?\s+(?:and|und|sowie)\s+"
    r"(?=(?:what|when|who|whom|how|which|where|why|does|is|are|was|wer|wie|wann|wo|welche[rs]?)\b)",
    re.IGNORECASE,
)
_ITEM = r"(?:the\s+)?[\w.&'’/-]+(?:\s+(?!and\b|or\b|und\b|oder\b|in\b|for\b|when\b)[\w.&'’/-]+){0,4}"  # noqa: RUF001
_PAIRS = (
    re.compile(
        rf"\b(?:in|for)\s+(?P<b>{_YEAR})\s+(?:from|compared (?:to|with)|over|vs\.?)\s+(?P<a>{_YEAR})\b"
    ),
    re.compile(rf"\b(?P<a>{_YEAR})\s*(?:and|or|to|vs\.?|versus|und|bis|oder)\s*(?P<b>{_YEAR})\b"),
    re.compile(rf"\b(?:between|zwischen)\s+(?P<a>{_ITEM}?)\s+(?:and|und)\s+(?P<b>{_ITEM})", re.IGNORECASE),
    re.compile(
        rf"\b(?:compare|vergleiche)\s+(?P<a>{_ITEM}?)\s+(?:and|with|to|und|mit)\s+(?P<b>{_ITEM})",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:^|[,:]\s*)(?P<a>{_ITEM}?)\s+(?:vs\.?|versus)\s+(?P<b>{_ITEM})", re.IGNORECASE),
    re.compile(rf",\s*(?P<a>{_ITEM}?)\s+(?:or|oder)\s+(?P<b>{_ITEM})(?=\s*\?)", re.IGNORECASE),
)
_OPERATION_PATTERNS: tuple[tuple[Operation, str], ...] = (
    ("days", r"\bhow many (?:work(?:ing)?\s?)?days (?:are there |lie |is it )?(?:between|from)\b"
             r"|\bwie viele (?:arbeits)?tage\b"),
    ("change", r"\b(?:percent(?:age)?|%)[- ](?:change|increase|decrease|growth|difference)"
               r"|\b(?:change|increase|decrease|growth|grow|grew)\b[^.?]*\b(?:percent|percentage|%)|\bprozentual"),
    ("mean", r"\b(?:average|mean|durchschnitt\w*)\b"),
    ("ratio", r"\b(?:ratio|proportion|how many times|verhältnis)\b"),
    ("difference", r"\b(?:change|increase|decrease|rise|fall) (?:in|of)\b"),
    ("sum", r"\b(?:total|sum|combined|altogether|together|insgesamt|summe|zusammen)\b"),
    ("difference", r"\b(?:difference|differ|how much (?:more|less|higher|lower|longer|shorter)|how many more"
                   r"|change in|increase in|decrease in|unterschied|differenz)\b"),
    ("larger", r"\b(?:which|what|who|welche[rs]?)\b[^?]*\b(?:more|higher|larger|greater|longer|most|highest"
               r"|largest|longest|größer|höher|länger|mehr)\b"),
    ("smaller", r"\b(?:which|what|who|welche[rs]?)\b[^?]*\b(?:less|lower|smaller|fewer|shorter|least|lowest"
                r"|smallest|shortest|kleiner|niedriger|kürzer|weniger)\b"),
)  # fmt: skip
_OPERATIONS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _OPERATION_PATTERNS)
_OPERATION_WORDS = re.compile(
    r"\b(?:what (?:is|was|are|were)|how much (?:more|less|higher|lower|longer|shorter)"
    r"|calculate|compute|compare"
    r"|the (?:percentage |percent )?"
    r"(?:difference|change|increase|decrease|growth|average|mean|ratio|sum|total) (?:in|of|for)?"
    r"|(?:which|what) (?:is|was|were|are) (?:higher|lower|larger|smaller|greater|longer|shorter)"
    r"|higher|lower|larger|smaller|greater"
    r"|difference|between|average|combined|together)\b",
    re.IGNORECASE,
)
_LOOSE_ENDS = re.compile(r"^(?:of|in|for|from|to)\s+|(?:^|\s+)(?:of|in|for|from|to|by)$", re.IGNORECASE)
MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a task; `item` is what tells it from its sister, such as a year."""

    question: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Decomposed:
    """The parts of a task, and what is done with the values that are found for them."""

    parts: tuple[Part, ...]
    operation: Operation = "none"


def decompose(task: str) -> Decomposed:
    """Return the parts of a task by its form: lists, several questions, two things side by side.

    A task that has no such form is one part. Nothing is asked of a model.
    """
    listed = [match.strip() for match in _LISTED.findall(task)]
    questions = [match.strip() for match in _QUESTIONS.findall(task)]
    if len(listed) > 1:
        return Decomposed(tuple(Part(text) for text in listed[:MOST_PARTS]))
    if len(questions) > 1:
        return Decomposed(tuple(Part(text) for text in questions[:MOST_PARTS]))
    operation = operation_of(task)
    pair = _pair(task)
    if pair is not None:
        return Decomposed(pair, operation)
    clauses = [clause.strip(" ,") for clause in _CLAUSES.split(task) if clause.strip(" ,")]
    if len(clauses) > 1:
        return Decomposed(tuple(Part(f"{clause.rstrip('?')}?") for clause in clauses[:MOST_PARTS]))
    return Decomposed((Part(task.strip()),), "none")


def operation_of(task: str) -> Operation:
    """Return what a task wants done with values."""
    return next((name for name, pattern in _OPERATIONS if pattern.search(task)), "none")


def _pair(task: str) -> tuple[Part, ...] | None:
    """Return the two questions that a task about two things side by side comes to."""
    for pattern in _PAIRS:
        match = pattern.search(task)
        if match is None:
            continue
        items = [match["a"].strip(), match["b"].strip(" ?.,")]
        rest = f"{task[: match.start()]} {task[match.end() :]}"
        about = " ".join(_OPERATION_WORDS.sub(" ", rest).split()).strip(" ?.,:")
        about = _LOOSE_ENDS.sub("", about)
        return tuple(Part(" ".join(f"{about} {item}".split()), item) for item in items)
    return None
