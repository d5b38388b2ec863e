"""Use cases: the one place where domains, storage and jobs meet."""

from lorewright.workspace.domain import find_domain, init_domain
from lorewright.workspace.workspace import Workspace

__all__ = ["Workspace", "find_domain", "init_domain"]
