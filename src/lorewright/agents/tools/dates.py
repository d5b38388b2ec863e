"""Calendar arithmetic."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from lorewright.agents.tool import AgentTool, tool_from
from lorewright.errors import BadParameter

Unit = Literal["days", "weeks", "months", "years", "workdays"]


def date_tools(today: Callable[[], date] = date.today) -> list[AgentTool]:
    """Return the tools that know the calendar."""

    def current_date() -> str:
        """Return today's date and weekday."""
        return _told(today())

    return [
        tool_from(current_date, is_source=True),
        tool_from(days_between, is_source=True),
        tool_from(add_to_date, is_source=True),
    ]


def days_between(first: str, last: str) -> str:
    """Count the days, and the working days from Monday to Friday, from one date to another.

    Args:
        first: A date as YYYY-MM-DD.
        last: A date as YYYY-MM-DD.
    """
    start, end = _date(first, "first"), _date(last, "last")
    step = 1 if end >= start else -1
    n_days = (end - start).days
    if abs(n_days) > 100_000:
        raise BadParameter("last", "The dates are more than 270 years apart.")
    n_work = sum((start + timedelta(days=place * step)).weekday() < 5 for place in range(abs(n_days)))
    return f"From {_told(start)} to {_told(end)}: {n_days} days, {n_work * step} working days."


def add_to_date(start: str, amount: int, unit: Unit = "days") -> str:
    """Return the date that is so many days, weeks, months, years or workdays after another one.

    Args:
        start: A date as YYYY-MM-DD.
        amount: How many; negative for earlier dates.
        unit: days, weeks, months, years, or workdays (Monday to Friday).
    """
    begun = _date(start, "start")
    if abs(amount) > 100_000:
        raise BadParameter("amount", f"amount is {amount}; it must be between -100000 and 100000.")
    try:
        return f"{begun.isoformat()} and {amount} {unit}: {_told(_moved(begun, amount, unit))}"
    except (OverflowError, ValueError) as error:
        raise BadParameter("amount", "The date lies outside of the calendar.") from error


def _moved(begun: date, amount: int, unit: Unit) -> date:
    if unit in ("days", "weeks"):
        return begun + timedelta(days=amount * (7 if unit == "weeks" else 1))
    if unit == "workdays":
        moved, left = begun, abs(amount)
        while left:
            moved += timedelta(days=1 if amount > 0 else -1)
            left -= moved.weekday() < 5
        return moved
    n_months = begun.month - 1 + amount * (12 if unit == "years" else 1)
    year, month = begun.year + n_months // 12, n_months % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(begun.day, last))


def _date(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise BadParameter(name, f"{name} is {text[:40]!r}; write a date as YYYY-MM-DD.") from error


def _told(day: date) -> str:
    return f"{day.isoformat()} ({day:%A})"
