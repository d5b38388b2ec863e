"""Logging in at an OpenID provider, which runs as a process of its own."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from tests.fixtures.oidc_provider import CLIENT, SECRET
from tests.fixtures.processes import ANN
from tests.fixtures.served import SETTINGS, Served

ROOT = Path(__file__).parents[3]


class Server(Served):
    """A server that lets in whom the provider knows; browsers and the provider are at hand."""

    def __init__(self, folder: Path, issuer: str, settings: str = "") -> None:
        folder.mkdir(parents=True)
        section = f'[oidc]\nissuer = "{issuer}"\nclient_id = "{CLIENT}"\n{settings}'
        (folder / "lorewright.toml").write_text(SETTINGS + section)
        super().__init__(folder)
        self.issuer = issuer
        self._opened: list[httpx2.Client] = []
        self.follows()

    def browser(self) -> httpx2.Client:
        """Return a browser: it keeps cookies, and follows no redirect by itself."""
        client = httpx2.Client(base_url=f"{self.url}/lorewright/v1")
        self._opened.append(client)
        return client

    def follows(self, **what: Any) -> None:
        """Say who logs in next at the provider, and what it does wrong."""
        httpx2.post(f"{self.issuer}/next", json={"claims": ANN, **what}).raise_for_status()

    def log_in(self, browser: httpx2.Client, to: str = "/") -> httpx2.Response:
        """Return what the browser sees after it went to the provider and came back."""
        return browser.get(self.come_back(browser, to))

    def come_back(self, browser: httpx2.Client, to: str = "/") -> str:
        """Return the address that the provider sends the browser back to."""
        leaving = browser.get("/oidc/login", params={"to": to})
        assert leaving.status_code == 302, leaving.text
        return str(browser.get(leaving.headers["location"]).headers["location"])

    def audited(self, action: str) -> list[dict[str, Any]]:
        """Return what the audit says of one kind of action, the oldest first."""
        return [dict(record.body) for record in self.running.records("audit").all(label=action)]

    def close(self) -> None:
        """Close the browsers and stop the server."""
        for client in self._opened:
            client.close()
        super().close()


@pytest.fixture
def opened(tmp_path: Path, issuer: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return how to open a server with more settings."""
    monkeypatch.setenv("LOREWRIGHT_OIDC_SECRET", SECRET)
    servers: list[Server] = []

    def open_one(settings: str = "") -> Server:
        servers.append(Server(tmp_path / str(len(servers)), issuer, settings))
        return servers[-1]

    yield open_one
    for server in servers:
        server.close()


@pytest.fixture
def server(opened: Any) -> Server:
    made: Server = opened()
    return made


def refused(response: httpx2.Response, why: str) -> None:
    assert response.status_code == 401
    assert why in response.json()["error"]["message"]
    assert "lorewright_session" not in response.cookies


def test_whoever_the_provider_knows_has_a_session(server: Server) -> None:
    browser = server.browser()
    done = server.log_in(browser, to="/studio/documents")
    assert done.status_code == 200
    assert 'content="0;url=/studio/documents"' in done.text
    cookies = " ".join(done.headers.get_list("set-cookie")).casefold()
    assert "lorewright_session=" in cookies
    assert "samesite=strict" in cookies
    assert "httponly" in cookies
    me = browser.get("/me").json()
    assert (me["name"], me["is_admin"]) == ("ann@example.org", False)
    assert me["verbs"] == ["chat", "embed", "read"]


def test_a_logout_ends_it(server: Server) -> None:
    browser = server.browser()
    server.log_in(browser)
    token = browser.cookies["lorewright_session"]
    browser.post("/logout").raise_for_status()
    stolen = server.browser()
    stolen.cookies["lorewright_session"] = token
    assert stolen.get("/me").status_code == 401


def test_the_same_person_is_the_same_user(server: Server) -> None:
    """A person is known by what the provider calls them, whatever their address becomes."""
    server.log_in(server.browser())
    server.follows(claims={**ANN, "email": "ann.miller@example.org"})
    browser = server.browser()
    server.log_in(browser)
    assert [user.name for user in server.running.users.all()] == ["ann@example.org"]
    assert browser.get("/me").json()["user"] == server.running.users.all()[0].id


