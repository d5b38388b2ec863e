"""The label of a question, told by the classifier that was trained on the examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.errors import InvalidFlow
from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.messages import last_user_turn
from lorewright.models import READER
from lorewright.tuning.classifier import FieldPrediction, Prediction

NO_LABEL = "None of the labels fits."


@dataclass(frozen=True, kw_only=True, slots=True)
class Classify:
    """Answers with the label that a trained classifier gives, with probabilities and the nearest examples."""

    adapter: str = parameter("classifier", "The classifier to ask.")
    min_probability: float = parameter(
        0.0, "Below this probability the answer is a refusal; 0 answers whatever it is.", low=0, high=1
    )
    n_top: int = parameter(3, "How many labels the trace shows with their probabilities.", low=1, high=20)
    n_nearest: int = parameter(3, "How many of the nearest examples the trace shows.", low=0, high=20)
    refusal: str = parameter(
        NO_LABEL, "The text of a refusal, where the examples have no label for what is none of them."
    )

    about: ClassVar[About] = About("Classify", "Model")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def __post_init__(self) -> None:
        """Refuse what tells no labels."""
        if self.adapter in ("", "bare", "context", READER):
            raise InvalidFlow(
                f"{self.adapter or 'the base model'} is no classifier.", hint='Use the adapter "classifier".'
            )

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the label as a draft; probabilities and the nearest examples are noted beside it."""
        classifier = running.parts.classifier(self.adapter)
        question = last_user_turn(take("conversation"))
        prediction = classifier.predict(question, n_top=self.n_top, n_nearest=self.n_nearest)
        running.made_by.update(model=classifier.name, adapter=classifier.sha256)
        running.notes.update(self._reasons(prediction, running))
        is_unsure = min(field.probability for field in prediction.fields) < self.min_probability
        is_refused = prediction.is_unknown or is_unsure
        text = self.refusal if is_refused else prediction.text
        running.on_text(text)
        return {"draft": Draft(text=text, refused=is_refused)}

    def _reasons(self, prediction: Prediction, running: Running) -> dict[str, Any]:
        """Return why, as JSON; examples that the caller may not see are left out."""
        pool = running.parts.examples() if prediction.nearest else None
        nearest = [
            {"question": example.question, "answer": example.completion, "likeness": round(near.likeness, 3)}
            for near in prediction.nearest
            if pool is not None and (example := pool.by_id(near.example_id)) is not None
        ]
        fields = [_field(field) for field in prediction.fields]
        whole = fields[0] if len(fields) == 1 and not prediction.fields[0].name else {"fields": fields}
        return {**whole, "nearest": nearest}


def _field(field: FieldPrediction) -> dict[str, Any]:
    named = {"field": field.name} if field.name else {}
    top = [{"label": label, "probability": round(share, 3)} for label, share in field.top]
    return {**named, "probability": round(field.probability, 3), "unknown": field.is_unknown, "top": top}
