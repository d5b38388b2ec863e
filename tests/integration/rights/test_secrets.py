"""Nobody reads what they may not: random calls of all operations, and no word of a hidden document in sight.

Which ways there are for texts of documents to get out is listed in `tests/fixtures/secret_world.py`.
"""

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.fixtures.random_calls import Call, RandomCalls
from tests.fixtures.secret_world import (
    PAGES,
    QUESTIONS,
    RESTRICTED,
    SecretWorld,
    Somebody,
    build_secret_world,
    words,
)
from tests.fixtures.use_cases import use_cases

from lorewright.access import LOCAL, Caller
from lorewright.api.app import build_app
from lorewright.errors import LorewrightError
from lorewright.workspace.agents.tools import DomainTools
from lorewright.workspace.deployments.embeds import create_embed
from lorewright.workspace.documents.listing import document_ids, document_text

N_FEW, N_MANY = 250, 10_000
SEED = 7


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[SecretWorld]:
    world = build_secret_world(tmp_path)
    yield world
    world.world.server.close()


def test_some_hundred_random_calls_show_nobody_what_they_may_not_read(secret: SecretWorld) -> None:
    """A text that comes out on one way of hundreds is out: the walk takes them all, new ones too."""
    assert Leaks(secret, seed=SEED).after(N_FEW) == {}


