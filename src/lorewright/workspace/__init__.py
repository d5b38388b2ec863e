"""Use cases: the one place where domains, storage and jobs meet."""

from lorewright.workspace.domain.folder import find_domain, init_domain
from lorewright.workspace.domain.workspace import Workspace

__all__ = ["Workspace", "find_domain", "init_domain"]
