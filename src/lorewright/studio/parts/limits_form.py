"""How much somebody may use, as three fields."""

from nicegui import ui

from lorewright.access import Limits
from lorewright.studio.i18n import t


class LimitsForm:
    """Fields for requests, tokens and money; 0 sets no limit."""

    def __init__(self, limits: Limits) -> None:
        with ui.element("div").classes("lw-fields"):
            self._requests = _number(t("Requests per minute"), limits.requests_per_minute)
            self._tokens = _number(t("Tokens per minute"), limits.tokens_per_minute)
            self._usd = _number(t("US dollars per month"), limits.usd_per_month)

    def value(self) -> Limits:
        """Return the limits that were typed."""
        return Limits(
            requests_per_minute=int(self._requests.value or 0),
            tokens_per_minute=int(self._tokens.value or 0),
            usd_per_month=float(self._usd.value or 0),
        )


def _number(label: str, value: float) -> ui.number:
    return ui.number(label, value=value, min=0).props(f'outlined dense hint="{t("0 for no limit")}"')
