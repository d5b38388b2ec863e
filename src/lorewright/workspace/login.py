"""Logging in with a password, and out again."""

from lorewright.access import Key
from lorewright.access.passwords import is_password
from lorewright.access.users import User
from lorewright.errors import Unauthenticated
from lorewright.workspace.audit import audit
from lorewright.workspace.home import Home


def log_in(home: Home, name: str, password: str, *, address: str) -> tuple[User, str]:
    """Return the user with this name and password, and the token of a new session.

    Raises `Unauthenticated`, in the same words and after the same time, whatever was wrong, and
    `LimitReached` when there were too many attempts.
    """
    home.attempts.begin(name, address)
    user = home.users.named(name)
    is_right = is_password(password, user.password_hash if user else "")
    caller = home.keys.of_user(user) if user and is_right else None
    if user is None or caller is None:
        # The name as it was typed is not written down: some type their password there.
        audit(home, None, "login.failed", user.id if user else "", address=address)
        raise Unauthenticated(
            "The name or the password is wrong.", hint="An administrator can set a new one."
        )
    home.attempts.succeeded(name)
    token = home.sessions.begin(user.id)
    audit(home, caller, "login", user.id, address=address)
    return user, token


def log_out(home: Home, token: str) -> None:
    """End the session of a token, if it is one."""
    caller = session_caller(home, token)
    home.sessions.end(token)
    if caller is not None:
        audit(home, caller, "logout", caller.user)


def session_caller(home: Home, token: str) -> Key | None:
    """Return the user who is logged in with a token, as a caller; `None` for a token that is not good."""
    user_id = home.sessions.user_of(token) if token else None
    user = home.users.find(user_id) if user_id else None
    return home.keys.of_user(user) if user else None
