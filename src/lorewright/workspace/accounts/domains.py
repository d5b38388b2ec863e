"""Several domains on one server: who may enter which, one login for all of them, and new ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lorewright.access import LOCAL, Caller, Limits
from lorewright.access.roles import Rights
from lorewright.errors import LorewrightError, NotAllowed
from lorewright.workspace.accounts.keys import make_key
from lorewright.workspace.accounts.login import begin_session, log_in, log_out, session_caller
from lorewright.workspace.accounts.users_and_groups import make_user
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.siblings import create_sibling
from lorewright.workspace.server.domains import ServedDomain, ServedDomains
from lorewright.workspace.server.server import Server


@dataclass(frozen=True, slots=True)
class NewDomain:
    """A domain that was created: who is its administrator, and how they come in.

    `token` is a session of their account there, `key` the secret of a key where they have no account.
    """

    domain: ServedDomain
    server: Server
    caller: Caller
    token: str = field(default="", repr=False)
    key: str = field(default="", repr=False)


def domains_to_enter(
    domains: ServedDomains, tokens: Mapping[str, str], *, is_open: bool
) -> Iterator[tuple[ServedDomain, Server, Caller]]:
    """Yield the domains that somebody may enter with the sessions they have, and as whom.

    Where nobody is asked to log in (`is_open`) these are all; one that cannot be opened is left out.
    """
    for domain in domains:
        if is_open or domain.slug in tokens:
            server = domain.find()
            caller = server and (LOCAL if is_open else session_caller(server, tokens[domain.slug]))
            if server and caller:
                yield domain, server, caller


def log_in_elsewhere(
    domains: ServedDomains, but: ServedDomain, name: str, password: str
) -> dict[ServedDomain, str]:
    """Return a new session for every other domain that has this account with this password."""
    tokens = {}
    for domain in domains:
        server = domain.find() if domain is not but else None
        user = server.users.named(name) if server else None
        if server and user and user.password_hash:
            try:
                tokens[domain] = log_in(server, name, password)[1]
            except LorewrightError:  # somebody else's account, or too many attempts: not theirs to enter
                continue
    return tokens


def log_out_everywhere(domains: ServedDomains, tokens: Mapping[str, str]) -> None:
    """End the sessions of every domain."""
    for domain in domains:
        server = domain.find() if tokens.get(domain.slug) else None
        if server:
            log_out(server, tokens[domain.slug])


def may_create_domains(server: Server, caller: Caller, domains: ServedDomains) -> bool:
    """Return whether a caller may create domains here: an administrator of the first one."""
    return caller.is_admin and domains.new_in is not None and server is domains.first.find()


def create_domain(server: Server, caller: Caller, domains: ServedDomains, *, name: str) -> NewDomain:
    """Return a new, empty domain that is served from now on; for administrators of the first domain.

    Whoever creates it is its administrator: with their name and password of here, or with a key.
    """
    caller.need("admin")
    if domains.new_in is None or server is not domains.first.find():
        raise NotAllowed(
            "Domains cannot be created here.",
            hint="Use the first domain of a server that was started with: lorewright serve",
        )
    account = server.users.find(caller.user) if caller.user else None
    if account is not None and not account.password_hash:
        raise NotAllowed(
            "Your account has no password, so you could not log in to the new domain.",
            hint="Let an administrator set a password for it first.",
        )
    domain = domains.add(create_sibling(server.workspace.folder, name, below=domains.new_in))
    new = domain.open()
    audit(server.workspace, caller, Act.DOMAIN_CREATED, domain.name)
    if account is not None:
        user = make_user(
            new, None, account.name, "administrator", password_hash=account.password_hash,
            facts={"created_with": domain.name},
        )  # fmt: skip
        known = new.keys.of_user(user)
        assert known is not None, "the account is active"
        return NewDomain(domain, new, known, token=begin_session(new, user))
    if caller.id == LOCAL.id:
        return NewDomain(domain, new, LOCAL)
    _, secret = make_key(
        new, LOCAL, name="administrator", user="", rights=Rights(is_admin=True), limits=Limits(),
        expires_at=None,
    )  # fmt: skip
    return NewDomain(domain, new, new.keys.who(secret), key=secret)
