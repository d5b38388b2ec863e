"""Keys over HTTP: made, narrowed, limited, revoked; and users, who have them."""

import time
from collections.abc import Iterator

import openai
import pytest
from tests.fixtures.served import Served
from tests.fixtures.visitors import PASSWORD, Visitors


@pytest.fixture
def visitors(served: Served) -> Iterator[Visitors]:
    visitors = Visitors(served)
    yield visitors
    visitors.close()


def test_a_new_key_works_and_its_secret_is_shown_once(visitors: Visitors) -> None:
    made = visitors.key(verbs=["chat"])
    assert visitors.sdk(str(made["secret"])).models.list().data
    assert "secret" not in visitors.admin.get(f"/keys/{made['id']}").json()
    assert str(made["secret"]) not in visitors.admin.get("/keys").text


def test_a_revoked_key_is_refused_at_once(visitors: Visitors) -> None:
    made = visitors.key()
    client = visitors.sdk(str(made["secret"]))
    client.models.list()
    assert visitors.admin.delete(f"/keys/{made['id']}").json() == {
        "id": made["id"], "object": "key.deleted", "deleted": True,
    }  # fmt: skip
    with pytest.raises(openai.AuthenticationError):
        client.models.list()
    assert visitors.admin.get(f"/keys/{made['id']}").status_code == 404


def test_keys_are_listed_page_by_page(visitors: Visitors) -> None:
    ids = [visitors.key()["id"] for _ in range(3)]
    first = visitors.admin.get("/keys", params={"limit": 2}).json()
    rest = visitors.admin.get("/keys", params={"after": first["last_id"]}).json()
    assert [key["id"] for key in first["data"]] == [ids[2], ids[1]]
    assert first["has_more"]
    assert rest["data"][0]["id"] == ids[0]


def test_the_last_administrator_cannot_be_revoked(visitors: Visitors) -> None:
    (only,) = visitors.admin.get("/keys").json()["data"]
    refused = visitors.admin.delete(f"/keys/{only['id']}")
    assert refused.status_code == 409
    assert "last administrator" in refused.json()["error"]["message"]
    expiring = visitors.admin.post(f"/keys/{only['id']}", json={"expires_at": time.time() + 60})
    assert expiring.status_code == 409

    visitors.user("ada", "administrator", password=PASSWORD)
    assert visitors.admin.delete(f"/keys/{only['id']}").status_code == 200
    ada = visitors.logged_in("ada")
    user = ada.get("/me").json()["id"]
    assert ada.post(f"/users/{user}", json={"role": "reader"}).status_code == 409
    assert ada.post(f"/users/{user}", json={"is_active": False}).status_code == 409
    assert ada.delete(f"/users/{user}").status_code == 409


@pytest.mark.parametrize(
    ("wanted", "param"),
    [
        ({"verbs": ["fly"]}, "verbs"),
        ({"is_admin": True, "models": ["parrot"]}, "is_admin"),
        ({"expires_at": 1.0}, "expires_at"),
        ({"user": "user_nobody"}, "user"),
        ({"limits": {"usd_per_month": -1}}, "limits.usd_per_month"),
        ({"scope": "all"}, "scope"),
    ],
)
def test_a_key_that_cannot_be_is_refused(visitors: Visitors, wanted: dict[str, object], param: str) -> None:
    refused = visitors.admin.post("/keys", json={"name": "k", **wanted})
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == param


def test_a_key_may_no_more_than_its_user(visitors: Visitors) -> None:
    reader = visitors.user("rita", "reader")
    secret = str(visitors.key(user=reader, is_admin=True)["secret"])
    client = visitors.sdk(secret)
    assert client.models.list().data
    with pytest.raises(openai.PermissionDeniedError, match="lacks the 'files' permission"):
        client.files.list()
    assert visitors.with_key(secret).get("/users").status_code == 403


def test_a_user_who_rests_takes_the_keys_along(visitors: Visitors) -> None:
    user = visitors.user("eve")
    secret = str(visitors.key(user=user)["secret"])
    visitors.admin.post(f"/users/{user}", json={"is_active": False}).raise_for_status()
    assert visitors.with_key(secret).get("/me").status_code == 401
    visitors.admin.post(f"/users/{user}", json={"is_active": True}).raise_for_status()
    assert visitors.with_key(secret).get("/me").status_code == 200


