"""What a classifier says of a text, and how good it was on examples that it had not seen."""

from dataclasses import asdict, dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldPrediction:
    """The value of one field, '' for the whole answer, with the likeliest ones and their probabilities.

    `is_unknown` says that the text is like nothing that was learned; then `label` is the value that says
    so, where the examples have one.
    """

    name: str
    label: str
    probability: float
    top: tuple[tuple[str, float], ...]
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class NearExample:
    """An example that was learned from, by its id, and how alike it is: 1 for the same text."""

    example_id: str
    likeness: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """The answer to a text, the fields it is made of, and the examples nearest to it.

    `is_unknown` says that the text is like nothing that was learned, and that no label says so: then there
    is no answer.
    """

    text: str
    fields: tuple[FieldPrediction, ...]
    nearest: tuple[NearExample, ...] = ()
    is_unknown: bool = False


class Classifier(Protocol):
    """Tells the labels of texts."""

    @property
    def name(self) -> str:
        """The embedding model that the head stands on."""

    @property
    def sha256(self) -> str:
        """Identify the head by its content."""

    def predict(self, text: str, *, n_top: int = 3, n_nearest: int = 3) -> Prediction:
        """Return what a text is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Validation:
    """How a head did on examples that it had not learned from, over folds of them.

    `accuracy` and `macro_f1` are of the labels that were held out at least once; `None` where every label
    has one example only. `known_share` of the right answers stay above the threshold, `unknown_recall` of
    the examples that are none of the labels fall below it (`None` without such examples).
    `calibration_error` is the mean gap between stated probability and share of right answers.
    """

    name: str
    n_labels: int
    n_examples: int
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    macro_f1: float | None = None
    calibration_error: float | None = None
    known_share: float | None = None
    unknown_recall: float | None = None
    features: str = "embedding"
    tried: dict[str, float] = field(default_factory=dict)
    confused: tuple[tuple[str, str, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self) | {"confused": [list(one) for one in self.confused]}
