"""What a server tells of its work: headers, logs, metrics, the audit; and what it keeps to itself."""

import json
import logging
import time
from collections.abc import Iterator

import httpx2
import openai
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.fixtures.served import Served
from tests.fixtures.visitors import PASSWORD, Visitors

from lorewright.access import LOCAL
from lorewright.workspace.agents.tools import DomainTools


@pytest.fixture
def visitors(served: Served) -> Iterator[Visitors]:
    visitors = Visitors(served)
    yield visitors
    visitors.close()


def root(served: Served, path: str, **headers: str) -> httpx2.Response:
    return httpx2.get(f"{served.url}{path}", headers=headers)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [
        json.loads(record.getMessage()) for record in caplog.records if record.name == "lorewright.access"
    ]


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """Return the lines once there is one: it is written when the response has left already."""
    while not (found := lines(caplog)):
        time.sleep(0.01)
    return found


def test_every_response_has_an_id_and_headers_for_browsers(served: Served) -> None:
    for path in ("/healthz", "/v1/models", "/nowhere"):
        said = root(served, path)
        assert said.headers["x-request-id"].startswith("req_")
        assert said.headers["x-content-type-options"] == "nosniff"
        assert said.headers["x-frame-options"] == "DENY"


def test_the_id_of_a_proxy_is_kept_where_it_is_a_plain_one(served: Served) -> None:
    kept = root(served, "/healthz", **{"x-request-id": "trace-1.2"})
    assert kept.headers["x-request-id"] == "trace-1.2"
    odd = root(served, "/healthz", **{"x-request-id": 'a"b c'})
    assert odd.headers["x-request-id"].startswith("req_")


def test_sdks_know_the_id_of_a_request(client: openai.OpenAI) -> None:
    said = client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "Hi"}])
    assert str(said._request_id).startswith("req_")


def test_a_request_is_one_line_of_json(
    served: Served, visitors: Visitors, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "lorewright.access"):
        said = visitors.admin.get("/users/user_1?token=hidden")
        (line,) = logged(caplog)
    assert line["request_id"] == said.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/lorewright/v1/users/{user_id}", 404)
    assert line["caller"] == served.running.keys.who(served.key).id
    assert "hidden" not in caplog.text


CLIENTS = ("httpcore", "httpcore2", "httpx2", "openai")
"""The loggers of the test's own clients, which tell what they send."""


