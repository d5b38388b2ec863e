"""From a question to an answer: typed nodes and edges, checked before they run; the arms are flows."""

from lorewright.flows.answer import Answer, Provenance
from lorewright.flows.flow import Edge, Flow, Node

__all__ = ["Answer", "Edge", "Flow", "Node", "Provenance"]
