"""Several domains on one server: one address each, nothing of one seen in another."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.fixtures.served import SETTINGS, lay_out, parrot

from lorewright.access import LOCAL, Role
from lorewright.api.app import build_app
from lorewright.api.domain_apps import DomainApps
from lorewright.cli.main import main
from lorewright.errors import NotADomain
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.accounts.users_and_groups import add_user
from lorewright.workspace.domain.audit import list_audit
from lorewright.workspace.domain.siblings import domains_at, served_with
from lorewright.workspace.server.domains import ServedDomain, ServedDomains
from lorewright.workspace.server.server import Server

URL = "http://127.0.0.1:8321"
PASSWORD = "correct horse battery"
SPOKEN = {"model": "base", "messages": [{"role": "user", "content": "hello"}]}


class Domains:
    """Domains served together, with a visitor for each browser."""

    def __init__(self, place: Path, *names: str, is_open: bool = False) -> None:
        for name in names:
            if not (place / name).exists():
                lay_out(place / name)
        opens = partial(Server, open_one=lambda key: ScriptedEngine(parrot, name=key.uri))
        self.all = ServedDomains([place / name for name in names], new_in=place, opens=opens)
        self._is_open = is_open
        self.app = DomainApps(self.all, self._build)
        self._open = ExitStack()

    def _build(self, domain: ServedDomain) -> Any:
        return build_app(domain.open(), is_open=self._is_open, domains=self.all, domain=domain)

    def browser(self) -> TestClient:
        """Return a browser without a session."""
        return TestClient(self.app, base_url=URL, client=("127.0.0.1", 50_000))

    def server(self, slug: str) -> Server:
        """Return the server of a domain."""
        domain = self.all.find(slug)
        assert domain is not None
        return domain.open()

    def account(self, slug: str, name: str, password: str = PASSWORD, role: Role = "administrator") -> None:
        """Make an account in a domain."""
        add_user(self.server(slug), LOCAL, name=name, role=role, password=password)

    def key(self, slug: str) -> dict[str, str]:
        """Return the header of an administrator's key of a domain."""
        return {"Authorization": f"Bearer {self.server(slug).keys.make('k', is_admin=True)[1]}"}

    def __enter__(self) -> "Domains":
        self._open.enter_context(self.browser())
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Domains]:
    with Domains(tmp_path, "handbook", "contracts") as domains:
        yield domains


def names(listed: Any) -> list[str]:
    return [one["id"] for one in listed.json()["data"]]


def log_in(browser: TestClient, name: str, at: str = "", password: str = PASSWORD) -> int:
    given = {"name": name, "password": password}
    return browser.post(f"{at}/lorewright/v1/login", json=given).status_code


def test_the_first_domain_stays_where_a_single_one_is(two: Domains) -> None:
    """Whoever begins to serve a second domain must not change the address in a single client."""
    here = two.browser()

    assert here.get("/lorewright/v1/me", headers=two.key("handbook")).json()["is_admin"]
    assert here.get("/d/handbook/lorewright/v1/me", headers=two.key("handbook")).json()["is_admin"]
    assert here.post("/d/contracts/v1/chat/completions", json=SPOKEN, headers=two.key("contracts")).is_success


def test_a_key_of_one_domain_is_worth_nothing_in_another(two: Domains) -> None:
    """Two teams on one machine share its address, not what they may read."""
    here = two.browser()

    assert here.get("/d/contracts/v1/models", headers=two.key("handbook")).status_code == 401
    assert here.get("/v1/models", headers=two.key("contracts")).status_code == 401
    assert names(here.get("/lorewright/v1/domains", headers=two.key("handbook"))) == ["handbook"]


def test_chats_of_one_domain_are_not_in_another(two: Domains) -> None:
    """Chats, files and stores are kept where they were made."""
    here = two.browser()
    made = here.post("/v1/vector_stores", json={"name": "s"}, headers=two.key("handbook")).json()
    talk = here.post("/v1/conversations", json={}, headers=two.key("handbook")).json()

    for path in (f"/v1/vector_stores/{made['id']}", f"/v1/conversations/{talk['id']}"):
        assert here.get(path, headers=two.key("handbook")).status_code == 200
        assert here.get(f"/d/contracts{path}", headers=two.key("contracts")).status_code == 404


