"""Numbers as documents write them: signs of money, thousands, units, millions, decimal commas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lorewright.knowledge.words import STOP_WORDS, stem

_DIGITS = r"\d{1,3}(?:[,.'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"  # noqa: RUF001
_MONEY = r"(?:US\$|[$€£¥]|(?:USD|EUR|GBP|CHF|Rs\.?)(?=[\s\d]))"
_SCALE = r"(?:thousands?|millions?|billions?|mn|bn|tsd\.?|mio\.?|mrd\.?|tausend|millionen|milliarden)"
_CELL = re.compile(
    rf"^\W{{0,2}}?(?P<minus>[-−(])?\s*(?P<money>{_MONEY})?\s*(?P<inner>[-−(])?\s*(?P<digits>{_DIGITS})\s*"  # noqa: RUF001
    r"(?P<rest>[^\d]{0,24}?)\s*\)?\s*(?:\(\d\)|\*+)?$"
)
_IN_TEXT = re.compile(
    rf"(?<![\w.,/-])(?P<minus>[-−](?=[$€£\d]))?(?P<money>{_MONEY})?\s?(?P<digits>{_DIGITS})(?![\w/]|[.,:-]\d)"  # noqa: RUF001
    rf"(?:[\s\u00a0-]?(?P<scale>{_SCALE}|[mk](?![^\W_]))\b\.?)?(?:[\s\u00a0-]?(?P<unit>%|[°µ]?[^\W\d_]{{1,14}}))?",
    re.IGNORECASE,
)
_COMMA_DECIMAL = re.compile(r"\d,\d{1,2}(?![\d,])|\d\.\d{3},\d")
_POINT_DECIMAL = re.compile(r"(?<![\d.,])\d+\.\d{1,2}(?![\d.])|\d,\d{3}(?!\d)")
_UNITS = {
    "€": "€ eur euro", "$": "$ us$ usd dollar", "£": "£ gbp", "¥": "¥ yen", "%": "% percent prozent pct",
}  # fmt: skip
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in names.split()}
_BEFORE = frozenset("$£¥")
_SCALES = {
    "thousand": (Decimal(10) ** 3, "thousand tsd tausend k"),
    "million": (Decimal(10) ** 6, "million mn mio millionen m"),
    "billion": (Decimal(10) ** 9, "billion bn mrd milliarden"),
}
_SCALE_OF = {name: scale for scale, (_, names) in _SCALES.items() for name in names.split()}
_METRE = "m"
"""Behind money it is a million."""
_IN_SCALE = re.compile(
    rf"\bin\s+(?:{_MONEY}\s*)?(?P<scale>{_SCALE})\b|[$€£]\s?(?P<short>mn?|bn|k)\b", re.IGNORECASE
)
_NO_UNIT = STOP_WORDS | frozenset("und oder in im am von für bis pro per each".split())  # noqa: SIM905
_YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit ("€", "%", "W", ""), its scale ("million", ""), and how it was written."""

    value: Decimal
    unit: str
    scale: str
    written: str

    @property
    def is_year(self) -> bool:
        """Whether it may be a year: 1900 to 2099, and nothing beside it."""
        return not self.unit and bool(_YEAR.match(self.written))


def number_in_cell(cell: str, *, has_comma: bool = False) -> Number | None:
    """Return the number that a cell holds, `None` where it holds anything else."""
    text = cell.strip().strip("*_ ")
    match = _CELL.match(text)
    if match is None:
        return None
    words = match["rest"].replace(")", " ").split()
    if len(words) > 3:
        return None
    is_apart = match.end("digits") < match.start("rest")
    scales = [word for word in words if _name(word) in _SCALE_OF]
    if scales and scales[0] == _METRE and is_apart and not match["money"]:
        scales = []
    scale = next((_SCALE_OF[_name(word)] for word in scales), "")
    units = [word for word in words if word not in scales]
    unit = _unit(match["money"] or " ".join(units))
    is_negative = bool(match["minus"] or match["inner"])
    value = _value(match["digits"], has_comma=has_comma)
    return Number(-value if is_negative else value, unit, scale, text)


def numbers_in_text(text: str) -> Iterator[tuple[int, Number]]:
    """Yield the numbers of a sentence with their places; dates are to be left out by whoever asks."""
    has_comma = has_decimal_comma(text)
    for match in _IN_TEXT.finditer(text):
        value = _value(match["digits"], has_comma=has_comma)
        unit = _unit(match["money"] or _fit_unit(match["unit"]))
        scale = _SCALE_OF.get(_name(match["scale"] or ""), "")
        end = match.end() if unit and match["unit"] and not match["money"] else match.end("scale")
        if match["scale"] == _METRE and not match["money"]:
            unit, scale, end = _METRE, "", match.end("scale")
        written = text[match.start() : max(end, match.end("digits"))].strip()
        yield match.start(), Number(-value if match["minus"] else value, unit, scale, written)


def has_decimal_comma(text: str) -> bool:
    """Return whether a text writes 1.250,50 for what others write 1,250.50."""
    return len(_COMMA_DECIMAL.findall(text)) > len(_POINT_DECIMAL.findall(text))


def scale_of(text: str) -> str:
    """Return what a table's head says of its numbers, such as "in millions"; '' where it says nothing."""
    match = _IN_SCALE.search(text)
    return _SCALE_OF.get(_name(match["scale"] or match["short"]), "") if match else ""


def unit_of(words: str) -> str:
    """Return the money or percent that a column's name stands for, such as "price_eur"; '' for others."""
    names = re.findall(r"%|[$€£]|[^\W_\d]+", words)
    return next((_UNIT_OF[name] for word in names if (name := _name(word)) in _UNIT_OF), "")


def factor_of(scale: str) -> Decimal:
    """Return what a number of a scale is multiplied by: a million, say."""
    return _SCALES[scale][0] if scale else Decimal(1)


def with_unit(text: str, unit: str, scale: str = "") -> str:
    """Return a number as people write it with its unit: $1.2 million, 1.2 million €, 450 W."""
    if unit in _BEFORE:
        return f"{'-' if text.startswith('-') else ''}{unit}{text.removeprefix('-')} {scale}".strip()
    return " ".join(part for part in (text, scale, unit) if part)


def _fit_unit(word: str | None) -> str:
    return "" if word is None or word.lower() in _NO_UNIT else word


def _unit(text: str) -> str:
    plain = " ".join(text.split()).strip("().,;:")
    return _UNIT_OF.get(_name(plain), plain)


def _name(word: str) -> str:
    return stem(word.strip("().,;:"))


def _value(digits: str, *, has_comma: bool) -> Decimal:
    """Return the value of digits with points and commas; their form tells which divides thousands."""
    plain = re.sub(r"['’\u00a0\u202f]", "", digits)  # noqa: RUF001
    if "," in plain and "." in plain:
        decimal = max(",.", key=plain.rfind)
    elif "," in plain:
        is_grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", plain) is not None
        decimal = "." if is_grouped and not (has_comma and plain.count(",") == 1) else ","
    else:
        is_grouped = plain.count(".") > 1 or (
            has_comma and re.fullmatch(r"\d{1,3}\.\d{3}", plain) is not None
        )
        decimal = "," if is_grouped else "."
    thousands = "," if decimal == "." else "."
    return Decimal(plain.replace(thousands, "").replace(decimal, "."))
