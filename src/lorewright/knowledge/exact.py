"""Exact values of a text: numbers, money, dates, versions and identifiers, however they are written.

One type for all of them, so that what an answer says and what a document says are compared in one
way wherever they are: when an answer is checked, cited, and scored against a target.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from lorewright.knowledge.dates import dates_in
from lorewright.knowledge.language import language_in
from lorewright.knowledge.number_words import spelled_numbers
from lorewright.knowledge.patterns import pattern
from lorewright.knowledge.units import Unit, agree, unit_after, unit_before

ANY_LANGUAGE = "any"

Kind = Literal["date", "time", "number", "version", "identifier"]

_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_MARKER = pattern(r"\[\d+\](?!\()")
_LIST_NUMBER = pattern(
    r"^[ \t]*(?:[-*>#]+[ \t]*)?(?:\*\*)?\(?(\d{1,3})[.)、](?:\*\*)?(?=\s)"
    r"|(?<=\s)\(?(\d{1,2})(?:\)(?=\s)|\.(?=\s+(?:\*\*)?[^\W\d_a-z]))",
    re.MULTILINE,
)
_STEP = pattern(
    r"^[ \t]*(?:[-*#]+[ \t]*)?(?:\*\*)?"
    r"(?:step|schritt|étape|paso|passo|passaggio|stap|шаг|步骤|bước)[ \t]*\d{1,3}[.):]",
    re.MULTILINE | re.IGNORECASE,
)
_NUMBER = pattern(
    rf"(?<![^\W{_CJK}])(?<![.,]\d)(?<![\d][.,])[vV]?"
    r"(?P<digits>\d{1,3}(?:[ \xa0\u202f'’]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    rf"(?P<ordinal>(?:st|nd|rd|th|er|ème|º|ª)\b)?"
)
_SCALES: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(
        ("thousand", "tausend", "mille", "mil", "duizend", "тысяча", "тысячи", "тысяч", "тыс", "k", "千"),
        (3,),
    ),
    **dict.fromkeys(("ألف", "nghìn"), (3,)),
    **dict.fromkeys(("万",), (4,)),
    **dict.fromkeys(("億", "亿"), (8,)),
    **dict.fromkeys(
        (
            *(
                "million",
                "millions",
                "millionen",
                "mio",
                "millón",
                "millones",
                "milhão",
                "milhões",
                "milione",
            ),
            *("milioni", "miljoen", "млн", "миллион", "миллиона", "миллионов", "m", "百万", "مليون", "triệu"),
        ),
        (6,),
    ),
    **dict.fromkeys(
        (
            *("milliarde", "milliarden", "milliard", "milliards", "miliardi", "miljard", "mrd", "bn"),
            *("млрд", "миллиард", "миллиарда", "миллиардов", "مليار", "tỷ"),
        ),
        (9,),
    ),
    **dict.fromkeys(("billion", "billions", "billionen"), (9, 12)),
    **dict.fromkeys(("trillion", "trillions", "trillionen"), (12, 18)),
}
_SCALE = pattern(
    rf"[ \xa0-]?(?P<word>{'|'.join(sorted(_SCALES, key=len, reverse=True))})\.?(?![^\W{_CJK}])", re.IGNORECASE
)
_ABOUT = pattern(
    r"(?:about|around|approximately|approx\.?|roughly|nearly|almost|some|over|more than|etwa|rund|circa|"
    r"ca\.?|ungefähr|knapp|gut|über|fast|environ|près de|presque|plus de|unos|unas|cerca de|casi|"
    r"alrededor de|más de|"
    r"quasi|oltre|più di|quase|mais de|ongeveer|bijna|ruim|около|почти|примерно|более|约|大约|近|超过|約|حوالي|"
    r"نحو|تقريبا|khoảng|gần|hơn|~|≈)[ \xa0]?(?:a |an )?[$€£¥]?$",
    re.IGNORECASE,
)
_IDENTIFIER = pattern(
    rf"(?<![^\W{_CJK}])(?=[\w\-/.]*\d)(?=[\w\-/.]*[A-Za-z])[A-Za-z0-9_]+(?:[-/.][A-Za-z0-9_]+)*(?![^\W{_CJK}])"
)
_ARABIC_DIGITS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９٫٬", "012345678901234567890123456789.,"
)


@dataclass(frozen=True, slots=True)
class Exact:
    """A value that is right or wrong to the letter, and where it stands.

    `values` are the ways to read it, as 1249.5, 2027-03-05, 14:30, 18.0.69 or e4711: 1.249 is 1249
    in one notation and 1.249 in another. `units` are what it may count. `precision` is the power of
    ten of its last digit; `is_rounded` where it says itself that it is ("about", "1.2 million").
    """

    kind: Kind
    text: str
    start: int
    end: int
    values: frozenset[str]
    units: frozenset[Unit] = frozenset()
    precision: int = 0
    is_rounded: bool = False
    is_spelled: bool = False
    is_sure: bool = True

    @property
    def converted(self) -> frozenset[str]:
        """The values in the base of every unit: two hours and 120 minutes have one in common."""
        if self.kind != "number":
            return frozenset()
        return frozenset(
            f"{float(value) * unit.factor:.9g} {unit.dimension}"
            for unit in self.units
            for value in self.values
            if re.fullmatch(r"\d+(?:\.\d+)?", value)
        )


@lru_cache(maxsize=4096)  # the same chunks and targets are compared with many answers
def exact_values(text: str, language: str = "") -> tuple[Exact, ...]:
    """Return the exact values of a text in order; numbers that only count list items are none.

    `language` is that of the text where it is too short to tell; with `ANY_LANGUAGE` the words of
    every language are numbers, which is right for what may support something.
    """
    left = _without_list_numbers(_blanked(text.translate(_ARABIC_DIGITS), _MARKER, _STEP))
    values: list[Exact] = []
    for find in (_dates, _numbers_and_codes):
        for exact in find(left):
            values.append(exact)
            left = left[: exact.start] + " " * (exact.end - exact.start) + left[exact.end :]
    known_language = "" if language == ANY_LANGUAGE else language_in(text) or language
    values += _spelled(left, known_language)
    return tuple(sorted(values, key=lambda exact: exact.start))


def same(stated: Exact, held: Exact) -> bool:
    """Return whether a value that is said is the one that is held: its unit too, where both have one."""
    if stated.values & held.values and agree(stated.units, held.units):
        return True
    if stated.converted & held.converted:
        return True
    kinds = {stated.kind, held.kind}
    if kinds == {"number", "version"}:  # 3.10 is a version, unless the other side says that it is a number
        return bool(_numeric(stated) & _numeric(held)) and agree(stated.units, held.units)
    return stated.is_rounded and kinds <= {"number", "version"} and _is_rounding(stated, held)


def is_other_unit(stated: Exact, held: Exact) -> bool:
    """Return whether both are the same number of different things: 5 days and 5 weeks."""
    return bool(stated.values & held.values) and not agree(stated.units, held.units)


def joined(code: str) -> str:
    """Return an identifier without what people write between its letters and digits, in lower case."""
    return re.sub(r"[-_/\s\xa0]", "", code).lower()


def _numeric(exact: Exact) -> frozenset[str]:
    return frozenset(
        _plain(Decimal(value)) for value in exact.values if re.fullmatch(r"\d+(?:\.\d+)?", value)
    )


def _is_rounding(stated: Exact, held: Exact) -> bool:
    if not agree(stated.units, held.units):
        return False
    step = Decimal(1).scaleb(stated.precision)
    for value in _numeric(held):
        rounded = (Decimal(value) / step).to_integral_value() * step
        cut = (Decimal(value) // step) * step
        if stated.values & {_plain(rounded), _plain(cut)}:
            return True
    return False


def _blanked(text: str, *patterns: re.Pattern[str]) -> str:
    for each in patterns:
        text = each.sub(lambda match: " " * len(match.group()), text)
    return text


def _without_list_numbers(text: str) -> str:
    """Blank the numbers at the start of lines, or before brackets, that count 1, 2, 3."""
    matches = list(_LIST_NUMBER.finditer(text))
    numbers = [int(one[1] or one[2]) for one in matches]
    for one, number in zip(matches, numbers, strict=True):
        if number == 1 or number - 1 in numbers:
            text = text[: one.start()] + " " * (one.end() - one.start()) + text[one.end() :]
    return text


def _dates(text: str) -> Iterator[Exact]:
    for date in dates_in(text):
        kind: Kind = "time" if date.is_time else "date"
        text_of_date = text[date.start : date.end].strip()
        yield Exact(kind, text_of_date.rstrip("."), date.start, date.end, date.forms)


def _numbers_and_codes(text: str) -> Iterator[Exact]:
    is_used = [False] * len(text)
    for match in _IDENTIFIER.finditer(text):
        code = match.group()
        if _is_code(text, match):
            is_used[match.start() : match.end()] = [True] * len(code)
            values = {joined(code), code.lower()}
            yield Exact("identifier", code, match.start(), match.end(), frozenset(values))
    for match in _NUMBER.finditer(text):
        if not any(is_used[match.start() : match.end()]):
            yield _number(text, match)


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Return whether letters and digits together are a code, not a number with its unit or ordinal."""
    code = match.group()
    amount = re.fullmatch(r"[vV]?\d+(?:[.,]\d+)*", code)
    if amount or re.fullmatch(r"\d+(?:st|nd|rd|th|er|ème|s|k|m|bn)", code, re.IGNORECASE):
        return False
    leading = re.match(r"\d+(?:[.,]\d+)*", code)
    if leading and not re.search(r"\d", code[leading.end() :]):
        rest = text[match.start() + leading.end() :]
        if unit_after(rest, 0)[0] or re.match(r"-[^\W\d_]", rest):
            return False  # 5kg, 28-day
    return not re.fullmatch(r"\d+[-/]\d+", code)


