"""A model that gives a score."""

import math
import re
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from lorewright.evaluation.graders.fields import MessageTemplate, SamplingParams, Strict, filled
from lorewright.evaluation.graders.grade import Grade, Means, Scope
from lorewright.evaluation.graders.judgement import judged
from lorewright.evaluation.graders.label_model import UnreadableGrade

_NUMBER = re.compile(r"\s*-?\d+(?:\.\d+)?\s*")


class ScoreModel(Strict):
    """Passes from `pass_threshold` on; without one, from the middle of `range`."""

    type: Literal["score_model"]
    name: str
    model: str
    input: list[MessageTemplate] = Field(min_length=1)
    range: tuple[float, float] = (0.0, 1.0)
    pass_threshold: float | None = None
    sampling_params: SamplingParams = SamplingParams()

    @model_validator(mode="after")
    def _range_rises(self) -> Self:
        if not self.range[0] < self.range[1]:
            raise ValueError(f"range is {list(self.range)}; it must be two numbers, the smaller one first")
        return self

    def grade(self, scope: Scope, means: Means) -> Grade:
        """Return the score that the model gives; raise `UnreadableGrade` where it gives none in `range`."""
        options = {"temperature": 0.0, **self.sampling_params.options(), "response_format": self._form()}
        reply = means.ask(self.model, filled(self.input, scope), options)
        score = self._score(reply.text)
        least = sum(self.range) / 2 if self.pass_threshold is None else self.pass_threshold
        return Grade(
            name=self.name, type=self.type, score=score, passed=score >= least, sample=reply.sample
        )  # fmt: skip

    def _form(self) -> dict[str, Any]:
        low, high = self.range
        schema = {
            "type": "object",
            "properties": {"result": {"type": "number", "minimum": low, "maximum": high}},
            "required": ["result"],
            "additionalProperties": False,
        }
        return {"type": "json_schema", "json_schema": {"name": "score", "strict": True, "schema": schema}}

    def _score(self, text: str) -> float:
        """Return the `result` of the one JSON object in a text, or the text where it is only a number."""
        try:
            score = float(judged(text, "result"))
        except (ValueError, TypeError):
            score = float(text) if _NUMBER.fullmatch(text) else math.nan
        low, high = self.range
        if not low <= score <= high:
            raise UnreadableGrade(
                f"{self.model} replied {text[:200]!r}; expected a number from {low:g} to {high:g}."
            )
        return score
