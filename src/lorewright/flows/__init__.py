"""From a question to an answer: typed nodes and edges, checked before they run; the arms are flows."""

from lorewright.flows.answer import Answer, Provenance
from lorewright.flows.arms.standard import arms, optional_arms
from lorewright.flows.arms.style import Style, style_from
from lorewright.flows.arms.training import training_rows
from lorewright.flows.calls import called_by, check_calls, inlined
from lorewright.flows.check import check, problems
from lorewright.flows.difference import flow_difference
from lorewright.flows.example_pool import ExamplePool
from lorewright.flows.flow import Edge, Flow, Node
from lorewright.flows.flow_json import flow_from_json, flow_hash, flow_to_json
from lorewright.flows.options import AnswerOptions
from lorewright.flows.parameters import describe_kinds
from lorewright.flows.parts import Parts
from lorewright.flows.requirements import adapters_of, retrieves, shows_examples
from lorewright.flows.runner import NodeState, OnNode, ignore_state, run

__all__ = [
    "Answer",
    "AnswerOptions",
    "Edge",
    "ExamplePool",
    "Flow",
    "Node",
    "NodeState",
    "OnNode",
    "Parts",
    "Provenance",
    "Style",
    "adapters_of",
    "arms",
    "called_by",
    "check",
    "check_calls",
    "describe_kinds",
    "flow_difference",
    "flow_from_json",
    "flow_hash",
    "flow_to_json",
    "ignore_state",
    "inlined",
    "optional_arms",
    "problems",
    "retrieves",
    "run",
    "shows_examples",
    "style_from",
    "training_rows",
]
