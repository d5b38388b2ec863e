"""Which user somebody is who comes from an OpenID provider: known, taken over, new, or refused."""

from dataclasses import replace

from lorewright.access.administrators import administrators
from lorewright.access.claims import Person
from lorewright.access.groups import EVERYONE
from lorewright.access.identities import Identities, Identity
from lorewright.access.users import User
from lorewright.errors import Unauthenticated
from lorewright.settings import Oidc
from lorewright.workspace.accounts.users_and_groups import make_user, put_group, put_user
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server


def user_for(server: Server, person: Person, settings: Oidc) -> User:
    """Return the user that somebody is, with the role and the groups that the provider says.

    Raises `Unauthenticated` for somebody who is not to come in.
    """
    identities = Identities(server.workspace.database)
    with server.accounts_lock:
        known = identities.find(person.issuer, person.subject)
        user = server.users.find(known.user) if known else None
        if known is None or user is None:
            user = _first_time(server, identities, person, settings)
            known = identities.add(user.id, person.issuer, person.subject)
        if not user.is_active:
            raise _refused("Your account is inactive.")
        user = _with_role(server, user, person)
        _put_in_groups(server, identities, known, user, person)
    return user


def _first_time(server: Server, identities: Identities, person: Person, settings: Oidc) -> User:
    """Return the user of somebody who comes for the first time: made before, or new."""
    user = server.users.named(person.name)
    if user is not None:
        if not person.is_proven or identities.has(user.id):
            raise _refused(
                f"An account named {person.name!r} already exists, and it is not linked to your identity."
            )
        audit(server.workspace, None, Act.USER_IDENTIFIED, user.id, **_facts(person))
        return user
    if settings.new_users == "refuse":
        raise _refused(f"No account found for {person.name!r}.")
    return make_user(server, None, person.name, person.role or settings.new_users, facts=_facts(person))


def _with_role(server: Server, user: User, person: Person) -> User:
    """Return the user with the role that the provider's groups give; the last administrator stays one."""
    if person.role is None or person.role == user.role:
        return user
    users, keys = server.users.all(), server.keys.all()
    rest = [other for other in users if other.id != user.id]
    after = administrators([*rest, replace(user, role=person.role)], keys)
    if administrators(users, keys) and not after:
        return user
    return put_user(server, None, user.id, {"role": person.role}, changed=["role"], **_facts(person))


def _put_in_groups(
    server: Server, identities: Identities, known: Identity, user: User, person: Person
) -> None:
    """Put a user into the groups that the provider names, and out of those it named before."""
    given = {group.id for group in server.groups.all() if group.name in person.groups} - {EVERYONE}
    for group in server.groups.all():
        is_in, was_given = user.id in group.users, group.id in known.groups
        if group.id in given and not is_in:
            users = [*group.users, user.id]
        elif was_given and is_in and group.id not in given:
            users = [one for one in group.users if one != user.id]
        else:
            continue
        put_group(server, None, group.id, {"users": users}, user=user.id, **_facts(person))
    if given != set(known.groups):
        identities.put_in(known, sorted(given))


def _facts(person: Person) -> dict[str, str]:
    return {"way": "oidc", "issuer": person.issuer, "subject": person.subject}


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(why, hint="Ask an administrator.")
