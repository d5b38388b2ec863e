"""What a client asks of a fine-tuning job, in the places where newer and older clients put it."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from lorewright.api.http.errors import BadParameter
from lorewright.request_body import RequestBody

LIMITS: dict[str, tuple[float, float]] = {
    "n_epochs": (1, 50),
    "learning_rate_multiplier": (1e-4, 100),
    "batch_size": (1, 256),
    "beta": (0.01, 2),
}
SEED = 42


class Hyperparameters(RequestBody):
    """OpenAI's hyperparameters of supervised tuning; "auto" lets the server choose."""

    model_config = ConfigDict(extra="forbid")

    n_epochs: Literal["auto"] | int | None = None
    learning_rate_multiplier: Literal["auto"] | float | None = None
    batch_size: Literal["auto"] | int | None = None


class PreferenceHyperparameters(Hyperparameters):
    """Hyperparameters of DPO, KTO and ORPO."""

    beta: Literal["auto"] | float | None = None


class Supervised(RequestBody):
    """How to learn from examples."""

    hyperparameters: Hyperparameters | None = None


class Preferring(RequestBody):
    """How to learn from preferences."""

    hyperparameters: PreferenceHyperparameters | None = None


class Method(RequestBody):
    """How to learn: `supervised` from examples, `dpo` and our own `kto` and `orpo` from preferences.

    `reinforcement` is refused.
    """

    type: Literal["supervised", "dpo", "kto", "orpo", "reinforcement"]
    supervised: Supervised | None = None
    dpo: Preferring | None = None
    kto: Preferring | None = None
    orpo: Preferring | None = None


class JobRequest(RequestBody):
    """A request for a fine-tuning job."""

    model_config = ConfigDict(extra="ignore")

    model: str
    training_file: str
    validation_file: str | None = None
    suffix: str | None = None
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    hyperparameters: Hyperparameters | None = None
    method: Method | None = None
    integrations: list[Any] | None = None
    metadata: dict[str, Any] | None = None

    def ordered(self) -> dict[str, Any]:
        """Return the order; raise `BadParameter` for what is not done here."""
        method = self.method or Method(type="supervised")
        if method.type == "reinforcement":
            raise BadParameter(
                "method",
                "The method 'reinforcement' is not supported. Use 'supervised', 'dpo', 'kto' or 'orpo'.",
            )
        if self.integrations:
            raise BadParameter("integrations", "Integrations are not supported. Use the job's events.")
        chosen: Supervised | Preferring | None = getattr(method, method.type)
        dials = (chosen.hyperparameters if chosen else None) or self.hyperparameters or Hyperparameters()
        values = dials.model_dump(exclude_none=True)
        for name, value in values.items():
            low, high = LIMITS[name]
            if value != "auto" and not low <= value <= high:
                raise BadParameter(
                    f"hyperparameters.{name}", f"{name} is {value}; it must be between {low:g} and {high:g}."
                )
        return {
            "model": self.model,
            "training_file": self.training_file,
            "validation_file": self.validation_file,
            "suffix": self.suffix or "",
            "seed": SEED if self.seed is None else self.seed,
            "method": method.type,
            "hyperparameters": values,
            "metadata": self.metadata,
        }
