"""Who calls, and what they may do."""

from dataclasses import dataclass, field

from lorewright.access.limits import Limits
from lorewright.errors import NotAllowed, NotFound

DOMAIN_STORE = "vs_domain"
"""The id of the store that is the domain's own documents, but for the restricted parts of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who calls, and what they may do: a key, or a user who has logged in.

    An administrator may do everything. Else `verbs`, `models` and `stores` say what may be done and
    used, as those of an `ApiKey` do. `user_limits` hold for everything that the user does, `limits`
    for this key. A caller sees what all keys of its user made, unless the key was made for some
    models or stores only: `kin` are their ids.
    """

    id: str
    name: str
    is_admin: bool = False
    verbs: tuple[str, ...] = ("*",)
    models: tuple[str, ...] = ("*",)
    stores: tuple[str, ...] = ("*",)
    expires_at: float | None = None
    user: str = ""
    limits: Limits = field(default_factory=Limits)
    user_limits: Limits = field(default_factory=Limits)
    kin: tuple[str, ...] = field(default=(), repr=False)

    @property
    def owners(self) -> tuple[str, ...]:
        """The ids under which the things are kept that are the caller's own."""
        return self.kin or (self.id,)

    def need(self, *verbs: str) -> None:
        """Raise `NotAllowed` unless this key may do this kind of work, or one of several."""
        if not any(self.may(verb) for verb in verbs):
            wanted = " or ".join(repr(verb) for verb in verbs)
            raise NotAllowed(
                f"The key {self.name!r} lacks the {wanted} permission.",
                hint="Ask an administrator for a key with this permission.",
            )

    def may(self, verb: str) -> bool:
        """Return whether this key may do this kind of work; only administrators may `admin`."""
        return self.is_admin or (verb != "admin" and ("*" in self.verbs or verb in self.verbs))

    def may_use_model(self, name: str) -> bool:
        """Return whether this key may use a model."""
        return self.is_admin or "*" in self.models or name in self.models

    def may_use_store(self, store_id: str) -> bool:
        """Return whether this key may see a collection; others do not exist for it."""
        return self.is_admin or "*" in self.stores or store_id in self.stores


LOCAL = Caller(id="local", name="local", is_admin=True)
"""Who calls a server that asks nobody for a key, which only this machine can reach."""


def no_document(document_id: str) -> NotFound:
    """Return the error for a document that is not there, or not for this caller."""
    return NotFound(
        f"No document found with id {document_id!r}.",
        hint="The id is the file's path within the documents folder.",
    )
