"""The same over every door: the API, and the studio's own functions."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.fixtures.rights_watch import Watch
from tests.fixtures.rights_world import NOBODY, World, build_world
from tests.fixtures.use_cases import ROOT

from lorewright.access import LOCAL, Caller
from lorewright.api.app import build_app
from lorewright.errors import NotAllowed, NotFound, UnknownName
from lorewright.workspace.deployments.deploy import Order, deploy, promote
from lorewright.workspace.deployments.listing import versions_of
from lorewright.workspace.server.server import Server

pytestmark = pytest.mark.thorough

OPEN = {
    "/healthz": "whether the process lives",
    "/readyz": "whether the database answers",
    "/lorewright/v1/login": "who calls is what it finds out",
    "/lorewright/v1/logout": "ends a session, if there is one",
    "/lorewright/v1/me": "what the key itself may do",
    "/lorewright/v1/oidc": "the provider of the page for logging in",
    "/lorewright/v1/oidc/login": "leads there",
    "/lorewright/v1/oidc/callback": "comes from there",
    "/metrics": "counts, for this machine",
    "GET /lorewright/v1/keys": "the key itself, which sees no other",
}
"""The operations that answer whoever has a key, or none, each with its reason."""
TURN = {"role": "user", "content": "How long?"}
NODE = {"id": "answer", "kind": "answer", "params": {}}
BODIES: Mapping[str, Any] = {
    "/v1/messages": {"model": "parrot", "messages": [TURN], "max_tokens": 9},
    "/v1/messages/count_tokens": {"model": "parrot", "messages": [TURN]},
    "/v1/conversations/{conversation_id}/items": {"items": [{"type": "message", **TURN}]},
    "/v1/evals/{eval_id}": {"name": "other"},
    "/v1/batches": {"input_file_id": "f", "endpoint": "/v1/embeddings", "completion_window": "24h"},
    "/v1/vector_stores/{store_id}/file_batches": {"file_ids": ["f"]},
    "/lorewright/v1/deployments": {"name": "other", "arm": "rag"},
    "/lorewright/v1/flows": {"name": "other", "nodes": [NODE], "edges": []},
    "/lorewright/v1/agent/runs/{agent_run_id}/decisions": {"decisions": {"call": True}},
    "/lorewright/v1/agent/runs/{agent_run_id}/rating": {"thumb": "up"},
    "/lorewright/v1/flows/run": {"flow": "rag", "messages": [TURN]},
}
"""Bodies where the schema alone does not say what is taken."""
QUERY: Mapping[str, Any] = {
    "path": "hr/",
    "document": "leave.md", "number": 1, "old": 1, "new": 1, "before": "", "token": "x", "digest": "x",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = build_world(tmp_path_factory.mktemp("world"))
    yield world
    world.server.close()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the OpenAPI document, with a body that its schema takes."""

    method: str
    path: str
    body: Any
    is_form: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def test_a_key_without_rights_gets_nothing_over_the_api(world: World) -> None:
    """Every operation that the document names, so that a new one is looked at by itself."""
    secret = world.server.keys.make("nobody", verbs=(), models=(), stores=())[1]
    app = build_app(world.server)
    client = TestClient(app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)
    operations = [one for one in _operations(app.openapi()) if not {one.path, str(one)} & set(OPEN)]
    with closing(Watch(world.server.workspace.folder)) as watch:
        told = {
            str(one): _told(client, world, one) for one in operations if not {one.path, str(one)} & set(OPEN)
        }
        changed = watch.look() != watch.seen

    assert len(told) > 180
    assert {name: what for name, what in told.items() if what} == {}
    assert not changed


def _told(client: TestClient, world: World, operation: Operation) -> str:
    """Return what an operation told that it should not have, '' for nothing."""
    path = re.sub(r"\{(\w+)\}", lambda name: str(world.by_name.get(name[1], "x")), operation.path)
    body = BODIES.get(operation.path, operation.body)
    sent: dict[str, Any] = {"json": body} if body is not None else {}
    if operation.is_form:
        files = dict.fromkeys(("file", "data"), ("a.md", b"a"))
        sent = {"files": files, "data": {"purpose": "assistants"}}
    answer = client.request(operation.method, path, params=QUERY, **sent)
    if answer.status_code in (401, 403, 404):
        return ""
    told = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
    is_empty = isinstance(told, Mapping) and told.get("data") == [] and answer.status_code == 200
    return "" if is_empty else f"{answer.status_code} {str(told)[:200]}"


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            content = described.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            body = _example(schema, document) if schema else None
            yield Operation(method.upper(), path, body, "multipart/form-data" in content)