def _number(text: str, match: re.Match[str]) -> Exact:
    start, end = match.span()
    digits = match["digits"]
    units, start = unit_before(text, match.start())
    values, is_bare = _readings(digits)
    decimals = (
        len(digits) - 1 - max(digits.rfind("."), digits.rfind(",")) if "." in digits or "," in digits else 0
    )
    precision = -decimals if not _is_grouped(digits) else 0
    is_rounded = bool(_ABOUT.search(text, max(0, start - 24), start))
    scale = _SCALE.match(text, end)
    if scale and (units or scale["word"].lower() != "m"):  # 5 m are metres, $5 m are not
        powers = _SCALES[scale["word"].lower()]
        values = frozenset(
            _plain(Decimal(value).scaleb(power)) for value in _decimal(values) for power in powers
        )
        precision, is_rounded, is_bare, end = powers[0] + precision, True, False, scale.end()
    if not units:
        units, end = unit_after(text, end)
    if units and is_bare:
        values, is_bare = values | {_plain(Decimal(value)) for value in _decimal(values)}, False
    if match["ordinal"]:
        values = values | {f"#{value}" for value in values}  # the 31st is a day of 31 March
    if digits.endswith(".0"):
        values = values | {digits[:-2]}
    if precision == 0 and is_rounded and not is_bare:
        precision = len(digits) - len(digits.rstrip("0"))
    kind: Kind = "version" if is_bare else "number"
    return Exact(kind, text[start:end].strip(), start, end, values, units, precision, is_rounded)


