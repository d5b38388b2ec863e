"""Who may do what: users, groups, keys and their rights, how much they may use, and how long they last."""

from lorewright.access.keys import LOCAL, Key, Keys
from lorewright.access.limits import Limits
from lorewright.access.roles import ROLES, VERBS, Role

__all__ = ["LOCAL", "ROLES", "VERBS", "Key", "Keys", "Limits", "Role"]
