"""Who may do what: users, groups, keys and their rights, how much they may use, and how long they last."""

from typing import TYPE_CHECKING, Any

from lorewright.access.caller import DOMAIN_STORE, LOCAL, Caller
from lorewright.access.limits import Limits
from lorewright.access.roles import ROLES, VERBS, Role

if TYPE_CHECKING:
    from lorewright.access.keys import ApiKey, Keys

__all__ = ["DOMAIN_STORE", "LOCAL", "ROLES", "VERBS", "ApiKey", "Caller", "Keys", "Limits", "Role"]


def __getattr__(name: str) -> Any:
    """Load the keys, and SQLAlchemy with them, only for those who use them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lorewright.access import keys

    return getattr(keys, name)
