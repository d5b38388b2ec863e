"""Logging in at an OpenID provider: there, back again, and which user that is."""

import secrets
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

from lorewright.access.claims import Person, person_in
from lorewright.access.users import User
from lorewright.errors import LorewrightError, NotFound, Unauthenticated
from lorewright.settings import Oidc
from lorewright.workspace.accounts.login import begin_session, note_failure
from lorewright.workspace.accounts.oidc_provider import Provider
from lorewright.workspace.accounts.oidc_users import user_for
from lorewright.workspace.server.server import Server

LASTS_SECONDS = 600
"""How long somebody may take at the provider."""


@dataclass(frozen=True, slots=True)
class LoginStart:
    """Where somebody is sent to log in, and what their browser keeps until they are back."""

    url: str
    kept: str


@dataclass(frozen=True, slots=True)
class LoginResult:
    """Who has come back, the token of their new session, and the page that they wanted."""

    user: User
    token: str
    wanted: str


def oidc_settings(server: Server) -> Oidc:
    """Return the settings of the provider; raise `NotFound` where there is none."""
    settings = server.workspace.settings.oidc
    if not settings.issuer:
        raise NotFound(
            "Single sign-on is not configured.",
            hint="Set oidc.issuer and oidc.client_id.",
        )
    return settings


def start_login(server: Server, *, redirect_uri: str, wanted: str = "/") -> LoginStart:
    """Return where somebody logs in who wants a page of ours."""
    kept = {
        name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")
    } | {"redirect_uri": redirect_uri, "wanted": _own_page(wanted)}  # fmt: skip
    provider = Provider(oidc_settings(server), redirect_uri)
    try:
        url = provider.login_url(state=kept["state"], nonce=kept["nonce"], verifier=kept["verifier"])
    finally:
        provider.close()
    return LoginStart(url, str(_signer(server).dumps(kept)))


def finish_login(
    server: Server, kept: str, *, state: str, code: str, error: str = "", issuer: str = ""
) -> LoginResult:
    """Return who has come back from the provider, with a new session.

    `kept` is what `start_login` gave their browser. Raises `Unauthenticated` where the login was not begun
    in that browser, is refused by the provider, or is somebody's who may not come in.
    """
    settings = oidc_settings(server)
    try:
        login = _login_started(server, kept, state)
        if issuer and issuer != settings.issuer:
            raise Unauthenticated(f"The login comes from {issuer!r}, not from {settings.issuer}.")
        if error or not code:
            raise _refused_there(error)
        person = person_in(_claims(settings, login, code), settings)
        user = user_for(server, person, settings)
    except Unauthenticated as refused:
        note_failure(server, way="oidc", why=str(refused))
        raise
    return LoginResult(user, begin_session(server, user, **_facts(person)), login["wanted"])


def _claims(settings: Oidc, login: dict[str, str], code: str) -> dict[str, Any]:
    provider = Provider(settings, login["redirect_uri"])
    try:
        return provider.claims(code, nonce=login["nonce"], verifier=login["verifier"])
    finally:
        provider.close()


def _login_started(server: Server, kept: str, state: str) -> dict[str, str]:
    """Return what was kept of a login that was begun in this browser a short while ago."""
    try:
        login: dict[str, str] = _signer(server).loads(kept, max_age=LASTS_SECONDS)
    except BadSignature as error:  # too old, made by somebody else, or not there
        raise _not_begun() from error
    if not secrets.compare_digest(login["state"].encode(), state.encode()):
        raise _not_begun()
    return login


def _not_begun() -> Unauthenticated:
    return Unauthenticated(
        "This login was started in another browser, or it expired.",
        hint="Start again: /lorewright/v1/oidc/login",
    )


def _refused_there(error: str) -> Unauthenticated:
    if error == "access_denied":
        return Unauthenticated(
            "The provider refused the login: access_denied.",
            hint="The login was cancelled, or your account has no access: ask an administrator.",
        )
    return Unauthenticated(f"The provider refused the login: {error or 'it sent no code'}.")


def seal_refusal(server: Server, error: LorewrightError) -> str:
    """Return what a page may be given in its address to tell why a login was refused: only we can make it."""
    return str(_signer(server, "refusal").dumps([str(error), error.hint]))


def refusal_in(server: Server, sealed: str) -> tuple[str, str]:
    """Return why a login was refused and what to do; texts that somebody else made, or old ones, are ''."""
    try:
        message, hint = _signer(server, "refusal").loads(sealed, max_age=LASTS_SECONDS)
    except BadSignature:
        return "", ""
    return str(message), str(hint)


def _signer(server: Server, what: str = "") -> URLSafeTimedSerializer:
    key = server.signing_key
    return URLSafeTimedSerializer(key, salt=f"lorewright oidc {what}".strip())


def _own_page(wanted: str) -> str:
    """Return a path of ours: nobody is sent on to somewhere else."""
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable()
    return wanted if is_ours and "\\" not in wanted else "/"


def _facts(person: Person) -> dict[str, Any]:
    return {"way": "oidc", "issuer": person.issuer, "subject": person.subject}