def test_no_secret_is_ever_logged(
    served: Served, visitors: Visitors, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are copied to places that nobody trusts with keys."""
    caplog.set_level(logging.DEBUG)
    visitors.user("eve", password=PASSWORD)
    made = visitors.key(name="new")
    token = visitors.logged_in("eve").cookies["lorewright_session"]
    visitors.with_key("").post("/login", json={"name": "eve", "password": "wrong password"})
    visitors.with_key("lw-not-a-key").get("/me")
    visitors.sdk(made["secret"]).models.list()
    ours = [record for record in caplog.records if record.name.split(".")[0] not in CLIENTS]
    logged = "\n".join(f"{record.getMessage()} {record.args}" for record in ours)
    assert lines(caplog)
    for secret in (served.key, made["secret"], PASSWORD, token, "wrong password", "lw-not-a-key"):
        assert secret not in logged


def test_metrics_tell_of_requests_tokens_engines_and_jobs(served: Served, client: openai.OpenAI) -> None:
    client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "Hi"}])
    root(served, "/v1/models/none")
    told = root(served, "/metrics").text
    for line in (
        'lorewright_requests_total{method="POST",route="/v1/chat/completions",status="200"} 1.0',
        'lorewright_request_seconds_count{method="POST",route="/v1/chat/completions"} 1.0',
        'lorewright_model_calls_total{model="parrot"} 1.0',
        "lorewright_waiting_requests 0.0",
        "lorewright_loaded_engines 1.0",
        'lorewright_engine_bytes{model="parrot"} 0.0',
        'lorewright_jobs{state="queued"} 1.0',
    ):
        assert line in told
    assert 'lorewright_tokens_total{kind="completion",model="parrot"}' in told


def test_metrics_can_be_read_by_prometheus(served: Served, client: openai.OpenAI) -> None:
    client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "Hi"}])
    told = root(served, "/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=")
    families = {family.name: family for family in text_string_to_metric_families(told.text)}
    assert families["lorewright_requests"].type == "counter"
    assert families["lorewright_request_seconds"].type == "histogram"
    assert families["lorewright_jobs"].type == "gauge"


def test_the_server_says_that_it_lives_and_is_ready(served: Served) -> None:
    for path in ("/healthz", "/readyz"):
        said = root(served, path)
        assert (said.status_code, said.json()["status"]) == (200, "ok")


def test_metrics_are_for_this_machine_or_an_administrator(served: Served, visitors: Visitors) -> None:
    for foreign in ({"host": "lorewright.example"}, {"x-forwarded-for": "192.0.2.7"}):
        assert root(served, "/metrics", **foreign).status_code == 401
        guest = f"Bearer {visitors.key()['secret']}"
        assert root(served, "/metrics", authorization=guest, **foreign).status_code == 403
        assert root(served, "/metrics", authorization=f"Bearer {served.key}", **foreign).status_code == 200


def test_what_changed_is_written_down(served: Served, visitors: Visitors) -> None:
    client = visitors.sdk(served.key)
    file = client.files.create(file=("a.txt", b"a"), purpose="assistants")
    store = client.vector_stores.create(name="s")
    client.vector_stores.update(store.id, name="t")
    client.vector_stores.search(store.id, query="a")
    client.files.delete(file.id)
    key = visitors.key(name="new")
    visitors.admin.delete(f"/keys/{key['id']}")
    said = visitors.admin.get("/audit", params={"order": "asc"}).json()["data"]
    assert [(entry["action"], entry["thing"]) for entry in said] == [
        ("file.created", file.id),
        ("vector_store.created", store.id),
        ("vector_store.changed", store.id),
        ("file.removed", file.id),
        ("key.created", key["id"]),
        ("key.revoked", key["id"]),
    ]
    assert {entry["who"] for entry in said} == {served.running.keys.who(served.key).id}
    revoked = visitors.admin.get("/audit", params={"action": "key.revoked"}).json()
    assert [entry["thing"] for entry in revoked["data"]] == [key["id"]]


def test_what_was_refused_did_not_change_anything(visitors: Visitors) -> None:
    reader = visitors.sdk(visitors.key(verbs=["read"])["secret"])
    with pytest.raises(openai.PermissionDeniedError):
        reader.files.create(file=("a.txt", b"a"), purpose="assistants")
    said = visitors.admin.get("/audit").json()["data"]
    assert [entry["action"] for entry in said] == ["key.created"]


def test_documents_are_written_down_by_their_ids(visitors: Visitors) -> None:
    added = visitors.admin.post("/documents", files={"file": ("a.md", b"# A")}, data={"under": "deep/down"})
    (document,) = added.raise_for_status().json()["documents"]
    visitors.admin.delete(f"/documents/{document}").raise_for_status()
    said = visitors.admin.get("/audit").json()["data"]
    assert [(entry["action"], entry["thing"]) for entry in said] == [
        ("document.removed", document),
        ("document.created", document),
    ]


def test_the_audit_cannot_be_changed(visitors: Visitors) -> None:
    visitors.key()
    (entry,) = visitors.admin.get("/audit").json()["data"]
    for path in ("/audit", f"/audit/{entry['id']}"):
        assert visitors.admin.delete(path).status_code in (404, 405)
        assert visitors.admin.post(path, json={}).status_code in (404, 405)


def test_pages_of_other_origins_are_not_let_in(served: Served) -> None:
    said = root(served, "/healthz", origin="https://app.example")
    assert "access-control-allow-origin" not in said.headers


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/metrics"])
def test_other_machines_need_a_key_to_read_what_the_server_is(served: Served, path: str) -> None:
    """A list of every operation, and of what is in use, is a gift to whoever looks for a way in."""
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    assert httpx2.get(served.url + path, timeout=60).status_code == 200
    assert httpx2.get(served.url + path, headers=elsewhere, timeout=60).status_code == 401
    keyed = elsewhere | {"Authorization": f"Bearer {served.key}"}
    assert httpx2.get(served.url + path, headers=keyed, timeout=60).status_code == 200


def test_an_entry_says_through_which_door_it_came(served: Served, visitors: Visitors) -> None:
    """Whoever looks into what happened finds the request in the log, and the address."""
    made = visitors.admin.post("/keys", json={"name": "k"})
    told = DomainTools(served.running, lambda: LOCAL).add_document("note", "A note.")

    document, key = visitors.admin.get("/audit").json()["data"]

    assert (key["action"], key["door"], key["address"]) == ("key.created", "api", "127.0.0.1")
    assert key["request_id"] == made.headers["x-request-id"]
    assert (document["action"], document["thing"]) == ("document.created", told["document"])
    assert (document["door"], document["name"]) == ("", "local")
