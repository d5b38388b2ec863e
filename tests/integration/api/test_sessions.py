"""Logging in with a password."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.fixtures.postgres import sqlite_only
from tests.fixtures.served import Served
from tests.fixtures.visitors import PASSWORD, Visitors

from lorewright.access.attempts import N_AN_ACCOUNT

FOREIGN = "https://evil.example"


@pytest.fixture
def visitors(served: Served) -> Iterator[Visitors]:
    visitors = Visitors(served)
    yield visitors
    visitors.close()


@pytest.fixture
def eve(visitors: Visitors) -> str:
    return visitors.user("eve", password=PASSWORD)


def test_a_password_opens_a_session_that_a_logout_ends(visitors: Visitors, eve: str) -> None:
    client = visitors.with_key("")
    said = client.post("/login", json={"name": "Eve", "password": PASSWORD})
    cookie = said.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age=43200" in cookie
    assert said.json()["user"]["id"] == eve
    assert client.get("/me").json()["user"] == eve

    token = client.cookies["lorewright_session"]
    client.post("/logout").raise_for_status()
    assert client.get("/me").status_code == 401
    stolen = visitors.with_key("")
    stolen.cookies["lorewright_session"] = token
    assert stolen.get("/me").status_code == 401


@pytest.mark.parametrize("name", ["eve", "nobody"])
@pytest.mark.usefixtures("eve")
def test_a_wrong_name_and_a_wrong_password_look_the_same(visitors: Visitors, name: str) -> None:
    refused = visitors.with_key("").post("/login", json={"name": name, "password": "wrong wrong wrong"})
    assert refused.status_code == 401
    assert refused.json()["error"]["message"].startswith("Wrong name or password.")
    assert "set-cookie" not in refused.headers


@pytest.mark.usefixtures("eve")
def test_guessing_is_slowed_down(served: Served, visitors: Visitors) -> None:
    client = visitors.with_key("")
    wrong = {"name": "eve", "password": "wrong wrong wrong"}
    for _ in range(N_AN_ACCOUNT - 1):
        served.running.attempts.begin("eve", "192.0.2.7")
    assert client.post("/login", json=wrong).status_code == 401
    locked = client.post("/login", json={"name": "eve", "password": PASSWORD})
    assert locked.status_code == 429
    assert int(locked.headers["retry-after"]) > 1


@pytest.mark.usefixtures("eve")
def test_a_forged_or_foreign_cookie_is_worth_nothing(visitors: Visitors) -> None:
    client = visitors.logged_in("eve")
    token = client.cookies["lorewright_session"]
    for forged in (("a" if token[0] != "a" else "b") + token[1:], token[:-2], "session_1", ""):
        other = visitors.with_key("")
        other.cookies["lorewright_session"] = forged
        assert other.get("/me").status_code == 401


@pytest.mark.usefixtures("eve")
def test_a_page_of_another_origin_changes_nothing(served: Served, visitors: Visitors) -> None:
    client = visitors.logged_in("eve")
    refused = client.post("/keys", json={"name": "k"}, headers={"Origin": FOREIGN})
    assert refused.status_code == 403
    assert client.post("/logout", headers={"Origin": "null"}).status_code == 403
    assert client.post("/keys", json={"name": "k"}, headers={"Origin": served.url}).status_code == 200


def test_a_new_password_needs_the_old_one_and_ends_sessions(visitors: Visitors, eve: str) -> None:
    client, elsewhere = visitors.logged_in("eve"), visitors.logged_in("eve")
    new = {"password": "a new long password"}
    for wrong in (new, {**new, "current_password": "not this one"}):
        assert client.post(f"/users/{eve}", json=wrong).json()["error"]["param"] == "current_password"
    short = client.post(f"/users/{eve}", json={"password": "short", "current_password": PASSWORD})
    assert short.json()["error"]["param"] == "password"

    client.post(f"/users/{eve}", json={**new, "current_password": PASSWORD}).raise_for_status()
    assert elsewhere.get("/me").status_code == 401
    assert visitors.logged_in("eve", new["password"]).get("/me").status_code == 200


@pytest.mark.usefixtures("eve")
def test_passwords_and_tokens_are_not_stored(served: Served, visitors: Visitors) -> None:
    token = visitors.logged_in("eve").cookies["lorewright_session"]
    held = b"".join(path.read_bytes() for path in state_of(served).rglob("*") if path.is_file())
    assert PASSWORD.encode() not in held
    assert token.encode() not in held


@sqlite_only
@pytest.mark.usefixtures("eve")
def test_what_signs_sessions_is_for_the_owner_alone(served: Served, visitors: Visitors) -> None:
    visitors.logged_in("eve")
    assert (state_of(served) / "session.key").stat().st_mode & 0o077 == 0


def state_of(served: Served) -> Path:
    return served.running.workspace.state_folder


def test_logins_and_failures_are_written_down(served: Served, visitors: Visitors, eve: str) -> None:
    visitors.with_key("").post("/login", json={"name": "my password by mistake", "password": "x"})
    visitors.with_key("").post("/login", json={"name": "eve", "password": "x"})
    visitors.logged_in("eve").post("/logout")
    said = visitors.admin.get("/audit", params={"order": "asc"})
    entries = [(entry["action"], entry["thing"], entry["who"]) for entry in said.json()["data"]]
    assert entries == [
        ("user.created", eve, served.running.keys.who(served.key).id),
        ("login.failed", "", None),
        ("login.failed", eve, None),
        ("login", eve, eve),
        ("logout", eve, eve),
    ]
    assert "by mistake" not in said.text


@pytest.mark.usefixtures("eve")
def test_no_session_is_needed_for_keys(visitors: Visitors) -> None:
    client = visitors.logged_in("eve")
    client.headers["Authorization"] = "Bearer lw-wrong"
    assert client.get("/me").status_code == 401, "a key that is sent counts, not the cookie"


@pytest.mark.usefixtures("eve")
def test_a_session_can_chat(served: Served, visitors: Visitors) -> None:
    client = visitors.logged_in("eve")
    said: httpx2.Response = client.post(
        f"{served.url}/v1/chat/completions",
        json={"model": "parrot", "messages": [{"role": "user", "content": "Hi"}]},
    )
    assert said.json()["choices"][0]["message"]["content"] == "You said: Hi"
