"""A model that chooses a label."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from lorewright.errors import UserError
from lorewright.evaluation.graders.fields import MessageTemplate, SamplingParams, Strict, filled
from lorewright.evaluation.graders.grade import Grade, Means, Scope
from lorewright.evaluation.graders.judgement import judged


class UnreadableGrade(UserError):
    """What a model said is no label and no score."""


class LabelModel(Strict):
    """Passes where a model chooses one of `passing_labels`."""

    type: Literal["label_model"]
    name: str
    model: str
    input: list[MessageTemplate] = Field(min_length=1)
    labels: list[str] = Field(min_length=1)
    passing_labels: list[str] = Field(min_length=1)
    sampling_params: SamplingParams = SamplingParams()

    @model_validator(mode="after")
    def _passing_are_labels(self) -> Self:
        unknown = sorted(set(self.passing_labels) - set(self.labels))
        if unknown:
            raise ValueError(f"passing_labels contains {', '.join(map(repr, unknown))}, which labels lacks")
        return self

    def grade(self, scope: Scope, means: Means) -> Grade:
        """Return 1 for a passing label, else 0; raise `UnreadableGrade` where the model chose none."""
        options = {"temperature": 0.0, **self.sampling_params.options(), "response_format": self._form()}
        reply = means.ask(self.model, filled(self.input, scope), options)
        passed = self._label(reply.text) in self.passing_labels
        return Grade(name=self.name, type=self.type, score=float(passed), passed=passed, sample=reply.sample)

    def _form(self) -> dict[str, Any]:
        schema = {
            "type": "object",
            "properties": {"label": {"type": "string", "enum": self.labels}},
            "required": ["label"],
            "additionalProperties": False,
        }
        return {"type": "json_schema", "json_schema": {"name": "label", "strict": True, "schema": schema}}

    def _label(self, text: str) -> str:
        """Return the label of the one JSON object in a text, or the text where it is only a label."""
        try:
            label = judged(text, "label")
        except ValueError:
            label = text.strip()
        if label not in self.labels:
            raise UnreadableGrade(
                f"{self.model} replied {text[:200]!r}; expected one of {', '.join(self.labels)}."
            )
        return str(label)
