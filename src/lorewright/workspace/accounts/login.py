"""Logging in with a password, and out again."""

from typing import Any

from lorewright.access import Caller
from lorewright.access.passwords import is_password
from lorewright.access.users import User
from lorewright.errors import Unauthenticated
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.origin import current_origin
from lorewright.workspace.server.server import Server


def log_in(server: Server, name: str, password: str) -> tuple[User, str]:
    """Return the user with this name and password, and the token of a new session.

    Raises `Unauthenticated`, in the same words and after the same time, whatever was wrong, and
    `LimitReached` when there were too many attempts.
    """
    server.attempts.begin(name, current_origin().address)
    user = server.users.named(name)
    is_right = is_password(password, user.password_hash if user else "")
    caller = server.keys.of_user(user) if user and is_right else None
    if user is None or caller is None:
        # The name as it was typed is not written down: some type their password there.
        note_failure(server, user.id if user else "")
        raise Unauthenticated("Wrong name or password.", hint="An administrator can set a new one.")
    server.attempts.succeeded(name)
    return user, begin_session(server, user)


def begin_session(server: Server, user: User, **facts: Any) -> str:
    """Return the token of a new session of somebody who has shown who they are."""
    token = server.sessions.begin(user.id)
    audit(server.workspace, server.keys.of_user(user), Act.LOGGED_IN, user.id, **facts)
    return token


def note_failure(server: Server, user_id: str = "", **facts: Any) -> None:
    """Write down that somebody could not log in."""
    audit(server.workspace, None, Act.LOGIN_FAILED, user_id, **facts)


def has_accounts(server: Server) -> bool:
    """Return whether anybody has an account: before, a visitor is welcomed to make the first one."""
    return bool(server.users.all())


def log_out(server: Server, token: str) -> None:
    """End the session of a token, if it is one."""
    caller = session_caller(server, token)
    server.sessions.end(token)
    if caller is not None:
        audit(server.workspace, caller, Act.LOGGED_OUT, caller.user)


def session_caller(server: Server, token: str) -> Caller | None:
    """Return the user who is logged in with a token, as a caller; `None` for a token that is not good."""
    user_id = server.sessions.user_of(token) if token else None
    user = server.users.find(user_id) if user_id else None
    return server.keys.of_user(user) if user else None
