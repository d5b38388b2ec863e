"""A caller without any right gets nothing and changes nothing, whichever use case is called."""

import inspect
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from tests.fixtures.rights_watch import Watch
from tests.fixtures.rights_world import NOBODY, World, build_world
from tests.fixtures.use_cases import UseCase, use_cases

from lorewright.access import LOCAL
from lorewright.errors import NotAllowed, NotFound, Unauthenticated, UnknownName
from lorewright.storage import Page
from lorewright.workspace.agents.tools import DomainTools
from lorewright.workspace.retrieval.bench import RetrievalTest
from lorewright.workspace.retrieval.measure import fit, measure
from lorewright.workspace.retrieval.options import way_of

ASKING = [case for case in use_cases() if "caller" in case.parameters and inspect.isfunction(case.call)]
LOOKING = [case for case in ASKING if case.name.startswith(("find_", "list_", "get_", "all_"))]
NOT_MADE = {
    "chats.asking:find_evidence": "no model has answered in the chat",
    "chats.asking:find_live": "no model answers now",
    "comparisons.evidence:find_evidence": "only the answers were kept",
    "openai.evals.listing:all_items": "the run has not begun",
    "openai.evals.listing:find_item": "the run has not begun",
    "openai.evals.listing:list_items": "the run has not begun",
}
"""What the world has none of."""
PUBLIC = {
    "chats.choices:default_chat": "a chat that is not kept, with no model to choose",
}
"""What may be told to everybody, each with its reason."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = build_world(tmp_path_factory.mktemp("world"))
    yield world
    world.server.close()


@pytest.mark.parametrize("case", ASKING, ids=lambda case: case.path)
def test_nobody_gets_nothing(world: World, case: UseCase) -> None:
    """Over whatever door somebody comes, the use case refuses: a check elsewhere is not enough."""
    arguments = world.arguments(case, NOBODY)
    with closing(Watch(world.server.workspace.folder)) as watch:
        try:
            given = _whole(case.call(**arguments))
        except (NotAllowed, NotFound, Unauthenticated, UnknownName):
            given = None
        assert watch.look() == watch.seen, f"{case.path} changed something"
    assert _is_nothing(given) or case.path in PUBLIC, f"{case.path} gave {given!r}"


@pytest.mark.parametrize("case", LOOKING, ids=lambda case: case.path)
def test_an_administrator_gets_what_nobody_does_not(world: World, case: UseCase) -> None:
    """Or the test above would only show that wrong arguments are refused."""
    if case.path not in NOT_MADE:
        assert not _is_nothing(_whole(case.call(**world.arguments(case, LOCAL))))


def test_nobody_gets_nothing_of_a_page_that_was_open(world: World) -> None:
    """Rights may be taken away while a page is open: the bench asks again at every search."""
    callers = [LOCAL]
    test = RetrievalTest(world.server.workspace, lambda: callers[-1])
    way = way_of(world.server.workspace, LOCAL)
    assert test.find("leave", way).hits

    callers.append(NOBODY)

    for look in (lambda: test.find("leave", way), lambda: measure(test, (), way), lambda: fit(test, (), way)):
        with pytest.raises(NotAllowed):
            look()


def test_nobody_gets_nothing_as_an_agent(world: World) -> None:
    """A model that calls a tool has the rights of its key."""
    tools = DomainTools(world.server, lambda: NOBODY)
    given: dict[str, Any] = {
        "query": "leave",
        "question": "How long?",
        "name": "n",
        "text": "t",
        "job_id": "j",
        "task": "t",
        "run_id": "r",
    }
    with closing(Watch(world.server.workspace.folder)) as watch:
        for tool in (*tools.reading, *tools.changing):
            needed = {name: given[name] for name in inspect.signature(tool).parameters if name in given}
            with pytest.raises((NotAllowed, NotFound)):
                tool(**needed)
        assert watch.look() == watch.seen


def _whole(given: Any) -> Any:
    """Return what was given; of what comes piece by piece, all the pieces."""
    return list(given) if inspect.isgenerator(given) else given


def _is_nothing(given: Any) -> bool:
    if isinstance(given, Page):
        return not given.records
    if isinstance(given, tuple):
        return not any(given)
    return not given or not any(vars(given).values()) if hasattr(given, "__dict__") else not given