def test_the_browser_is_sent_with_all_that_guards_the_way_back(server: Server) -> None:
    leaving = server.browser().get("/oidc/login")
    asked = {
        name: values[0] for name, values in parse_qs(urlsplit(leaving.headers["location"]).query).items()
    }
    assert asked["redirect_uri"] == f"{server.url}/lorewright/v1/oidc/callback"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["scope"] == "openid profile email"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    cookie = leaving.headers["set-cookie"].casefold()
    assert all(
        part in cookie for part in ("httponly", "samesite=lax", "max-age=600", "path=/lorewright/v1/oidc")
    )
    assert SECRET not in leaving.headers["location"]


def test_another_state_is_refused(server: Server) -> None:
    browser = server.browser()
    back = server.come_back(browser)
    state = parse_qs(urlsplit(back).query)["state"][0]
    refused(browser.get(back.replace(state, "x" * len(state))), "started in another browser")


def test_a_login_that_another_browser_began_is_refused(server: Server) -> None:
    back = server.come_back(server.browser())
    refused(server.browser().get(back), "started in another browser")


def test_a_forged_cookie_is_refused(server: Server) -> None:
    browser = server.browser()
    back = server.come_back(browser)
    kept = browser.cookies["lorewright_oidc"]
    payload, rest = kept.split(".", 1)
    for forged in (f"x{payload}.{rest}", f"{payload}.{rest[:-3]}xxx", payload, ""):
        said = httpx2.get(back, cookies={"lorewright_oidc": forged})
        refused(said, "started in another browser")


def test_a_way_back_is_good_once(server: Server) -> None:
    browser = server.browser()
    back = server.come_back(browser)
    kept = browser.cookies["lorewright_oidc"]
    assert browser.get(back).status_code == 200
    assert "lorewright_oidc" not in browser.cookies
    refused(httpx2.get(back, cookies={"lorewright_oidc": kept}), "the code is invalid (invalid_grant)")


NOW = int(time.time())


@pytest.mark.parametrize(
    ("following", "why"),
    [
        ({"claims": {**ANN, "nonce": "another"}}, "nonce"),
        ({"claims": {**ANN, "iss": "https://other.example"}}, "iss"),
        ({"claims": {**ANN, "aud": "another client"}}, "aud"),
        ({"claims": {**ANN, "exp": NOW - 3600, "iat": NOW - 7200}}, "expired"),
        ({"sign": "other"}, "bad_signature"),
        ({"sign": "secret"}, "is invalid"),
        ({"sign": "none"}, "is invalid"),
        ({"error": True}, "access_denied"),
        ({"claims": {"sub": "ann"}}, "did not send the claim"),
    ],
)
def test_what_the_provider_did_not_say_to_us_is_refused(
    server: Server, following: dict[str, Any], why: str
) -> None:
    server.follows(**following)
    browser = server.browser()
    refused(server.log_in(browser), why)
    assert server.running.users.all() == []
    failed = server.audited("login.failed")
    assert [entry["facts"]["way"] for entry in failed] == ["oidc"]


def test_a_wrong_secret_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOREWRIGHT_OIDC_SECRET", "wrong")
    refused(server.log_in(server.browser()), "invalid_client")


def test_a_provider_that_says_it_is_another_is_not_believed(server: Server) -> None:
    server.follows(issuer="https://other.example")
    said = server.browser().get("/oidc/login")
    assert said.status_code == 503
    assert "reports the issuer 'https://other.example'" in said.json()["error"]["message"]