@pytest.mark.thorough
def test_ten_thousand_random_calls_show_nobody_what_they_may_not_read(tmp_path: Path) -> None:
    """In worlds of their own, as calls change them: what is deleted can leak no more."""
    found: Counter[str] = Counter()
    called: set[str] = set()
    for seed in range(10):
        world = build_secret_world(tmp_path / str(seed))
        leaks = Leaks(world, seed=seed)
        found.update(leaks.after(N_MANY // 10))
        called |= leaks.called
        world.world.server.close()

    assert dict(found) == {}
    assert called >= set(leaks.calls.operations)


def test_the_walk_would_find_a_leak(secret: SecretWorld) -> None:
    """Or nothing would be shown by its silence: an administrator is told what nobody else may read."""
    leaks = Leaks(secret, seed=SEED)
    person = secret.person("outsider")
    key = secret.world.server.keys.make("root", is_admin=True)[1]
    admin = Somebody("root", person.caller, key, person.hidden)

    found = leaks.after(160, people=(admin,))

    assert sum(found.values()) > 15
    assert {"POST /lorewright/v1/flows/run_node", "POST /v1/chat/completions"} <= {
        name.partition(":")[0].removeprefix("root ") for name in found
    }


class Leaks:
    """Calls as people call, and counts where words come out that they may not read."""

    def __init__(self, secret: SecretWorld, *, seed: int) -> None:
        app = build_app(secret.world.server)
        self._client = TestClient(app, raise_server_exceptions=False)
        self._secret = secret
        self.calls = RandomCalls(secret, app.openapi(), seed=seed)
        self.called: set[str] = set()

    def after(self, n: int, *, people: tuple[Somebody, ...] = ()) -> dict[str, int]:
        """Return what leaked in `n` calls, and where what is hidden and what is missing are told apart."""
        found: Counter[str] = Counter()
        people = people or self._secret.people
        for number in range(n):
            person = people[number % len(people)]
            call = self.calls.draw()
            self.called.add(call.operation)
            status, told = self._told(person, call)
            out = [word for word in person.hidden if word in told and word not in call.text]
            if out:
                found[f"{person.name} {call.operation}: {out[0]}"] += 1
            if status >= 500:
                found[f"{person.name} {call.operation}: {status} {told[-200:]}"] += 1
            if call.swapped[0] and any(word in call.swapped[0] for word in person.hidden):
                other = self._told(person, call.with_absent())
                if _blank(other, call) != _blank((status, told), call):
                    found[f"{person.name} {call.operation}: {told[-150:]} is not {other[1][-150:]}"] += 1
        return dict(found)

    def _told(self, person: Somebody, call: Call) -> tuple[int, str]:
        """Return the status, and headers and body as one text."""
        sent: dict[str, Any] = {"json": call.body} if call.body is not None else {}
        if call.is_form:
            files = dict.fromkeys(("file", "data"), ("made.md", b"# Made"))
            sent = {"files": files, "data": {"purpose": "assistants"}}
        answer = self._client.request(
            call.method,
            call.path,
            params=dict(call.query),
            headers={"Authorization": f"Bearer {person.secret}"},
            **sent,
        )
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        return answer.status_code, f"{headers}\n\n{answer.text}"


def _blank(told: tuple[int, str], call: Call) -> tuple[int, str]:
    """Return an answer without what names its own request."""
    text = told[1].partition("\n\n")[2]
    for name in call.swapped:
        text = text.replace(name, "ID")
    return told[0], re.sub(r"req_\w+|[0-9a-f]{32}|\d+\.\d+", "N", text)


@pytest.mark.parametrize("reads_documents", [False, True], ids=["own words", "documents"])
def test_a_chat_on_a_page_tells_strangers_nothing_that_is_restricted(
    secret: SecretWorld, *, reads_documents: bool
) -> None:
    """Its visitors have no key: whoever finds the page reads what it tells."""
    server = secret.world.server
    client = TestClient(build_app(server), headers={"Origin": "http://testserver"})
    hidden = [
        word for name in PAGES if name in RESTRICTED or name.startswith(RESTRICTED) for word in words(name)
    ]
    told = ""
    for name in ("desk", "cards", "helpdesk"):
        embed = create_embed(
            server, LOCAL, name, title="Help", origins=["https://a.example"], reads_documents=reads_documents
        )
        told += client.get(f"/embed/{embed.id}").text
        for question in QUESTIONS:
            body = {"messages": [{"role": "user", "content": question}]}
            answer = client.post(f"/embed/{embed.id}/chat", json=body)
            assert answer.status_code < 500, answer.text
            told += answer.text

    assert "data:" in told
    assert [word for word in hidden if word in told] == []


ASKING = [case for case in use_cases() if "caller" in case.parameters and inspect.isfunction(case.call)]


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["outsider", "guest", "insider", "clerk", "both", "machine"])
def test_no_use_case_shows_anybody_what_they_may_not_read(tmp_path: Path, name: str) -> None:
    """The studio calls use cases that no API offers."""
    secret = build_secret_world(tmp_path)
    person, leaked = secret.person(name), {}
    for case in ASKING:
        arguments = secret.world.arguments(case, person.caller)
        given = " ".join(_shown(value) for value in arguments.values() if not isinstance(value, Caller))
        try:
            told = _shown(case.call(**arguments))
        except LorewrightError as error:
            told = f"{error} {error.hint}"
        if out := [word for word in person.hidden if word in told and word not in given]:
            leaked[case.path] = out
    secret.world.server.close()

    assert leaked == {}


def test_no_tool_of_an_agent_shows_what_its_key_may_not_read(secret: SecretWorld) -> None:
    """A model that calls tools over MCP reads what its key may, and says all of it to whoever asks."""
    assert {person.name: _told_to(secret, person) for person in secret.people} == {
        person.name: [] for person in secret.people
    }


def _told_to(secret: SecretWorld, person: Somebody) -> list[str]:
    """Return the words that tools and resources told somebody though they may not read them."""
    server = secret.world.server
    tools = DomainTools(server, lambda: person.caller)
    models = ("", "handbook/rag", "handbook/quote", "handbook/few-shot", "desk")
    told = [_tried(tools.ask, question, model) for question in QUESTIONS for model in models]
    told += [_tried(tools.search, question, 20) for question in QUESTIONS]
    told += [_tried(tools.list_comparisons), _tried(tools.recommendation)]
    told += [_tried(tools.job_status, job.id) for job in server.workspace.queue.all()]
    names = document_ids(server.workspace, person.caller, limit=100)
    told += [str(names), *(document_text(server.workspace, person.caller, one) for one in names)]

    return [word for word in person.hidden if any(word in text for text in told)]


def _tried(work: Any, *given: Any) -> str:
    try:
        return str(work(*given))
    except LorewrightError as error:
        return f"{error} {error.hint}"


def _shown(value: Any, depth: int = 0) -> str:
    """Return all that a value holds as one text."""
    if depth > 12 or isinstance(value, Caller):
        return ""
    if inspect.isgenerator(value):
        return _shown(list(value), depth + 1)
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(_shown(getattr(value, one.name), depth + 1) for one in fields(value))
    if isinstance(value, Mapping):
        return " ".join(_shown(one, depth + 1) for pair in value.items() for one in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(_shown(one, depth + 1) for one in value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Path) and value.is_file():
        return value.read_bytes().decode("utf-8", "replace")
    return str(value)
