"""Templates over HTTP: listed, and loaded into an empty domain alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.fixtures.served import SETTINGS, Served

from lorewright.access import LOCAL
from lorewright.workspace.domain.audit import list_audit


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    """A served domain without anything in it."""
    folder = tmp_path / "new"
    (folder / "documents").mkdir(parents=True)
    (folder / "lorewright.toml").write_text(SETTINGS)
    server = Served(folder)
    yield server
    server.close()


def call(served: Served, method: str, path: str, *, key: str = "") -> Any:
    answer = httpx2.request(
        method,
        f"{served.url}/lorewright/v1{path}",
        headers={"Authorization": f"Bearer {key or served.key}"},
        timeout=30,
    )
    return answer.status_code, answer.json()


def test_templates_are_listed_with_what_they_show(empty: Served) -> None:
    _, listed = call(empty, "GET", "/templates")
    kinds = {template["id"]: template["kind"] for template in listed["data"]}
    assert kinds["contract-analysis"] == "documents"
    assert kinds["customer-tone"] == "tuning"
    assert kinds["plant-clinic"] == "both"


def test_an_empty_domain_takes_one_over_once(empty: Served) -> None:
    """Twice would be over what somebody has by then; settings that were set stay."""
    status, loaded = call(empty, "POST", "/templates/customer-tone")
    assert (status, loaded["id"], loaded["job"]["kind"]) == (200, "customer-tone", "add")
    folder = empty.running.workspace.folder
    assert (folder / "examples" / "examples.jsonl").is_file()
    assert (folder / "lorewright.toml").read_text() == SETTINGS
    (entry,) = list_audit(empty.running.workspace, LOCAL, action="domain.filled").records
    assert entry.body["thing"] == "customer-tone"

    (folder / "examples" / "examples.jsonl").write_text("{}\n")
    status, refused = call(empty, "POST", "/templates/contract-analysis")
    assert status == 400
    assert "already contains" in refused["error"]["message"]
    assert (folder / "examples" / "examples.jsonl").read_text() == "{}\n"
    assert not (folder / "README.md").read_text().startswith("# Contract")


def test_a_reader_may_not_load_one(empty: Served) -> None:
    key = empty.running.keys.make("reader", verbs=("read", "chat"))[1]
    status, _ = call(empty, "POST", "/templates/customer-tone", key=key)
    assert status == 403
    assert not (empty.running.workspace.folder / "examples").exists()


def test_an_unknown_template_is_refused_with_the_names(empty: Served) -> None:
    status, refused = call(empty, "POST", "/templates/contracts")
    assert status in (400, 404)
    assert "contract-analysis" in str(refused)
