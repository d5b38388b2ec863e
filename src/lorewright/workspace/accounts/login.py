"""Logging in with a password, and out again."""

from lorewright.access import Caller
from lorewright.access.passwords import is_password
from lorewright.access.users import User
from lorewright.errors import Unauthenticated
from lorewright.workspace.server.audit import audit
from lorewright.workspace.server.server import Server


def log_in(server: Server, name: str, password: str, *, address: str) -> tuple[User, str]:
    """Return the user with this name and password, and the token of a new session.

    Raises `Unauthenticated`, in the same words and after the same time, whatever was wrong, and
    `LimitReached` when there were too many attempts.
    """
    server.attempts.begin(name, address)
    user = server.users.named(name)
    is_right = is_password(password, user.password_hash if user else "")
    caller = server.keys.of_user(user) if user and is_right else None
    if user is None or caller is None:
        # The name as it was typed is not written down: some type their password there.
        audit(server, None, "login.failed", user.id if user else "", address=address)
        raise Unauthenticated(
            "The name or the password is wrong.", hint="An administrator can set a new one."
        )
    server.attempts.succeeded(name)
    token = server.sessions.begin(user.id)
    audit(server, caller, "login", user.id, address=address)
    return user, token


def log_out(server: Server, token: str) -> None:
    """End the session of a token, if it is one."""
    caller = session_caller(server, token)
    server.sessions.end(token)
    if caller is not None:
        audit(server, caller, "logout", caller.user)


def session_caller(server: Server, token: str) -> Caller | None:
    """Return the user who is logged in with a token, as a caller; `None` for a token that is not good."""
    user_id = server.sessions.user_of(token) if token else None
    user = server.users.find(user_id) if user_id else None
    return server.keys.of_user(user) if user else None
