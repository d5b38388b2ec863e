"""Who may do what: users, groups, keys and their rights, how much they may use, and how long they last."""

from lorewright.access.keys import LOCAL, ApiKey, Caller, Keys
from lorewright.access.limits import Limits
from lorewright.access.roles import ROLES, VERBS, Role

__all__ = ["LOCAL", "ROLES", "VERBS", "ApiKey", "Caller", "Keys", "Limits", "Role"]
