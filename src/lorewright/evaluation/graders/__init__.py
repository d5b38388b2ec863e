"""Graders in the words of OpenAI's API: from an item and a model's output to a score and a pass."""

from typing import Annotated

from pydantic import Field

from lorewright.evaluation.graders.fields import MessageTemplate, filled
from lorewright.evaluation.graders.formula import InvalidFormula
from lorewright.evaluation.graders.grade import Ask, Grade, GraderReply, Means, Scope
from lorewright.evaluation.graders.label_model import LabelModel, UnreadableGrade
from lorewright.evaluation.graders.multi import Multi, Single
from lorewright.evaluation.graders.python import Python
from lorewright.evaluation.graders.score_model import ScoreModel
from lorewright.evaluation.graders.string_check import StringCheck
from lorewright.evaluation.graders.template import UnknownPath, check_path, fill, look_up
from lorewright.evaluation.graders.text_similarity import TextSimilarity

Grader = Annotated[
    StringCheck | TextSimilarity | LabelModel | ScoreModel | Multi | Python, Field(discriminator="type")
]
"""Any grader, told apart by its `type`."""

__all__ = [
    "Ask",
    "Grade",
    "Grader",
    "GraderReply",
    "InvalidFormula",
    "LabelModel",
    "Means",
    "MessageTemplate",
    "Multi",
    "Python",
    "Scope",
    "ScoreModel",
    "Single",
    "StringCheck",
    "TextSimilarity",
    "UnknownPath",
    "UnreadableGrade",
    "check_path",
    "fill",
    "filled",
    "look_up",
]