def _decimal(values: Iterable[str]) -> list[str]:
    return [value for value in values if re.fullmatch(r"\d+(?:\.\d+)?", value)]


def _is_grouped(digits: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits))


def _readings(digits: str) -> tuple[frozenset[str], bool]:
    """Return the ways to read digits with points and commas, and whether they may be a version."""
    plain = re.sub(r"[ \xa0\u202f'’]", "", digits)
    signs = re.findall(r"[.,]", plain)
    if not signs:
        return frozenset({plain.lstrip("0") or "0"}), False
    if len(set(signs)) == 2:
        last = max(plain.rfind("."), plain.rfind(","))
        whole, part = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
        return frozenset({_plain(Decimal(f"{whole}.{part}"))}), False
    whole = re.sub(r"[.,]", "", plain)
    if len(signs) > 1:
        grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain)
        values = {plain.replace(",", ".")} if signs[0] == "." else set()
        return frozenset(values | ({whole} if grouped or signs[0] == "," else set())), not grouped
    as_decimal = plain.replace(",", ".")
    values = {whole.lstrip("0")} if _is_grouped(plain) and not plain.startswith("0") else set()
    if signs[0] == ",":
        return frozenset(values | {_plain(Decimal(as_decimal))}), False
    return frozenset(values | {as_decimal}), not plain.startswith("0.")


def _spelled(text: str, language: str) -> Iterator[Exact]:
    used_up_to = 0
    for spelled in spelled_numbers(text, language):
        if spelled.start < used_up_to:
            continue  # the hundred of "pour cent"
        value, end, is_rounded, precision = Decimal(spelled.value), spelled.end, False, 0
        scale = _SCALE.match(text, end)
        if scale and scale["word"] not in ("m", "k", "M", "K"):
            power = _SCALES[scale["word"].lower()][0]
            value, end, is_rounded, precision = value.scaleb(power), scale.end(), True, power
        units, used_up_to = unit_after(text, end)
        end = used_up_to
        yield Exact(
            *("number", text[spelled.start : end], spelled.start, end),
            values=frozenset({_plain(value)}),
            units=units,
            precision=precision,
            is_rounded=is_rounded,
            is_spelled=True,
            is_sure=spelled.is_sure or bool(units),
        )


def _plain(value: Decimal) -> str:
    """Return a number without an exponent or zeros behind its point."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
