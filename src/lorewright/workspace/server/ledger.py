"""The books of a server: what every caller asked of which model, what it cost, and who may ask for more."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from lorewright.access import Keys
from lorewright.access.rate_limits import RateLimiter, limited
from lorewright.errors import QuotaReached
from lorewright.models import Call, EngineKey, Usage
from lorewright.settings import Prices
from lorewright.storage import Records

if TYPE_CHECKING:  # the price list takes a second to load and only remote models need it
    from lorewright.advisor.prices import TokenPrice

KIND = "usage"
COUNTS = ("n_requests", "prompt_tokens", "cached_tokens", "completion_tokens", "cost_usd", "answered_ms")


class Ledger:
    """Adds calls up by caller, model and day (UTC); a month's money is what its days cost."""

    def __init__(self, keys: Keys, records: Records, gate: RateLimiter, prices: Prices) -> None:
        self._keys = keys
        self._records = records
        self._gate = gate
        self._prices = prices
        self.listeners: list[Callable[[Call, str], None]] = []
        """Called with every call that is over and the name of its model."""

    def admit(self, who: str) -> None:
        """Raise `QuotaReached` where the money of a caller, or of its user, is used up for this month."""
        key = self._keys.find(who)
        for owner, limits in limited(key) if key else ():
            if limits.usd_per_month and self.spent_usd(owner) >= limits.usd_per_month:
                raise QuotaReached(
                    f"The limit of ${limits.usd_per_month:g} per month is reached.",
                    hint="Ask an administrator to raise it, or wait for the next month.",
                    retry_after_seconds=_seconds_to_next_month(),
                )

    def spent_usd(self, who: str) -> float:
        """Return what a key, or all that a user has, cost in this month."""
        month = _now().strftime("%Y-%m")
        by_key = {record.id: record for record in self._records.all(parent=month, label=who)}
        by_user = {record.id: record for record in self._records.all(parent=month, owner=who)}
        return float(sum(record.body["cost_usd"] for record in (by_key | by_user).values()))

    def note(self, call: Call) -> None:
        """Add a call to its caller's day."""
        name = call.engine.metered_name
        self._add(call, name, cost_usd(call, self._prices))

    def note_embedding(self, who: str, model: str, *, n_tokens: int, seconds: float) -> None:
        """Add the work of the embedding model, which runs on this machine, to its caller's day."""
        call = Call(who, EngineKey(f"embedding:{model}"), Usage(n_tokens), seconds)
        self._add(call, model, cost_usd(call, self._prices))

    def _add(self, call: Call, model: str, usd: float) -> None:
        key = self._keys.find(call.who)
        if key is not None:
            self._gate.spend(key, call.usage.prompt_tokens + call.usage.completion_tokens)
        day = _now().strftime("%Y-%m-%d")
        counted = {
            "n_requests": 1, "prompt_tokens": call.usage.prompt_tokens,
            "cached_tokens": call.usage.cached_tokens, "completion_tokens": call.usage.completion_tokens,
            "cost_usd": usd, "answered_ms": call.seconds * 1000,
        }  # fmt: skip

        def added(body: dict[str, Any]) -> dict[str, Any]:
            sums = {name: body.get(name, 0) + count for name, count in counted.items()}
            return {"key": call.who, "model": model, "day": day, **sums}

        self._records.put(
            _id(call.who, model, day), added, parent=day[:7], owner=self._keys.owner(call.who),
            label=call.who,
        )  # fmt: skip
        for hear in self.listeners:
            hear(call, model)


def cost_usd(call: Call, prices: Prices) -> float:
    """Return what a call cost: its tokens at the list price of a remote model, or this machine's time."""
    if not call.engine.is_remote:
        return call.seconds / 3600 * prices.cpu_hour_usd
    price = _token_price(call.engine)
    if price is None:  # no list has it: it counts as free, as in the cost table
        return 0.0
    usage = call.usage
    return (usage.prompt_tokens * price.prompt_usd + usage.completion_tokens * price.completion_usd) / 1e6


@cache
def _token_price(engine: EngineKey) -> "TokenPrice | None":
    from lorewright.advisor.prices import find_token_price  # takes a second, for remote models only

    return find_token_price(engine.uri.removeprefix("openai:").partition("@")[0])


def _id(who: str, model: str, day: str) -> str:
    return f"usage_{blake2b(f'{who} {model} {day}'.encode(), digest_size=16).hexdigest()}"


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def _seconds_to_next_month() -> float:
    now = _now()
    first = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0)
    return (first - now).total_seconds()
