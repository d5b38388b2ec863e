"""From measured reports to a recommendation: decision tree, cost table, head-to-head."""

from lorewright.advisor.costs import ArmCost, CostLine, cost_table
from lorewright.advisor.facts import Changes, Facts, count_changes, form_of
from lorewright.advisor.headtohead import Aspect, Cell, head_to_head
from lorewright.advisor.page import render_html
from lorewright.advisor.recommendation import Alternative, Recommendation, recommend
from lorewright.advisor.text import render_text
from lorewright.advisor.tree import Tree, TreeNode, build_tree

__all__ = [
    "Alternative",
    "ArmCost",
    "Aspect",
    "Cell",
    "Changes",
    "CostLine",
    "Facts",
    "Recommendation",
    "Tree",
    "TreeNode",
    "build_tree",
    "cost_table",
    "count_changes",
    "form_of",
    "head_to_head",
    "recommend",
    "render_html",
    "render_text",
]
