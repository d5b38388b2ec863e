"""The models a domain can use: what the catalogue and this machine have, what fits, and fetching one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.access import Caller
from lorewright.errors import InUse
from lorewright.jobs import Job, Steps
from lorewright.models import parse_source
from lorewright.models.embedders import MINILM_SOURCE
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.memory import available_bytes
from lorewright.workspace.domain.settings_file import write_settings
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.jobs import start_job
from lorewright.workspace.server.server import KV_BYTES_A_TOKEN, Server

TUNING_BYTES_A_BYTE = 30.0
"""Memory that tuning takes for every byte of a model's file, about: 3 GB for 98 MB in 4 bits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedModel:
    """A model: where it comes from, what it weighs, whether it is here, and whether it fits.

    `needs_bytes` is the memory that answering takes, and `tuning_bytes` that of tuning it, about;
    `role` is what this domain uses it for: `chat`, `embedding`, `tuning`, or ''.
    """

    uri: str
    summary: str
    licence: str
    size_bytes: int
    is_here: bool
    kind: str
    role: str
    needs_bytes: int
    tuning_bytes: int
    free_bytes: int

    @property
    def name(self) -> str:
        """What people call it: what the catalogue or its server says, a file's name, or its source."""
        is_file = self.uri.startswith("file:")
        if self.uri.startswith("openai:"):
            return self.uri.removeprefix("openai:").partition("@")[0]
        return self.summary or (self.uri.rpartition("/")[2] if is_file else self.uri)

    @property
    def fits(self) -> bool:
        """Whether it can answer in the memory that is free now."""
        return self.needs_bytes <= self.free_bytes

    @property
    def can_be_tuned(self) -> bool:
        """Whether it can be tuned in the memory that is free now."""
        return self.kind == "chat" and self.tuning_bytes <= self.free_bytes


def list_models(workspace: Workspace, caller: Caller) -> list[ListedModel]:
    """Return every model of the catalogue and of this machine, those that the domain uses first."""
    caller.need("read")
    here = {model.uri: model for model in workspace.store.all()}
    known = {model.uri: model for model in workspace.store.known()}
    free = available_bytes()
    uris = dict.fromkeys([*_roles(workspace), *known, *here])
    listed = []
    for uri in uris:
        entry, local = known.get(uri), here.get(uri)
        size = local.size_bytes if local else entry.size_bytes if entry else 0
        context = workspace.settings.models.context_tokens * workspace.settings.serve.n_slots
        kind = entry.kind if entry else "embedding" if _roles(workspace).get(uri) == "embedding" else "chat"
        is_remote = parse_source(uri).is_remote if ":" in uri else False
        answering = 0 if is_remote else size + (context * KV_BYTES_A_TOKEN if kind == "chat" else 0)
        listed.append(
            ListedModel(
                uri=uri,
                summary=entry.summary if entry else "",
                licence=(entry.licence if entry else local.licence if local else "") or "",
                size_bytes=size,
                is_here=local is not None or is_remote,
                kind=kind,
                role=_roles(workspace).get(uri, ""),
                needs_bytes=answering,
                tuning_bytes=int(size * TUNING_BYTES_A_BYTE),
                free_bytes=free,
            )
        )
    return listed


def has_chat_model(workspace: Workspace, caller: Caller) -> bool:
    """Return whether the chat model can answer without being fetched first."""
    caller.need("read")
    source = parse_source(workspace.settings.models.chat)
    return source.is_remote or workspace.store.find(workspace.settings.models.chat) is not None


def has_embedding_model(workspace: Workspace) -> bool:
    """Return whether the embedding model can embed without being fetched first."""
    sources = [uri for uri, role in _roles(workspace).items() if role == "embedding"]
    return all(workspace.store.find(uri) is not None for uri in sources)


def start_pull(server: Server, caller: Caller, uri: str) -> Job:
    """Return the job that fetches a model; raise `UnknownModel` for what is no source."""
    caller.need("admin")
    parse_source(uri)
    return start_job(server, caller, "pull", {"uri": uri})


def fetch(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Fetch the model that the order names by its `uri`, make it ready to run, and return what it is."""
    uri = str(order["uri"])
    model = workspace.store.pull(uri, progress=steps.progress(f"downloading {uri}"), say=steps.say)
    workspace.store.runnable(model, say=steps.say)
    return {"uri": model.uri, "sha256": model.sha256, "size_bytes": model.size_bytes}


def use_as_chat_model(server: Server, caller: Caller, uri: str) -> None:
    """Let this domain answer with another model; deployments keep theirs."""
    caller.need("admin")
    parse_source(uri)
    write_settings(server.workspace, {"models.chat": uri})
    audit(server.workspace, caller, Act.MODEL_CHOSEN, uri)


def remove_model(server: Server, caller: Caller, uri: str) -> None:
    """Delete a model from this machine; raise `InUse` for one that this domain uses."""
    caller.need("admin")
    role = _roles(server.workspace).get(uri)
    if role:
        raise InUse(f"{uri} is the {role} model of this domain.", hint="Choose another model first.")
    server.workspace.store.remove(uri)
    audit(server.workspace, caller, Act.MODEL_REMOVED, uri)


def _roles(workspace: Workspace) -> dict[str, str]:
    """Return what the domain uses which model for."""
    settings = workspace.settings
    roles = {settings.tuning.base: "tuning"} if settings.tuning.base else {}
    embedding = settings.models.embedding
    if embedding != "hashing":
        roles[embedding if ":" in embedding else MINILM_SOURCE] = "embedding"
    return roles | {settings.models.chat: "chat"}