def test_one_login_opens_every_domain_with_the_same_account(two: Domains) -> None:
    """Whoever works in both types their password once."""
    two.account("handbook", "ada")
    two.account("contracts", "Ada")
    here = two.browser()
    assert log_in(here, "ada") == 200

    assert names(here.get("/lorewright/v1/domains")) == ["handbook", "contracts"]
    assert here.get("/d/contracts/lorewright/v1/me").json()["name"] == "Ada"
    assert here.post("/d/contracts/lorewright/v1/logout").status_code == 200
    assert here.get("/lorewright/v1/me").status_code == 401


def test_an_account_of_the_same_name_with_another_password_is_somebody_else(two: Domains) -> None:
    """A name is no proof: the domain is not entered, and not even listed."""
    two.account("handbook", "ada")
    two.account("contracts", "ada", "another battery staple")
    here = two.browser()
    assert log_in(here, "ada") == 200

    assert names(here.get("/lorewright/v1/domains")) == ["handbook"]
    assert here.get("/d/contracts/lorewright/v1/me").status_code == 401
    assert here.get("/lorewright/v1/domains/contracts").status_code == 404
    assert log_in(here, "ada", "/d/contracts", "another battery staple") == 200
    assert names(here.get("/lorewright/v1/domains")) == ["handbook", "contracts"]


def test_a_session_of_one_domain_opens_no_other(two: Domains) -> None:
    """Sessions are signed by their domain: a cookie under another name is worth nothing."""
    two.account("handbook", "ada")
    two.account("contracts", "bob")
    here = two.browser()
    assert log_in(here, "ada") == 200
    token = here.cookies["lorewright_session"]
    thief = two.browser()
    thief.cookies.set("lorewright_session_contracts", token)

    assert thief.get("/d/contracts/lorewright/v1/me").status_code == 401


def test_a_broken_domain_does_not_take_the_others_down(tmp_path: Path) -> None:
    """One damaged database, one wrong setting: the others are served, and it comes back once it is mended."""
    lay_out(tmp_path / "damaged")
    (tmp_path / "damaged" / ".lorewright").mkdir()
    (tmp_path / "damaged" / ".lorewright" / "lorewright.db").write_bytes(b"no database" * 1000)
    lay_out(tmp_path / "mistaken")
    (tmp_path / "mistaken" / "lorewright.toml").write_text('[models]\nno_such_setting = "x"\n')
    with Domains(tmp_path, "damaged", "handbook", "mistaken") as domains:
        here = domains.browser()

        assert here.get("/healthz").status_code == 503
        refused = here.get("/d/mistaken/v1/models")
        assert refused.status_code == 503
        assert refused.json()["error"]["code"] == "domain_unavailable"
        assert "no_such_setting" not in refused.text
        assert here.get("/d/handbook/v1/models", headers=domains.key("handbook")).status_code == 200


def test_an_administrator_creates_a_domain_and_is_in(two: Domains) -> None:
    """A click and a name: no terminal, no second account, and the next start serves it too."""
    two.account("handbook", "ada")
    here = two.browser()
    assert log_in(here, "ada") == 200
    made = here.post("/lorewright/v1/domains", json={"name": "Größere Verträge"}).json()

    assert (made["id"], made["path"], made["key"]) == ("Größere Verträge", "/d/grossere-vertrage", None)
    assert made["base_url"] == f"{URL}/d/grossere-vertrage/v1"
    assert here.get(f"{made['path']}/lorewright/v1/me").json()["is_admin"]
    assert here.get(f"{made['path']}/lorewright/v1/domains").json()["first_id"] == "Größere Verträge"
    folder = two.all.first.folder
    assert served_with(folder) == [folder.parent / "Größere Verträge"]
    (entry,) = list_audit(two.server("handbook").workspace, LOCAL, action="domain.created").records
    assert entry.body["thing"] == "Größere Verträge"


def test_a_new_domain_can_be_a_copy_of_a_template(two: Domains) -> None:
    """Who does not know yet what a domain needs looks at one that works."""
    given = {"name": "plants", "template": "plant-clinic"}
    made = two.browser().post("/lorewright/v1/domains", json=given, headers=two.key("handbook")).json()
    key = {"Authorization": f"Bearer {made['key']}"}

    files = two.browser().get("/d/plants/lorewright/v1/document-files", headers=key).json()
    assert len(files["data"]) > 1


