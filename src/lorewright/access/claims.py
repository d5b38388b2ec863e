"""What an OpenID provider says of somebody, and what follows from it here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.access.roles import Role
from lorewright.errors import Unauthenticated
from lorewright.settings import Oidc


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody as the provider knows them; `role` is `None` where the settings leave it alone.

    A name `is_proven` that is an address which the provider has verified: only such a name may take
    over an account that was made before.
    """

    issuer: str
    subject: str
    name: str
    is_proven: bool
    groups: tuple[str, ...] = ()
    role: Role | None = None


def person_in(claims: Mapping[str, Any], settings: Oidc) -> Person:
    """Return who the claims tell of; raise `Unauthenticated` for somebody who may not come in."""
    name = claims.get(settings.name_claim)
    if not isinstance(name, str) or not name.strip():
        raise Unauthenticated(
            f"The identity provider did not send the claim {settings.name_claim!r}.",
            hint="Request it in oidc.scopes, or set oidc.name_claim to another claim.",
        )
    email = str(claims.get("email") or "")
    is_verified = claims.get("email_verified") is True
    domains = {domain.casefold() for domain in settings.allowed_domains}
    if domains and not (is_verified and email.rpartition("@")[2].casefold() in domains):
        raise Unauthenticated(
            "Your email domain is not allowed, or the provider has not verified your address.",
            hint="Ask an administrator for access.",
        )
    groups = _groups(claims.get(settings.groups_claim))
    return Person(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        name=name.strip(),
        is_proven=is_verified and settings.name_claim == "email",
        groups=groups,
        role=_role(groups, settings),
    )


def _groups(claimed: object) -> tuple[str, ...]:
    """Return the names of groups: providers send a list, or one name."""
    names = [claimed] if isinstance(claimed, str) else claimed if isinstance(claimed, list) else []
    return tuple(name for name in names if isinstance(name, str))


def _role(groups: tuple[str, ...], settings: Oidc) -> Role | None:
    if not settings.administrators and not settings.editors:
        return None
    if set(groups) & set(settings.administrators):
        return "administrator"
    if set(groups) & set(settings.editors) or settings.new_users == "editor":
        return "editor"
    return "reader"
