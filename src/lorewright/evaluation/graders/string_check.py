"""Two strings compared."""

from typing import Literal

from lorewright.evaluation.graders.fields import Strict, Template
from lorewright.evaluation.graders.grade import Grade, Means, Scope
from lorewright.evaluation.graders.template import fill


class StringCheck(Strict):
    """Passes where two strings are equal, are not, or the input holds the reference.

    `like` minds upper and lower case, `ilike` does not.
    """

    type: Literal["string_check"]
    name: str
    input: Template
    reference: Template
    operation: Literal["eq", "ne", "like", "ilike"]

    def grade(self, scope: Scope, means: Means) -> Grade:  # noqa: ARG002 - as every grader
        """Return 1 for a pass, else 0."""
        passed = self._holds(fill(self.input, scope), fill(self.reference, scope))
        return Grade(name=self.name, type=self.type, score=float(passed), passed=passed)

    def _holds(self, text: str, reference: str) -> bool:
        match self.operation:
            case "eq":
                return text == reference
            case "ne":
                return text != reference
            case "like":
                return reference in text
            case "ilike":
                return reference.casefold() in text.casefold()