def _example(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return a value that a schema takes: what is required, as little as it may be."""
    if "$ref" in schema:
        place: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        return _example(place, document)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return _example(schema[several][0], document)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type", "object")
    if kind == "object":
        needed = schema.get("required", ())
        return {name: _example(schema["properties"][name], document) for name in needed}
    if kind == "array":
        return [_example(schema["items"], document)] * max(1, schema.get("minItems", 1))
    return {"string": "x" * max(1, schema.get("minLength", 1)), "integer": 1, "number": 0.5, "boolean": True}[
        kind
    ]


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the studio's own functions ask of a visit."""

    server: Server
    caller: Caller


def _studio_functions() -> list[Any]:
    """Return every function of a screen that works for a visitor and draws nothing."""
    found = []
    for path in sorted((ROOT / "studio" / "screens").rglob("*.py")):
        module = ".".join(("lorewright", *path.relative_to(ROOT).with_suffix("").parts))
        found += [
            pytest.param(module, node.name, id=f"{module[26:]}:{node.name}")
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef) and _works_for_a_visitor(node)
        ]
    return found


def _works_for_a_visitor(function: ast.FunctionDef) -> bool:
    code = ast.unparse(function)
    is_given = bool(function.args.args) and function.args.args[0].arg == "visit"
    return is_given and "visit.caller" in code and not re.search(r"\bui\.|\bwith |Cell\]", code)


@pytest.mark.parametrize(("module", "name"), _studio_functions())
def test_the_studio_does_nothing_for_nobody(world: World, module: str, name: str) -> None:
    """A button that is hidden is no check: what it calls refuses."""
    work: Callable[..., Any] = getattr(import_module(module), name)
    comparison = world.by_name["comparison_id"]
    given = world.by_name | {
        "job_id": world.by_case["server.jobs:find_job"]["job_id"], "one_id": comparison,
        "other_id": comparison, "names": ["leave.md"], "groups": world.server.groups.all(),
        "chosen": {world.by_name["group_id"]}, "is_about_documents": True,
        "saved": [("leave.md", world.server.workspace.documents_folder / "leave.md")],
    }  # fmt: skip
    visit = Visitor(world.server, NOBODY)
    needed = {
        parameter.name: given[parameter.name]
        for parameter in list(inspect.signature(work).parameters.values())[1:]
        if parameter.default is parameter.empty
    }
    with closing(Watch(world.server.workspace.folder)) as watch:
        with pytest.raises((NotAllowed, NotFound)):
            work(visit, **needed)
        assert watch.look() == watch.seen


def test_a_key_for_one_model_deploys_no_other(world: World) -> None:
    """The studio's form put a version live that the API had refused: the scope holds in the use case."""
    workspace = world.server.workspace
    desk = Caller(id="key_desk", name="desk", verbs=("deploy", "read", "chat"), models=("desk/base",))
    before = versions_of(workspace, LOCAL, "helpdesk")

    for work in (
        lambda: deploy(workspace, desk, Order(name="helpdesk", arm="base")),
        lambda: promote(workspace, desk, "helpdesk", 1),
        lambda: deploy(workspace, desk, Order(name="nowhere", arm="base")),
    ):
        with pytest.raises(NotFound, match="No deployment found"):
            work()

    assert versions_of(workspace, LOCAL, "helpdesk") == before


def test_an_arm_that_a_key_may_not_use_is_not_deployed_under_a_name_that_it_may(world: World) -> None:
    """Else whoever may deploy to one name may ask every model through it."""
    workspace = world.server.workspace
    narrow = Caller(id="key_narrow", name="narrow", verbs=("deploy",), models=("helpdesk", "handbook/base"))

    with pytest.raises(UnknownName, match="No arm named 'rag'") as refused:
        deploy(workspace, narrow, Order(name="helpdesk", arm="rag", is_held=True))
    with pytest.raises(NotAllowed, match="is limited to some models"):
        deploy(workspace, narrow, Order(name="helpdesk", flow=world.by_name["flow"], is_held=True))

    assert refused.value.hint == "Available: base."
    assert deploy(workspace, narrow, Order(name="helpdesk", arm="base", is_held=True)).arm == "base"
