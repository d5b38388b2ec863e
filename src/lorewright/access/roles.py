"""What may be done, and who may do it: the verbs, the roles of people, and what their groups add."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["administrator", "editor", "reader"]
ROLES: tuple[Role, ...] = get_args(Role)

VERBS = ("chat", "embed", "files", "stores", "tune", "evaluate", "deploy", "documents", "read")
"""The kinds of work that a key may be made for; `admin` is for administrators alone."""

ALL = ("*",)
_VERBS_OF: Mapping[Role, tuple[str, ...]] = {
    "administrator": ALL,
    "editor": VERBS,
    "reader": ("chat", "embed", "read"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What somebody may do, and with which models and stores; `"*"` stands for all.

    An administrator may do everything.
    """

    is_admin: bool = False
    verbs: tuple[str, ...] = ALL
    models: tuple[str, ...] = ALL
    stores: tuple[str, ...] = ALL

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out of the verbs, models and stores."""
        return all("*" in names for names in (self.verbs, self.models, self.stores))


def rights_of(role: Role, shared: Iterable[tuple[Collection[str], Collection[str]]]) -> Rights:
    """Return what a role and the (models, stores) of all its groups allow."""
    if role == "administrator":
        return Rights(is_admin=True)
    pairs = list(shared)
    return Rights(
        verbs=_VERBS_OF[role],
        models=tuple(sorted({name for models, _ in pairs for name in models})),
        stores=tuple(sorted({name for _, stores in pairs for name in stores})),
    )


def both(one: Rights, other: Rights) -> Rights:
    """Return what both allow: a key never may more than its user."""
    return Rights(
        is_admin=one.is_admin and other.is_admin,
        verbs=_both(one.verbs, other.verbs),
        models=_both(one.models, other.models),
        stores=_both(one.stores, other.stores),
    )


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if "*" in one:
        return other
    return one if "*" in other else tuple(name for name in one if name in other)