def test_a_provider_that_is_away_is_told_of(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    folder = tmp_path / "away"
    folder.mkdir()
    (folder / "lorewright.toml").write_text(f'{SETTINGS}[oidc]\nissuer = "{address}"\nclient_id = "a"\n')
    server = Served(folder)
    said = httpx2.get(f"{server.url}/lorewright/v1/oidc/login")
    server.close()
    assert said.status_code == 503
    assert "cannot be reached" in said.json()["error"]["message"]


def test_strangers_are_refused_where_the_settings_say_so(opened: Any) -> None:
    server = opened('new_users = "refuse"\n')
    refused(server.log_in(server.browser()), "No account found for 'ann@example.org'")
    server.running.users.add("Ann@Example.org", role="editor")
    browser = server.browser()
    server.log_in(browser)
    assert browser.get("/me").json()["name"] == "Ann@Example.org"


def test_an_account_is_taken_over_with_a_verified_address_only(server: Server) -> None:
    """Whoever calls themselves by another's name at a provider is not that other."""
    server.running.users.add("ann@example.org", role="administrator", password_hash="x")
    server.follows(claims={**ANN, "email_verified": False})
    refused(server.log_in(server.browser()), "not linked to your identity")
    server.follows()
    server.log_in(server.browser())
    server.follows(claims={**ANN, "sub": "another ann"})
    refused(server.log_in(server.browser()), "not linked to your identity")


def test_addresses_of_other_domains_are_refused(opened: Any) -> None:
    server = opened('allowed_domains = ["example.com"]\n')
    refused(server.log_in(server.browser()), "email domain is not allowed")
    server.follows(claims={**ANN, "email": "ann@Example.com", "email_verified": False})
    refused(server.log_in(server.browser()), "has not verified your address")
    server.follows(claims={**ANN, "email": "ann@Example.com"})
    assert server.log_in(server.browser()).status_code == 200


def test_groups_of_the_provider_open_models_and_close_them_again(opened: Any) -> None:
    server = opened()
    groups = server.running.groups
    staff, other = groups.add("staff", models=["parrot"]), groups.add("other", models=["rag"])
    browser = server.browser()
    server.log_in(browser)
    ann = server.running.users.all()[0].id
    assert groups.get(staff.id).users == (ann,)
    groups.change(other.id, {"users": [ann]})  # an administrator's own doing stays
    server.follows(claims={**ANN, "groups": ["elsewhere"]})
    server.log_in(server.browser())
    assert groups.get(staff.id).users == ()
    assert groups.get(other.id).users == (ann,)


def test_groups_of_the_provider_make_administrators_and_unmake_them(opened: Any) -> None:
    server = opened('administrators = ["admins"]\neditors = ["staff"]\n')
    server.follows(claims={**ANN, "groups": "admins"})
    browser = server.browser()
    server.log_in(browser)
    assert browser.get("/me").json()["is_admin"]
    server.follows()
    server.log_in(server.browser())
    assert not browser.get("/me").json()["is_admin"]
    assert server.running.users.all()[0].role == "editor"


def test_a_user_who_rests_is_refused(server: Server) -> None:
    server.log_in(server.browser())
    server.running.users.change(server.running.users.all()[0].id, {"is_active": False})
    refused(server.log_in(server.browser()), "is inactive")


def test_logins_are_written_down(server: Server) -> None:
    server.log_in(server.browser())
    user = server.running.users.all()[0]
    made, entered = server.audited("user.created")[0], server.audited("login")[0]
    assert (made["thing"], made["facts"]["subject"]) == (user.id, "ann")
    assert (entered["who"], entered["facts"]["issuer"]) == (user.id, server.issuer)
    assert entered["address"] == "127.0.0.1"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
def test_nobody_is_led_on_to_another_place(server: Server, to: str) -> None:
    done = server.log_in(server.browser(), to=to)
    assert 'content="0;url=/"' in done.text
    assert "evil" not in done.text


def test_a_removed_user_comes_back_as_a_new_one(server: Server) -> None:
    server.log_in(server.browser())
    first = server.running.users.all()[0].id
    admin = {"Authorization": f"Bearer {server.key}"}
    server.browser().delete(f"/users/{first}", headers=admin).raise_for_status()
    browser = server.browser()
    server.log_in(browser)
    assert browser.get("/me").json()["user"] != first


def test_without_a_provider_there_is_no_such_door(served: Served) -> None:
    said = httpx2.get(f"{served.url}/lorewright/v1/oidc/login")
    assert said.status_code == 404
    assert "oidc.issuer" in said.json()["error"]["message"]
