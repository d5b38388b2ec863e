"""From measured reports to a recommendation: decision tree, cost table, head-to-head."""

from lorewright.advisor.assumptions import Assumptions, assume, assumptions_in
from lorewright.advisor.costs import ArmCost, CostLine, cost_table
from lorewright.advisor.facts import Changes, Facts, count_changes, form_of
from lorewright.advisor.headtohead import Aspect, Cell, head_to_head
from lorewright.advisor.interview import STEPS, Choice, Step
from lorewright.advisor.levers import Lever
from lorewright.advisor.page import render_html
from lorewright.advisor.priorities import PRESETS, SUMMARIES, Weights, weights_in
from lorewright.advisor.provisional import Provisional, provisional
from lorewright.advisor.recommendation import Alternative, Recommendation, arm_by_preset, recommend
from lorewright.advisor.scatter import Point, answer_seconds, points
from lorewright.advisor.text import render_text
from lorewright.advisor.tipping import Tipping, tipping_points
from lorewright.advisor.tree import Tree, TreeNode, build_tree
from lorewright.advisor.verdict import Contender

__all__ = [
    "PRESETS",
    "STEPS",
    "SUMMARIES",
    "Alternative",
    "ArmCost",
    "Aspect",
    "Assumptions",
    "Cell",
    "Changes",
    "Choice",
    "Contender",
    "CostLine",
    "Facts",
    "Lever",
    "Point",
    "Provisional",
    "Recommendation",
    "Step",
    "Tipping",
    "Tree",
    "TreeNode",
    "Weights",
    "answer_seconds",
    "arm_by_preset",
    "assume",
    "assumptions_in",
    "build_tree",
    "cost_table",
    "count_changes",
    "form_of",
    "head_to_head",
    "points",
    "provisional",
    "recommend",
    "render_html",
    "render_text",
    "tipping_points",
    "weights_in",
]
