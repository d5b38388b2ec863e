"""What a recommendation assumes about traffic, prices and priorities: what somebody may know better."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from lorewright.advisor.facts import Facts
from lorewright.advisor.priorities import PRESETS, WEIGHTS, Weights, weights_in
from lorewright.errors import InvalidSetting
from lorewright.settings import Preset, Priorities, Settings

MOST = 1e9


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumptions:
    """How much is asked, how often facts change (`None`: as it was watched), what things cost, what counts.

    The last four are the weights of `preset`, or other ones.
    """

    questions_per_month: int
    changes_per_month: float | None
    cpu_hour_usd: float
    gpu_hour_usd: float
    storage_gb_month_usd: float
    person_hour_usd: float
    minutes_per_example: float
    preset: Preset = "balanced"
    unsupported: float = 0.0
    second_points: float = 0.0
    cost_points: float = 5.0
    stale_percent: float = 20.0

    def __post_init__(self) -> None:
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, (int, float)) and not 0 <= value <= MOST:
                raise InvalidSetting(
                    f"{part.name} is {value}.", hint=f"It must be between 0 and {MOST:,.0f}."
                )

    @property
    def weights(self) -> Weights:
        """Return what counts besides correctness."""
        return Weights(**{name: getattr(self, name) for name in WEIGHTS})

    def under(self, preset: Preset) -> "Assumptions":
        """Return the same with the weights of a preset."""
        return replace(self, preset=preset, **asdict(PRESETS[preset]))

    @property
    def as_settings(self) -> Mapping[str, float | int | str | None]:
        """Return them as settings, by their path in lorewright.toml; `None` is what holds without one."""
        usual = PRESETS[self.preset]
        weights = {
            f"priorities.{name}": None if (value := getattr(self, name)) == getattr(usual, name) else value
            for name in WEIGHTS
        }
        return {
            "priorities.preset": self.preset,
            **weights,
            "traffic.questions_per_month": self.questions_per_month,
            "traffic.changes_per_month": self.changes_per_month,
            "prices.cpu_hour_usd": self.cpu_hour_usd,
            "prices.gpu_hour_usd": self.gpu_hour_usd,
            "prices.storage_gb_month_usd": self.storage_gb_month_usd,
            "prices.person_hour_usd": self.person_hour_usd,
            "prices.minutes_per_example": self.minutes_per_example,
        }


def assumptions_in(settings: Settings) -> Assumptions:
    """Return what the settings take for granted."""
    stated, prices = settings.traffic.changes_per_month, settings.prices
    return Assumptions(
        questions_per_month=settings.traffic.questions_per_month,
        changes_per_month=stated if stated >= 0 else None,
        cpu_hour_usd=prices.cpu_hour_usd,
        gpu_hour_usd=prices.gpu_hour_usd,
        storage_gb_month_usd=prices.storage_gb_month_usd,
        person_hour_usd=prices.person_hour_usd,
        minutes_per_example=prices.minutes_per_example,
        preset=settings.priorities.preset,
        **asdict(weights_in(settings.priorities)),
    )


def assume(assumptions: Assumptions, facts: Facts, settings: Settings) -> tuple[Facts, Settings]:
    """Return facts and settings with other assumptions; what was measured stays as it is."""
    stated = assumptions.changes_per_month
    traffic = replace(
        settings.traffic,
        questions_per_month=assumptions.questions_per_month,
        changes_per_month=-1.0 if stated is None else stated,
    )
    prices = replace(
        settings.prices,
        cpu_hour_usd=assumptions.cpu_hour_usd,
        gpu_hour_usd=assumptions.gpu_hour_usd,
        storage_gb_month_usd=assumptions.storage_gb_month_usd,
        person_hour_usd=assumptions.person_hour_usd,
        minutes_per_example=assumptions.minutes_per_example,
    )
    priorities = Priorities(preset=assumptions.preset, **asdict(assumptions.weights))
    return (
        replace(facts, changes=replace(facts.changes, stated_per_month=stated)),
        replace(settings, traffic=traffic, prices=prices, priorities=priorities),
    )
