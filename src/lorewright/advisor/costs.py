"""What each arm costs to set up, per month and per changed fact.

A CPU hour is paid for what the processors did, not for how long a busy machine took; where only
the time on the clock was measured, or a GPU is used, that counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lorewright.advisor.arms import ArmTraits, traits
from lorewright.advisor.facts import Facts
from lorewright.evaluation import Comparison, Report, Row, SetUp
from lorewright.settings import Prices, Settings

if TYPE_CHECKING:  # the price list takes a second to load and only remote models need it
    from lorewright.advisor.prices import TokenPrice

MONTHS_TO_SPREAD = 12
MOST_TUNINGS_PER_MONTH = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class CostLine:
    """One part of a cost: US dollars, how they were calculated, and whether from a measurement."""

    label: str
    usd: float
    how: str
    is_measured: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmCost:
    """What an arm costs: to set up, per month at the stated traffic, and per changed fact."""

    arm: str
    set_up: tuple[CostLine, ...]
    month: tuple[CostLine, ...]
    update: tuple[CostLine, ...]
    per_1000_answers_usd: float

    @property
    def set_up_usd(self) -> float:
        """Return the one-time cost."""
        return sum(line.usd for line in self.set_up)

    @property
    def month_usd(self) -> float:
        """Return the cost of a month at the stated traffic, updates included."""
        return sum(line.usd for line in self.month)

    @property
    def update_usd(self) -> float:
        """Return the cost of one changed fact."""
        return sum(line.usd for line in self.update)

    @property
    def spread_usd(self) -> float:
        """Return a month's cost with the set-up spread over a year: what arms are ranked by."""
        return self.month_usd + self.set_up_usd / MONTHS_TO_SPREAD


def cost_table(comparison: Comparison, facts: Facts, settings: Settings) -> tuple[ArmCost, ...]:
    """Return what every measured arm costs, from measured seconds and tokens and the price table."""
    rates = _rates(comparison, settings)
    costs = []
    for report in comparison.reports:
        arm = traits(report.arm, comparison)
        answer_usd, answer_how = rates.answer(report)
        update = tuple(_update(report, arm, rates))
        n_questions = settings.traffic.questions_per_month
        answers = CostLine(
            label="answers",
            usd=answer_usd * n_questions,
            how=f"{n_questions:,} questions x {answer_how}",
            is_measured=not rates.is_price_missing,
        )
        costs.append(
            ArmCost(
                arm=report.arm,
                set_up=tuple(_set_up(report, rates)),
                month=(answers, _storage(report, rates.prices), _updates(update, arm, facts)),
                update=update,
                per_1000_answers_usd=answer_usd * 1000,
            )
        )
    return tuple(costs)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rates:
    """What an hour of this machine and a token of this model cost."""

    prices: Prices
    hour_usd: float
    hour_name: str
    has_gpu: bool
    is_remote: bool
    token_price: "TokenPrice | None"

    @property
    def is_price_missing(self) -> bool:
        return self.is_remote and self.token_price is None

    def work(self, label: str, seconds: float, *, is_measured: bool = True) -> CostLine:
        """Return what so many seconds of this machine cost."""
        return CostLine(
            label=label,
            usd=seconds / 3600 * self.hour_usd,
            how=f"{seconds:,.2f} s x {self.hour_name}",
            is_measured=is_measured,
        )

    def tuning(self, set_up: SetUp) -> float:
        """Return the seconds of tuning that are paid for."""
        cpu_seconds = None if self.has_gpu else set_up.tuning_cpu_seconds
        return set_up.tuning_seconds if cpu_seconds is None else cpu_seconds

    def _seconds(self, row: Row) -> float:
        """Return the seconds of an answer that are paid for: of the processors, or of the whole GPU."""
        cpu_seconds = None if self.has_gpu else row.cpu_seconds
        return row.latency_ms / 1000 if cpu_seconds is None else cpu_seconds

    def answer(self, report: Report) -> tuple[float, str]:
        """Return what an answer costs on average, and how that was calculated."""
        if not self.is_remote:
            seconds = sum(self._seconds(row) for row in report.rows) / max(1, len(report.rows))
            line = self.work("answer", seconds)
            return line.usd, line.how
        prompt, completion = report.prompt_tokens.mean, report.completion_tokens.mean
        tokens = f"{prompt:,.0f} + {completion:,.0f} tokens"
        price = self.token_price
        if price is None:
            return 0.0, f"{tokens}; no price is known for this model, so they count as free"
        usd = (prompt * price.prompt_usd + completion * price.completion_usd) / 1_000_000
        return (
            usd,
            f"{tokens} at ${price.prompt_usd:g} + ${price.completion_usd:g} per million ({price.source})",
        )


