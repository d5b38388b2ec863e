"""Hits in the order that the domain's chat model gives them, as the flow node does it."""

from dataclasses import replace

from lorewright.access import Key
from lorewright.errors import InvalidFlow
from lorewright.flows.kinds import Called, Running
from lorewright.flows.nodes.rerank import Rerank
from lorewright.messages import Conversation, Message
from lorewright.models import Stopped, never
from lorewright.workspace.home import Home
from lorewright.workspace.retrieval_test import Found
from lorewright.workspace.retrieval_way import Way
from lorewright.workspace.served import ServedParts


def rerank_by_model(
    home: Home, caller: Key, query: str, found: Found, way: Way, *, stopped: Stopped = never
) -> Found:
    """Return what was found with its first `n_read` hits in the order that the chat model gives them."""
    caller.need("chat")
    asked = (Message("user", query),)
    running = Running(
        conversation=asked, parts=ServedParts(home, who=caller.id), on_text=lambda _: None, stopped=stopped,
        seed=0, made_by={}, call=_no_flow,
    )  # fmt: skip
    node = Rerank(method="model", weight=way.rerank_weight, n_kept=len(found.hits) or 1, n_read=way.n_read)
    given = {"conversation": asked, "hits": found.hits}
    return replace(found, hits=tuple(node.run(lambda port: given[port], running)["hits"]))


def _no_flow(name: str, _conversation: Conversation) -> Called:
    raise InvalidFlow(f"A reranker calls no flow, and {name!r} was called.")
