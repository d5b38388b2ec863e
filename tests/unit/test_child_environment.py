"""What processes that we start know of our environment."""

import pytest

from lorewright.settings import child_environment


def test_a_child_knows_no_secret_but_the_one_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job, and what a hostile file makes of its reader, would read every key otherwise."""
    for name in ("OPENAI_API_KEY", "LOREWRIGHT_OIDC_SECRET", "AWS_SECRET_ACCESS_KEY", "DESK_KEY"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    given = child_environment("OPENAI_API_KEY", "")

    assert given["OPENAI_API_KEY"] == "secret"
    assert [name for name, value in given.items() if value == "secret"] == ["OPENAI_API_KEY"]
    assert {"PATH", "LC_ALL"} <= given.keys()