def _rates(comparison: Comparison, settings: Settings) -> _Rates:
    prices, model = settings.prices, settings.models.chat
    has_gpu = bool(comparison.measured.machine.get("gpu"))
    hour_usd = prices.gpu_hour_usd if has_gpu else prices.cpu_hour_usd
    is_remote = model.startswith("openai:")
    return _Rates(
        prices=prices,
        hour_usd=hour_usd,
        hour_name=f"${hour_usd:g} per {'GPU' if has_gpu else 'CPU'} hour",
        has_gpu=has_gpu,
        is_remote=is_remote,
        token_price=_find_token_price(model) if is_remote else None,
    )


def _find_token_price(model: str) -> "TokenPrice | None":
    from lorewright.advisor.prices import find_token_price  # takes a second, for remote models only

    return find_token_price(model.removeprefix("openai:").partition("@")[0])


def _set_up(report: Report, rates: _Rates) -> Iterator[CostLine]:
    if report.set_up.ingestion_seconds:
        yield rates.work("reading and indexing the documents", report.set_up.ingestion_seconds)
    if report.set_up.tuning_seconds or report.set_up.tuning_usd:
        yield _tuning("tuning", report, rates)


def _storage(report: Report, prices: Prices) -> CostLine:
    gigabytes = (report.set_up.index_bytes + report.set_up.adapter_bytes) / 1e9
    return CostLine(
        label="storage",
        usd=gigabytes * prices.storage_gb_month_usd,
        how=f"{gigabytes:.3f} GB x ${prices.storage_gb_month_usd:g}",
    )


def _update(report: Report, arm: ArmTraits, rates: _Rates) -> Iterator[CostLine]:
    """Yield what one changed fact costs: adding a document, or rewriting an example and tuning again."""
    if arm.retrieves:
        measured = report.update_seconds
        per_document = report.set_up.ingestion_seconds / max(1, report.set_up.n_documents)
        yield rates.work(
            "adding the document",
            per_document if measured is None else measured,
            is_measured=measured is not None,
        )
    elif arm.tuned:
        prices = rates.prices
        yield CostLine(
            label="rewriting an example",
            usd=prices.minutes_per_example / 60 * prices.person_hour_usd,
            how=f"{prices.minutes_per_example:g} min of work at ${prices.person_hour_usd:g} per hour",
            is_measured=False,
        )
        yield _tuning("tuning again", report, rates)


def _tuning(label: str, report: Report, rates: _Rates) -> CostLine:
    """Return what tuning costs: the tokens of the server that did it, else the time of this machine."""
    usd = report.set_up.tuning_usd
    if usd is not None:
        return CostLine(label=label, usd=usd, how="tokens that another server trained on")
    return rates.work(label, rates.tuning(report.set_up))


def _updates(update: Sequence[CostLine], arm: ArmTraits, facts: Facts) -> CostLine:
    per_month, each_usd = facts.changes.per_month, sum(line.usd for line in update)
    rate = per_month or 0.0
    if not arm.retrieves:
        rate = min(rate, MOST_TUNINGS_PER_MONTH)
    known = "no known changes" if per_month is None else f"{rate:.1f} changes per month"
    return CostLine(
        label="updates",
        usd=rate * each_usd,
        how=f"{known} x ${each_usd:.4f}",
        is_measured=per_month is not None and all(line.is_measured for line in update),
    )
