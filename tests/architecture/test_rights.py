"""Rights are asked for in the use case: no door can forget them, because none of them asks."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.fixtures.use_cases import ROOT, UseCase, door_files, is_use_case, use_cases

from lorewright.workspace.server.server import Server

NOBODY_YET: Mapping[str, str] = {
    "accounts.invitations:find_invitation": "whoever holds the token of an invitation is who it is for",
    "accounts.invitations:accept_invitation": "whoever holds the token of an invitation is who it is for",
    "accounts.login:has_accounts": "before anybody has an account there is nobody to ask; says yes or no",
    "accounts.login:log_in": "who calls is what it finds out",
    "accounts.login:session_caller": "who calls is what it finds out",
    "deployments.embeds:find_embed": "a chat is there for whoever visits a page that shows it",
    "deployments.embeds:embed_caller": "the key that asks for the visitors of a chat is what it finds out",
    "accounts.oidc:finish_login": "who calls is what it finds out",
    "accounts.oidc:start_login": "leads to the provider, which asks who it is",
    "accounts.oidc:oidc_settings": "the page for logging in shows the provider's name",
    "accounts.oidc:refusal_in": "reads a text that only we can have sealed",
    "accounts.oidc:seal_refusal": "seals a text for the page for logging in",
}
"""The use cases without a caller, each with its reason: logging in."""

OWN_PARTS: Mapping[str, str] = {
    "api/http/caller.py": "finds out who calls",
    "api/http/health.py": "says whether the database answers, and nothing of what is in it",
    "api/http/metrics.py": "counts for administrators and this machine, and asks for that itself",
    "cli/processes.py": "the process that sees to the jobs of a server",
}
"""The files of doors that reach parts of the domain without a use case, each with its reason."""
DATA = {
    "server": {
        "accounts_lock", "attempts", "blobs", "groups", "keys", "later", "ledger", "pool", "records",
        "resume", "sessions", "side", "start", "users", "workers",
    },
    "workspace": {
        "collection", "comparisons", "database", "documents", "embedder", "cached_embedder", "engine",
        "open_collection", "queue", "runs", "searchable_by", "store",
    },
}  # fmt: skip
"""The parts of a domain that hold what somebody may not be allowed to see."""


@pytest.mark.parametrize("case", use_cases(), ids=lambda case: case.path)
def test_a_use_case_takes_the_caller(case: UseCase) -> None:
    """One that does not know who calls cannot refuse anybody."""
    if case.path not in NOBODY_YET:
        assert "caller" in case.parameters, f"{case.path}, called by {sorted(case.doors)}"


def test_the_list_of_exceptions_holds_nothing_that_is_gone() -> None:
    """A list of exceptions that nobody tidies up hides the next hole."""
    known = {case.path for case in use_cases()}

    assert set(NOBODY_YET) <= known
    assert all((ROOT / path).is_file() for path in OWN_PARTS)


def test_doors_reach_no_data_without_a_use_case() -> None:
    """`server.records(...)` in a route is a use case without a right."""
    reached = {
        path.relative_to(ROOT).as_posix(): places for path in door_files() if (places := _reached(path))
    }

    assert {path: places for path, places in reached.items() if path not in OWN_PARTS} == {}
    assert set(reached) == set(OWN_PARTS)  # an exception that is not needed any more goes


def test_doors_ask_for_no_right_themselves() -> None:
    """A check in a route is one that the studio forgets; doors may hide a button with `may`, no more."""
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in door_files()
        if any(_is_need(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }

    assert asking == {
        "api/http/metrics.py",  # counts of the process: there is no use case behind them
        "api/openai/fine_tuning_permissions.py",  # refused for everybody, in OpenAI's words
        "api/own/advice.py",  # the interview touches no domain
        "api/own/flows.py",  # the kinds of nodes, and a flow that is checked without a domain
        "studio/screens/advise/interview.py",  # the interview touches no domain
        "studio/screens/settings/screen.py",  # a page that an address names is shown whole or not at all
    }


def test_a_hole_would_be_found() -> None:
    """The walk sees what is new: a function that takes a server and no caller, and a way around it."""
    hole = ast.parse("server.records('file').all(); self._server.workspace.runs.all()")

    assert sorted(_places(hole)) == ["server.records", "workspace.runs"]
    assert is_use_case(newly_made)


def newly_made(server: Server) -> str:
    """Stand for a new use case."""
    return server.name


newly_made.__module__ = "lorewright.workspace.server.new"


def _reached(path: Path) -> list[str]:
    return sorted(set(_places(ast.parse(path.read_text(encoding="utf-8")))))


def _places(tree: ast.AST) -> list[str]:
    """Return which parts of a domain the code reaches, as `server.records`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            name = name.lstrip("_")
            if node.attr in DATA.get(name, ()):
                found.append(f"{name}.{node.attr}")
    return found


def _is_need(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    asked = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return asked in ("need", "need_all_documents", "need_document", "need_place")
