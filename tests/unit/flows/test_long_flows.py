"""Hundreds of nodes in one line: longer than Python lets calls nest."""

import pytest
from tests.fixtures.drawn_flows import asking, drawn

from lorewright.documents import Document
from lorewright.errors import UserError
from lorewright.flows import Flow, check, problems, run
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.models.fakes import ScriptedEngine

N = 300


def line(kind: str, port: str, n: int = N) -> list[str]:
    """Return the edges of `n` nodes of a kind, one after the other."""
    return [f"{kind}{i}.{port} > {kind}{i + 1}.{port}" for i in range(n - 1)]


def long() -> Flow:
    """Return a flow whose hits and whose draft each go through hundreds of nodes."""
    filters: dict[str, tuple[str, dict[str, object]]] = {
        f"filter{i}": ("filter", {"n_kept": 2}) for i in range(N)
    }
    checks: dict[str, tuple[str, dict[str, object]]] = {
        f"check{i}": ("check", {"max_words": 50}) for i in range(N)
    }
    nodes: dict[str, tuple[str, dict[str, object]]] = {
        "retrieve": ("retrieve", {}),
        "prompt": ("prompt", {}),
        "generate": ("generate", {}),
    }
    return drawn(
        nodes | filters | checks,
        "question.conversation > retrieve.conversation", "question.conversation > prompt.conversation",
        "retrieve.hits > filter0.hits", *line("filter", "hits"), f"filter{N - 1}.hits > prompt.hits",
        "prompt.messages > generate.messages", "generate.draft > check0.draft", *line("check", "draft"),
        f"check{N - 1}.draft > answer.draft",
    )  # fmt: skip


@pytest.fixture
def parts() -> GivenParts:
    pages = PlainRetriever([Document("leave.md", "Leave", "There are 28 days of leave.")])
    return GivenParts({"": ScriptedEngine({}, otherwise="28 days.")}, pages)


def test_a_long_flow_is_checked_and_runs(parts: GivenParts) -> None:
    check(long())

    answer = run(long(), asking("How many days of leave?"), parts)

    assert answer.text == "28 days."
    assert answer.trace[f"filter{N - 1}"]["hits"][0]["document_id"] == "leave.md"
    assert min(answer.timings_ms.values()) > 0


def test_what_goes_wrong_far_down_is_told_as_ever(parts: GivenParts) -> None:
    with pytest.raises(UserError, match="no documents"):
        run(long(), asking("How many days of leave?"), GivenParts({"": parts.engine("")}))


def test_a_long_circle_is_told_in_a_few_words() -> None:
    flow = drawn({f"filter{i}": ("filter", {}) for i in range(N)}, *line("filter", "hits"),
                 f"filter{N - 1}.hits > filter0.hits")  # fmt: skip

    (circle,) = [str(problem) for problem in problems(flow) if "cycle" in str(problem)]

    assert "…" in circle
    assert len(circle) < 300
