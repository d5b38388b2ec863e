"""What a deployment answers from, whoever asks: the documents of groups, granted by an administrator."""

import time
from collections.abc import Sequence
from dataclasses import replace

from lorewright.access import Caller
from lorewright.access.groups import Groups
from lorewright.deployments import Deployment, granted_to
from lorewright.workspace.deployments.listing import need_model
from lorewright.workspace.deployments.records import change_deployment
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

ALL = "*"
"""The grant of every document."""


def set_grant(workspace: Workspace, caller: Caller, name: str, groups: Sequence[str]) -> Deployment:
    """Return the deployment, which from now on answers from what these groups may read, whoever asks.

    Groups are named by id or name, `*` stands for all documents; without any it answers from what its
    caller may read. Only an administrator may grant: every caller of the deployment may learn what those
    documents say.
    """
    caller.need("admin")
    need_model(caller, name)
    wanted = [ALL] if ALL in groups else Groups(workspace.database).ids_of(groups)
    changed = change_deployment(
        workspace, name, lambda old: granted_to(old, wanted, at=time.time(), by=caller.name)
    )
    audit(workspace, caller, Act.DOCUMENTS_GRANTED, name, groups=", ".join(wanted))
    return changed


def granted(server: Server, grant: Sequence[str], caller: Caller) -> Caller:
    """Return a caller who may read what is granted to these groups, and else may what this one may."""
    if ALL in grant:
        stores: tuple[str, ...] = (ALL,)
    else:
        stores = tuple(
            {store for group in server.groups.all() if group.id in grant for store in group.stores}
        )
    return replace(caller, is_admin=False, stores=stores)
