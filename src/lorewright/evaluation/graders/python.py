"""A grader that is a program: known, and refused."""

from typing import Literal, NoReturn

from pydantic import field_validator

from lorewright.evaluation.graders.fields import Strict
from lorewright.evaluation.graders.grade import Grade, Means, Scope


class Python(Strict):
    """A grader that runs a program of the caller's, which no server here does."""

    type: Literal["python"]
    name: str = "python"
    source: str
    image_tag: str | None = None
    pass_threshold: float | None = None

    @field_validator("source")
    @classmethod
    def _refused(cls, _source: str) -> NoReturn:
        raise ValueError(
            "python graders are not supported: the caller's program would run with the permissions of the "
            "server. Use string_check, text_similarity, score_model or multi, or grade on the client and "
            "send the scores as items"
        )

    def grade(self, scope: Scope, means: Means) -> Grade:
        """Never come to this: such a grader cannot be made."""
        raise NotImplementedError(f"{self.name}: {scope}, {means}")
