"""Passwords: kept as Argon2 hashes, checked in the same time whether the user exists or not."""

import threading
from functools import cache
from typing import TYPE_CHECKING

from lorewright.errors import BadParameter

if TYPE_CHECKING:  # only those who log in need it
    from pwdlib import PasswordHash

MIN_CHARACTERS = 12
MAX_CHARACTERS = 256

# Each takes 64 MB for a moment: a flood of logins must not take the memory of the models.
_ONE_AT_A_TIME = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """Return the hash of a new password; raise `BadParameter` for one that is too short or too long."""
    if not MIN_CHARACTERS <= len(password) <= MAX_CHARACTERS:
        raise BadParameter(
            "password",
            f"The password has {len(password)} characters; it needs {MIN_CHARACTERS} to {MAX_CHARACTERS}.",
        )
    with _ONE_AT_A_TIME:
        return _hasher().hash(password)


def is_password(password: str, password_hash: str) -> bool:
    """Return whether a password has this hash; an empty hash takes as long and is never right."""
    with _ONE_AT_A_TIME:
        is_right = _hasher().verify(password[: MAX_CHARACTERS + 1], password_hash or _nobodys_hash())
    return is_right and bool(password_hash)


@cache
def _hasher() -> "PasswordHash":
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody knows this one")
