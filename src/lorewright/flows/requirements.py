"""What a flow needs, told from its nodes: adapters, documents."""

from lorewright.flows.flow import Flow
from lorewright.flows.parameters import build


def adapters_of(flow: Flow) -> list[str]:
    """Return the adapter names that the nodes of a flow name, each once; '' for the base as it is."""
    named = (getattr(build(node), "adapter", None) for node in flow.nodes)
    return list(dict.fromkeys(name for name in named if name is not None))


def shows_examples(flow: Flow) -> bool:
    """Return whether a flow needs the domain's examples to answer."""
    return any(getattr(build(node), "shows_examples", False) for node in flow.nodes)


def retrieves(flow: Flow) -> bool:
    """Return whether a flow looks into the documents."""
    return any(getattr(build(node), "is_searching", False) for node in flow.nodes)
