"""What kind of thing a short answer is: a date, an amount, a name."""

import re
from typing import Literal

from lorewright.evaluation.suggested.english_words import DATE, MONEY

ValueKind = Literal["date", "money", "number", "name", "text"]
_DATE = re.compile(
    rf"(?:{DATE}|\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}|\d{{1,2}}\.? ?[^\W\d_]{{3,9}}\.? \d{{4}}"
    rf"|\d{{1,2}}/\d{{1,2}}/\d{{2,4}})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-−+]?\d[\d.,' ]*(?: ?[%°]|(?: [^\W\d_]+){0,2})")  # noqa: RUF001
_ONE = re.compile(r"[-−+]?\d[\d,' ]*(?:\.\d+)?")  # noqa: RUF001
_NAME = re.compile(r"(?:Dr\.? |Prof\.? )?[^\W\d_][\w'’.-]+(?: (?:de |van |von )?[^\W\d_][\w'’.-]*){1,3}")  # noqa: RUF001


def kind_of(value: str) -> ValueKind:
    """Return what kind of thing a value is."""
    if _DATE.fullmatch(value):
        return "date"
    if re.fullmatch(rf"{MONEY}(?: .{{0,20}})?", value, re.IGNORECASE):
        return "money"
    if _NUMBER.fullmatch(value):
        return "number"
    words = value.split()
    if _NAME.fullmatch(value) and all(word[0].isupper() for word in words if len(word) > 3):
        return "name"
    return "text"


def amount_of(value: str) -> tuple[float, str] | None:
    """Return the one number of a value and what stands around it; None where there is not exactly one."""
    found = list(_ONE.finditer(value))
    if len(found) != 1:
        return None
    [match] = found
    digits = re.sub(r"[,' ]", "", match[0]).replace("−", "-")  # noqa: RUF001
    return float(digits), (value[: match.start()] + value[match.end() :]).strip().lower()


def day_of(value: str) -> str | None:
    """Return an ISO date as it is: those alone are put in order; None for anything else."""
    return value if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None
