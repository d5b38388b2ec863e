"""Invitations: a link makes one account, once, until it expires."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.fixtures.served import Served
from tests.fixtures.visitors import PASSWORD, Visitors

from lorewright.access import LOCAL
from lorewright.workspace.accounts.invitations import invite, open_invitations

FOREIGN = "https://evil.example"


@pytest.fixture
def visitors(served: Served) -> Iterator[Visitors]:
    visitors = Visitors(served)
    yield visitors
    visitors.close()


def accept(visitors: Visitors, token: str, *, name: str = "Grace", **more: Any) -> Any:
    """Return the response to somebody who accepts an invitation."""
    body = {"token": token, "name": name, "password": PASSWORD}
    return visitors.with_key("").post("/invitations/accept", json=body, **more)


def test_whoever_has_the_link_makes_one_account_and_is_in(served: Served, visitors: Visitors) -> None:
    """An administrator must not think up passwords for others, nor send them around."""
    group = served.running.groups.add("Desk")
    _, token = invite(served.running, LOCAL, role="editor", name="Grace", groups=["Desk"])

    said = accept(visitors, token)

    assert said.status_code == 200
    assert "httponly" in said.headers["set-cookie"].casefold()
    user = said.json()["user"]
    assert (user["name"], user["role"]) == ("Grace", "editor")
    assert user["id"] in served.running.groups.get(group.id).users
    assert open_invitations(served.running, LOCAL) == []
    assert accept(visitors, token, name="Mallory").status_code == 404


def test_a_link_that_is_over_is_worth_nothing(served: Served, visitors: Visitors) -> None:
    """A link in an old mail must not open the door years later."""
    invitation, token = invite(served.running, LOCAL, days=0.5)
    served.running.records("invitation").change(
        invitation.id, lambda body: {**body, "expires_at": body["expires_at"] - 43_201}
    )

    assert accept(visitors, token).status_code == 404
    assert open_invitations(served.running, LOCAL) == []


def test_a_withdrawn_a_false_and_a_used_link_look_the_same(served: Served, visitors: Visitors) -> None:
    """Whoever guesses learns nothing."""
    invitation, withdrawn = invite(served.running, LOCAL)
    visitors.with_key(served.key).delete(f"/invitations/{invitation.id}").raise_for_status()

    told = {accept(visitors, token).json()["error"]["message"] for token in (withdrawn, "guessed")}

    assert len(told) == 1


def test_a_password_that_is_too_short_leaves_the_link_valid(served: Served, visitors: Visitors) -> None:
    """A guest who mistypes must not need another invitation."""
    _, token = invite(served.running, LOCAL)
    short = {"token": token, "name": "Grace", "password": "short"}

    refused = visitors.with_key("").post("/invitations/accept", json=short)

    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "password")
    assert accept(visitors, token).status_code == 200


def test_a_page_from_elsewhere_cannot_accept(served: Served, visitors: Visitors) -> None:
    """Nobody is logged in to an account that another page has chosen for them."""
    _, token = invite(served.running, LOCAL)

    assert accept(visitors, token, headers={"Origin": FOREIGN}).status_code == 403


def test_only_administrators_invite(visitors: Visitors) -> None:
    """Whoever could invite an administrator would be one."""
    visitors.user("eve", password=PASSWORD, role="editor")
    client = visitors.logged_in("eve")

    assert client.post("/invitations", json={"role": "administrator"}).status_code == 403


@pytest.mark.parametrize("days", [0, -1, 91])
def test_an_invitation_has_an_end_that_can_be_seen(visitors: Visitors, served: Served, days: float) -> None:
    """A link for ever is a key under the mat."""
    refused = visitors.with_key(served.key).post("/invitations", json={"days": days})

    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "days")
