"""Dates, weekdays and times of day in a dozen languages, each in one form however it is written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lorewright.knowledge.patterns import pattern

_MONTH_NAMES = (
    "january jan januar jänner janvier enero gennaio januari janeiro января январь يناير",
    "february feb februar février febrero febbraio februari fevereiro февраля февраль فبراير",
    "march mar märz mars marzo maart março марта март مارس",
    "april apr avril abril aprile апреля апрель أبريل إبريل",
    "may mai mayo maggio mei maio мая май مايو",
    "june jun juni juin junio giugno junho июня июнь يونيو",
    "july jul juli juillet julio luglio julho июля июль يوليو",
    "august aug août agosto augustus августа август أغسطس",
    "september sep sept septembre septiembre settembre setembro сентября сентябрь سبتمبر",
    "october oct oktober octobre octubre ottobre outubro октября октябрь أكتوبر",
    "november nov novembre noviembre novembro ноября ноябрь نوفمبر",
    "december dec dezember décembre diciembre dicembre dezembro декабря декабрь ديسمبر",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_WEEKDAY_NAMES = (
    "monday montag lundi lunes lunedì segunda-feira maandag понедельник понедельника 星期一 周一 月曜日 الاثنين",
    "tuesday dienstag mardi martes martedì terça-feira dinsdag вторник вторника 星期二 周二 火曜日 الثلاثاء",
    "wednesday mittwoch mercredi miércoles mercoledì quarta-feira woensdag среда среду 星期三 周三 水曜日 الأربعاء",
    "thursday donnerstag jeudi jueves giovedì quinta-feira donderdag четверг четверга 星期四 周四 木曜日 الخميس",
    "friday freitag vendredi viernes venerdì sexta-feira vrijdag пятница пятницу 星期五 周五 金曜日 الجمعة",
    "saturday samstag sonnabend samedi sábado sabato zaterdag суббота субботу 星期六 周六 土曜日 السبت",
    "sunday sonntag dimanche domingo domenica zondag воскресенье 星期日 星期天 周日 日曜日 الأحد",
)
_WEEKDAYS = {name: day for day, names in enumerate(_WEEKDAY_NAMES, start=1) for name in names.split()}
DAYS_AND_MONTHS = frozenset((*_WEEKDAYS, *_MONTHS))
"""The names of weekdays and months, in lower case."""
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_OPEN, _CLOSE = rf"(?<![^\W{_CJK}])", rf"(?![^\W{_CJK}])"  # borders of a word; none of theirs has any
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|e|\.|º|ª|°|-?го)?"
_YEAR = r"(?P<year>[12]\d{3})"
_OF = r"(?:of\s+|de\s+|del\s+|di\s+)?"
_DATES = [
    pattern(source, re.IGNORECASE)
    for source in (
        r"(?<!\d)(?P<year>[12]\d{3})\s?年\s?(?P<month>[01]?\d)\s?月(?:\s?(?P<day>[0-3]?\d)\s?[日号])?",
        r"(?<!\d)(?P<month>[01]?\d)\s?月\s?(?P<day>[0-3]?\d)\s?[日号]",
        rf"{_OPEN}(?:ngày\s+)?(?P<day>[0-3]?\d)\s+tháng\s+(?P<month>[01]?\d)(?:\s+năm\s+(?P<year>[12]\d{{3}}))?",
        rf"{_OPEN}tháng\s+(?P<month>[01]?\d)\s+năm\s+(?P<year>[12]\d{{3}})",
        rf"{_OPEN}(?P<year>[12]\d{{3}})[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?:T[\d:.]+Z?)?{_CLOSE}",
        rf"{_OPEN}{_DAY}\s+{_OF}{_MONTH}\s*,?\s+{_OF}{_YEAR}{_CLOSE}",
        rf"{_OPEN}{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}{_CLOSE}",
        rf"{_OPEN}{_YEAR}\s+{_MONTH}\s+{_DAY}{_CLOSE}",
        rf"{_OPEN}(?P<day>[0-3]?\d)\.\s?(?P<month>[01]?\d)\.\s?(?P<year>[12]\d{{3}}){_CLOSE}",
        rf"{_OPEN}(?P<first>[0-3]?\d)[/-](?P<second>[0-3]?\d)[/-](?P<year>[12]\d{{3}}){_CLOSE}",
        rf"(?<!\w){_MONTH}\s*,?\s+{_OF}{_YEAR}{_CLOSE}",
        rf"{_OPEN}{_DAY}\s+{_OF}{_MONTH}(?!\w)",
        rf"(?<!\w){_MONTH}\s+(?:the\s+)?{_DAY}(?!\w)",
        rf"{_OPEN}(?P<year>[12]\d{{3}})-(?P<month>[01]\d){_CLOSE}",
    )
]
_WEEKDAY = pattern(
    r"(?<![^\W\u3040-\u9fff])(?:"
    + "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
    + r")s?(?![^\W\u3040-\u9fff])",
    re.IGNORECASE,
)
_TIME = pattern(
    r"(?<![\w.,:])(?P<hour>[0-2]?\d)(?:(?P<sign>[:.h])(?P<minute>[0-5]\d))?"
    r"\s?(?P<half>[ap]\.?m\b\.?)?(?P<clock>Uhr\b)?(?![\w:]|[.,]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date, weekday or time of day and the ways to read it: 2027-03-05, --03-05, Sat, 14:30."""

    start: int
    end: int
    forms: frozenset[str]
    is_time: bool = False


