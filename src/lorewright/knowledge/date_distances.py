"""How far dates lie from a day that a question names: small models cannot tell by themselves."""

from datetime import date

from lorewright.knowledge.dates import dates_in

_MOST_DAYS, _DAYS_OF_A_YEAR = 400, 365.25
"""Up to so many days a distance is told in days, beyond in years."""


def named_day(text: str) -> date | None:
    """Return the one full date that a text names, `None` where it names none or several, or it is unclear."""
    days = days_in(text)
    return days.pop() if len(days) == 1 else None


def days_in(text: str) -> set[date]:
    """Return the full dates that a text names, without those that can be read in two ways."""
    return {day for found in dates_in(text) if not found.is_time and (day := _day_of(found.forms))}


def with_distances(text: str, day: date) -> str:
    """Return a text with the distance of a day behind each full date: `2025-03-04 (89 days ago)`."""
    parts, end = [], 0
    for found in sorted(dates_in(text), key=lambda found: found.start):
        its_day = None if found.is_time else _day_of(found.forms)
        if its_day is not None:
            parts += [text[end : found.end], f" ({_told((its_day - day).days)})"]
            end = found.end
    return "".join((*parts, text[end:]))


def _day_of(forms: frozenset[str]) -> date | None:
    """Return the day that a date names, `None` for a month, for 03/04/2027 and for 30 February."""
    try:
        return date.fromisoformat(next(iter(forms))) if len(forms) == 1 else None
    except ValueError:
        return None


def _told(n_days: int) -> str:
    if n_days == 0:
        return "that day"
    n_years = round(abs(n_days) / _DAYS_OF_A_YEAR)
    amount, unit = (abs(n_days), "day") if abs(n_days) <= _MOST_DAYS else (n_years, "year")
    told = f"{amount} {unit}{'s' if amount > 1 else ''}"
    return f"in {told}" if n_days > 0 else f"{told} ago"