def test_a_narrowed_key_makes_no_wider_one(visitors: Visitors) -> None:
    user = visitors.user("eve", password=PASSWORD)
    narrow = visitors.with_key(str(visitors.key(user=user, verbs=["chat"])["secret"]))
    limited = visitors.with_key(str(visitors.key(user=user, limits={"tokens_per_minute": 9})["secret"]))
    for client in (narrow, limited):
        assert client.post("/keys", json={"name": "wide"}).status_code == 403
    eve = visitors.logged_in("eve")
    wide = eve.post("/keys", json={"name": "wide"}).json()
    assert wide["user"] == user
    assert eve.post("/keys", json={"name": "k", "is_admin": True}).status_code == 403
    assert eve.post("/keys", json={"name": "k", "user": ""}).status_code == 403
    assert narrow.delete(f"/keys/{wide['id']}").status_code == 403


def test_a_key_sees_no_keys_of_others(visitors: Visitors) -> None:
    secret = str(visitors.key(user=visitors.user("eve"))["secret"])
    others = str(visitors.key()["id"])
    eve = visitors.with_key(secret)
    assert [key["redacted"][-4:] for key in eve.get("/keys").json()["data"]] == [secret[-4:]]
    unseen, missing = eve.get(f"/keys/{others}"), eve.get("/keys/key_none")
    assert (unseen.status_code, missing.status_code) == (404, 404)
    assert unseen.json()["error"]["message"].replace(others, "key_none") == missing.json()["error"]["message"]


def test_all_keys_of_a_user_see_what_each_has_made(visitors: Visitors) -> None:
    """A key is changed now and then; what was made with the old one must not be lost with it."""
    user = visitors.user("eve")
    old, new = (visitors.key(user=user) for _ in range(2))
    narrow = visitors.key(user=user, stores=["vs_other"])
    store = visitors.sdk(str(old["secret"])).vector_stores.create(name="mine")
    file = visitors.sdk(str(old["secret"])).files.create(file=("a.txt", b"a"), purpose="assistants")
    visitors.admin.delete(f"/keys/{old['id']}").raise_for_status()
    client = visitors.sdk(str(new["secret"]))
    assert {found.id for found in client.vector_stores.list()} == {store.id, "vs_domain"}
    assert client.files.retrieve(file.id).id == file.id
    assert visitors.sdk(str(narrow["secret"])).vector_stores.list().data == []
    stranger = visitors.sdk(str(visitors.key(user=visitors.user("sam"))["secret"]))
    assert [found.id for found in stranger.vector_stores.list()] == ["vs_domain"]


def test_a_group_gives_its_users_models_and_stores(served: Served, visitors: Visitors) -> None:
    user = visitors.user("eve")
    client = visitors.sdk(str(visitors.key(user=user)["secret"]))
    store = visitors.sdk(served.key).vector_stores.create(name="ours")
    visitors.admin.post("/groups/group_everyone", json={"models": []}).raise_for_status()
    assert client.models.list().data == []
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.retrieve(store.id)

    group = visitors.admin.post(
        "/groups", json={"name": "team", "users": [user], "models": ["parrot"], "stores": [store.id]}
    ).json()
    assert [model.id for model in client.models.list()] == ["parrot"]
    assert client.vector_stores.retrieve(store.id).id == store.id

    visitors.admin.delete(f"/groups/{group['id']}").raise_for_status()
    assert client.models.list().data == []
    assert visitors.admin.delete("/groups/group_everyone").status_code == 409


def test_only_administrators_see_users_and_groups(visitors: Visitors) -> None:
    user, other = visitors.user("eve", password=PASSWORD), visitors.user("sam")
    eve = visitors.logged_in("eve")
    assert eve.get(f"/users/{user}").json()["name"] == "eve"
    assert eve.get(f"/users/{other}").status_code == 404
    for path in ("/users", "/groups", "/groups/group_everyone", "/audit"):
        assert eve.get(path).status_code == 403
    for path in ("/users", "/groups"):
        assert eve.post(path, json={"name": "x"}).status_code == 403
    assert eve.post(f"/users/{user}", json={"role": "administrator"}).status_code == 403
    assert eve.delete(f"/users/{user}").status_code == 403


def test_names_of_users_are_unique(visitors: Visitors) -> None:
    visitors.user("Eve")
    for name in ("eve", " EVE ", " "):
        refused = visitors.admin.post("/users", json={"name": name})
        assert refused.status_code == 400, name
        assert refused.json()["error"]["param"] == "name"


def test_a_user_goes_with_keys_and_sessions(visitors: Visitors) -> None:
    user = visitors.user("eve", password=PASSWORD)
    secret = str(visitors.key(user=user)["secret"])
    eve = visitors.logged_in("eve")
    visitors.admin.delete(f"/users/{user}").raise_for_status()
    assert eve.get("/me").status_code == 401
    assert visitors.with_key(secret).get("/me").status_code == 401
    assert visitors.admin.get(f"/users/{user}").status_code == 404