@pytest.mark.parametrize("name", ["", " ", "..", "../up", "a/b", ".hidden", "x" * 61, "contracts", "con\0"])
def test_a_name_that_no_folder_should_have_is_refused(two: Domains, name: str) -> None:
    """The name is the folder's: it must not lead anywhere else, nor into what is there."""
    refused = two.browser().post("/lorewright/v1/domains", json={"name": name}, headers=two.key("handbook"))

    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == "name"
    assert len(two.all) == 2


def test_only_administrators_of_the_first_domain_create_domains(two: Domains) -> None:
    """A folder on the server's disk is a matter for those who run it."""
    two.account("handbook", "bob", role="editor")
    here = two.browser()
    assert log_in(here, "bob") == 200

    assert here.post("/lorewright/v1/domains", json={"name": "mine"}).status_code == 403
    other = here.post("/d/contracts/lorewright/v1/domains", json={"name": "m"}, headers=two.key("contracts"))
    assert other.status_code == 403


def test_without_keys_every_domain_is_open_to_this_machine(tmp_path: Path) -> None:
    """`--no-auth` is for one person at one machine, with all their domains."""
    with Domains(tmp_path, "handbook", "contracts", is_open=True) as domains:
        listed = domains.browser().get("/d/contracts/lorewright/v1/domains").json()["data"]

    assert [(one["id"], one["path"]) for one in listed] == [
        ("contracts", "/d/contracts"), ("handbook", "/d/handbook"),
    ]  # fmt: skip


def test_addresses_in_answers_lead_back_into_the_same_domain(two: Domains) -> None:
    """A client follows the address that it was given, and must not end in another domain."""
    document = two.browser().get("/d/contracts/openapi.json").json()

    assert document["servers"] == [{"url": "/d/contracts"}]


def test_a_prefix_that_is_none_is_not_repeated(two: Domains) -> None:
    """What a client says of a proxy is shown in pages."""
    said = {"X-Forwarded-Prefix": '"><script>alert(1)</script>'}

    assert "script>alert" not in two.browser().get("/docs", headers=said).text


def test_an_unknown_domain_is_an_unknown_address(two: Domains) -> None:
    """It must not be answered by the first one."""
    assert two.browser().get("/d/other/v1/models", headers=two.key("handbook")).status_code == 404


def test_two_folders_of_one_name_have_two_addresses(tmp_path: Path) -> None:
    """Handbooks of two teams are often called so."""
    for team in ("a", "b"):
        lay_out(tmp_path / team / "handbook")
    domains = ServedDomains([tmp_path / team / "handbook" for team in ("a", "b")])

    assert [domain.slug for domain in domains] == ["handbook", "handbook-2"]


def test_a_folder_of_domains_is_all_of_them(tmp_path: Path) -> None:
    """`lorewright serve ~/domains` needs no list that somebody must keep."""
    for name in ("b", "a"):
        lay_out(tmp_path / name)
    (tmp_path / "notes").mkdir()

    assert domains_at(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert domains_at(tmp_path / "a" / "documents") == [tmp_path / "a"]
    with pytest.raises(NotADomain):
        domains_at(tmp_path / "notes")


def test_serve_says_which_folder_is_no_domain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error in the list must not serve half of it in silence."""
    lay_out(tmp_path / "handbook")

    assert main(["serve", str(tmp_path / "handbook"), str(tmp_path / "none"), "--port", "0"]) == 2
    assert "none" in capsys.readouterr().err


def test_a_domain_that_was_damaged_is_opened_once_it_is_mended(tmp_path: Path) -> None:
    """Nobody should have to stop the others to bring one back."""
    folder = lay_out(tmp_path / "handbook")
    (folder / "lorewright.toml").write_text("[models]\nno_such_setting = 1\n")
    moments = iter([0.0, 5.0, 11.0])
    domain = ServedDomain(folder, "handbook", is_first=True, opens=Server, clock=lambda: next(moments))
    assert domain.find() is None
    (folder / "lorewright.toml").write_text(SETTINGS)

    assert domain.find() is None  # the same error for some seconds, whoever asks
    assert domain.find() is not None
    domain.close()


def test_the_work_of_a_domain_begins_when_it_is_opened_late(tmp_path: Path) -> None:
    """Jobs that a damaged domain had left go on once it is mended, and a new domain has its clocks."""
    began: list[str] = []
    domains = ServedDomains([lay_out(tmp_path / "handbook")])
    domains.begin(lambda server: began.append(server.name))
    late = domains.add(lay_out(tmp_path / "contracts"))
    assert began == ["handbook"]
    late.open()

    assert began == ["handbook", "contracts"]
    for domain in domains:
        domain.close()
