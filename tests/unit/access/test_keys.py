"""Keys of the server."""

import time
from pathlib import Path

import pytest

from lorewright.access import Keys
from lorewright.errors import NotAllowed, Unauthenticated
from lorewright.storage import open_database, sqlite_url


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(open_database(sqlite_url(tmp_path / "server.db")))


def test_a_secret_is_not_stored(keys: Keys, tmp_path: Path) -> None:
    _, secret = keys.make("mine")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in held


def test_a_key_may_what_it_was_given(keys: Keys) -> None:
    _, secret = keys.make("guest", verbs=("chat",), stores=("vs_1",))
    guest = keys.who(secret)
    guest.need("chat")
    with pytest.raises(NotAllowed, match="'guest' lacks the 'tune' permission"):
        guest.need("tune")
    assert guest.may_use_store("vs_1")
    assert not guest.may_use_store("vs_2")


@pytest.mark.parametrize("secret", ["", "lw-", "lw-unknown"])
def test_strangers_are_refused(keys: Keys, secret: str) -> None:
    keys.make("mine")
    with pytest.raises(Unauthenticated):
        keys.who(secret)


def test_a_key_ends_when_it_says(keys: Keys) -> None:
    _, secret = keys.make("guest", expires_at=time.time() - 1)
    with pytest.raises(Unauthenticated, match="expired"):
        keys.who(secret)
