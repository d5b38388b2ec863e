"""A small desk: two pages, and engines that say what a test scripts."""

from collections.abc import Callable

import pytest

from lorewright.documents import Document
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Message
from lorewright.models.fakes import ScriptedEngine

NODE = """Node.js 22 gets fixes until 30 Apr 2027, the patch is 22.2.0.

Node.js 20 gets fixes until 30 Apr 2026, the patch is 20.14.0."""
DEBIAN = """Debian 12 gets fixes until 10 Jun 2028.

Debian 9 got fixes until 18 Jul 2020."""


@pytest.fixture
def retriever() -> PlainRetriever:
    return PlainRetriever([Document("node.md", "Node.js", NODE), Document("debian.md", "Debian", DEBIAN)])


@pytest.fixture
def parts_saying(retriever: PlainRetriever) -> Callable[[str], GivenParts]:
    """Return parts whose model, with any adapter, says one text."""

    def saying(text: str) -> GivenParts:
        engines = {
            adapter: ScriptedEngine(lambda _: text, name=f"says-{adapter}", fingerprint=f"weights+{adapter}")
            for adapter in ("bare", "context")
        }
        return GivenParts({"": ScriptedEngine(lambda _: text, fingerprint="weights"), **engines}, retriever)

    return saying


@pytest.fixture
def asked() -> tuple[Message, ...]:
    return (Message("user", "Until when does Node.js 22 get fixes?"),)