def dates_in(text: str) -> Iterator[DateFound]:
    """Yield the dates, weekdays and times of a text; what can be read in two ways has two forms."""
    is_used = [False] * len(text)
    for date in _all(text):
        if not any(is_used[date.start : date.end]):
            is_used[date.start : date.end] = [True] * (date.end - date.start)
            yield date


def parts_of_date(form: str) -> set[str]:
    """Return what a full date also states: its year, its month, its day of the year."""
    year, _, rest = form.partition("-")
    parts = {form, year, form[:7], "--" + rest} if year and rest else {form}
    return parts | ({f"#{int(form[-2:])}"} if rest.count("-") + bool(year) == 2 or not year else set())


def _all(text: str) -> Iterator[DateFound]:
    for date in _DATES:
        for match in date.finditer(text):
            forms = _date_forms(match.groupdict())
            if forms and not match.group().startswith("may "):  # the verb
                yield DateFound(match.start(), match.end(), forms)
    for match in _WEEKDAY.finditer(text):
        name = match.group().lower()
        day = _WEEKDAYS.get(name) or _WEEKDAYS.get(name.removesuffix("s"))
        if day:
            yield DateFound(match.start(), match.end(), frozenset({f"weekday {day}"}))
    for match in _TIME.finditer(text):
        form = _time_form(match)
        if form:
            bare = (
                {match["hour"].lstrip("0") or "0"} if not match["minute"] else set()
            )  # "from 8 to 16:30 Uhr"
            yield DateFound(match.start(), match.end(), frozenset({form} | bare), is_time=True)


def _date_forms(parts: dict[str, str | None]) -> frozenset[str]:
    """Return the readings of a date; 03/04/2027 has two."""
    year = parts.get("year") or "-"
    if parts.get("first"):
        pairs = [(parts["first"], parts["second"]), (parts["second"], parts["first"])]
    else:
        pairs = [(parts["month"], parts.get("day"))]
    forms = set()
    for month_text, day in pairs:
        month = _MONTHS.get((month_text or "").lower()) or int(month_text or 0)
        if 1 <= month <= 12 and (day is None or 1 <= int(day) <= 31):
            forms.add(f"{year}-{month:02}" + (f"-{int(day):02}" if day else ""))
    return frozenset(forms)


def _time_form(match: re.Match[str]) -> str:
    """Return a time of day as 14:30; '' for what is only a number."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    is_marked = bool(match["half"] or match["clock"])
    if not is_marked and match["sign"] != ":" and match["sign"] not in ("h", "H"):
        return ""
    if match["half"]:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return f"{hour:02}:{minute:02}" if hour < 25 else ""
