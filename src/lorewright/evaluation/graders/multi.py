"""Several graders and a formula that makes one score of theirs."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from lorewright.errors import UserError
from lorewright.evaluation.graders.fields import Strict
from lorewright.evaluation.graders.formula import compute, names_in
from lorewright.evaluation.graders.grade import Grade, Means, Scope
from lorewright.evaluation.graders.label_model import LabelModel
from lorewright.evaluation.graders.python import Python
from lorewright.evaluation.graders.score_model import ScoreModel
from lorewright.evaluation.graders.string_check import StringCheck
from lorewright.evaluation.graders.text_similarity import TextSimilarity

Single = Annotated[
    StringCheck | TextSimilarity | LabelModel | ScoreModel | Python, Field(discriminator="type")
]


class Multi(Strict):
    """Scores by a formula over the scores of other graders; passes from `pass_threshold` on."""

    type: Literal["multi"]
    name: str
    graders: dict[str, Single] = Field(min_length=1)
    calculate_output: str
    pass_threshold: float = 0.5

    @field_validator("graders", mode="before")
    @classmethod
    def _by_name(cls, given: Any) -> Any:
        """Take one grader, a list, or graders by name."""
        if isinstance(given, Mapping) and isinstance(given.get("type"), str):
            given = [given]
        if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
            return given
        names = [one.get("name") for one in given]
        if len(set(names)) < len(names):
            raise ValueError("graders contains two with the same name; every name must be unique")
        return dict(zip(names, given, strict=True))

    @model_validator(mode="after")
    def _formula_fits(self) -> Self:
        try:
            unknown = sorted(names_in(self.calculate_output) - set(self.graders))
        except UserError as error:
            raise ValueError(f"calculate_output: {error}") from error
        if unknown:
            raise ValueError(
                f"calculate_output names {', '.join(unknown)}; the graders are {', '.join(self.graders)}"
            )
        return self

    def grade(self, scope: Scope, means: Means) -> Grade:
        """Return the value of the formula, and the scores that went into it as parts."""
        grades = {name: grader.grade(scope, means) for name, grader in self.graders.items()}
        scores = {name: grade.score for name, grade in grades.items()}
        score = compute(self.calculate_output, scores)
        return Grade(
            name=self.name, type=self.type, score=score, passed=score >= self.pass_threshold, parts=scores
        )  # fmt: skip
