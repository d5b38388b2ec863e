"""How much a key or a user may use."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much may be used; 0 sets no limit.

    Requests and tokens count in any 60 seconds, money (US dollars) in a calendar month, in UTC.
    """

    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    usd_per_month: float = 0.0

    @property
    def is_any(self) -> bool:
        """Whether there is a limit at all."""
        return self != Limits()

    def to_json(self) -> dict[str, Any]:
        """Return the limits as JSON values."""
        return asdict(self)


def limits_from(body: Mapping[str, Any] | None) -> Limits:
    """Return the limits that `to_json` wrote; none where there was nothing."""
    return Limits(**(body or {}))


def render_span(seconds: float) -> str:
    """Return a span of time as OpenAI's headers write it, such as `6m0s`, `1.5s` or `20ms`."""
    if seconds < 1:
        return f"{max(0, round(seconds * 1000))}ms"
    minutes, rest = divmod(round(seconds, 3), 60)
    hours, minutes = divmod(int(minutes), 60)
    whole = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{whole}{rest:.3f}".rstrip("0").rstrip(".") + "s"
