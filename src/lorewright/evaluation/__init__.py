"""Held-out questions, scorers and reports; comparisons with intervals."""

from lorewright.evaluation.comparison import (
    Comparison,
    Measured,
    adjust,
    chances_of_best,
    compare,
    comparison_from_json,
    comparison_to_json,
    differences_of,
    effect_of,
    gaps_of,
    groups_of,
    shared_groups,
)
from lorewright.evaluation.confusion import Confusion, confusions
from lorewright.evaluation.drill import (
    DrillRow,
    DrillSummary,
    UpdateDrill,
    drill_row,
    questions_about,
    summarise,
)
from lorewright.evaluation.estimate import Difference, Estimate, difference, estimate
from lorewright.evaluation.failure import FAILURES, REMEDIES
from lorewright.evaluation.groups import grouped_difference, grouped_estimate
from lorewright.evaluation.json_form import from_json, to_json
from lorewright.evaluation.leak import Clean, Leak, held_out_clean, held_out_texts
from lorewright.evaluation.noninferiority import (
    apart,
    n_to_decide,
    n_to_see,
    smallest_seen,
    widened,
    wilson,
)
from lorewright.evaluation.primary import MOST_BY_CHANCE, Primary, take_primary
from lorewright.evaluation.question import Question, tags_of
from lorewright.evaluation.question_json import question_from_json, question_to_json
from lorewright.evaluation.questions import questions_from, read_questions, unknown_documents
from lorewright.evaluation.report import Report, SetUp, build_report
from lorewright.evaluation.repository import ComparisonRepository, no_comparison
from lorewright.evaluation.row import Cited, Row, score_answer
from lorewright.evaluation.scorers import SCORERS
from lorewright.evaluation.scoring_context import ScoringContext, choose_primary
from lorewright.evaluation.selection import QuestionInAllArms, Selection, questions_in, select, tags_in
from lorewright.evaluation.two_comparisons import ArmInBoth, Change, TwoComparisons, compare_two
from lorewright.evaluation.unpaired import difference_of_groups

__all__ = [
    "FAILURES",
    "MOST_BY_CHANCE",
    "REMEDIES",
    "SCORERS",
    "ArmInBoth",
    "Change",
    "Cited",
    "Clean",
    "Comparison",
    "ComparisonRepository",
    "Confusion",
    "Difference",
    "DrillRow",
    "DrillSummary",
    "Estimate",
    "Leak",
    "Measured",
    "Primary",
    "Question",
    "QuestionInAllArms",
    "Report",
    "Row",
    "ScoringContext",
    "Selection",
    "SetUp",
    "TwoComparisons",
    "UpdateDrill",
    "adjust",
    "apart",
    "build_report",
    "chances_of_best",
    "choose_primary",
    "compare",
    "compare_two",
    "comparison_from_json",
    "comparison_to_json",
    "confusions",
    "difference",
    "difference_of_groups",
    "differences_of",
    "drill_row",
    "effect_of",
    "estimate",
    "from_json",
    "gaps_of",
    "grouped_difference",
    "grouped_estimate",
    "groups_of",
    "held_out_clean",
    "held_out_texts",
    "n_to_decide",
    "n_to_see",
    "no_comparison",
    "question_from_json",
    "question_to_json",
    "questions_about",
    "questions_from",
    "questions_in",
    "read_questions",
    "score_answer",
    "select",
    "shared_groups",
    "smallest_seen",
    "summarise",
    "tags_in",
    "tags_of",
    "take_primary",
    "to_json",
    "unknown_documents",
    "widened",
    "wilson",
]
