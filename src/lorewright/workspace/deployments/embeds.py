"""Chats for other people's pages: who may show them, and the restricted key that they answer with."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lorewright.access import DOMAIN_STORE, Caller, Keys, Limits
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Record, Records
from lorewright.workspace.deployments.records import stored_deployment
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

KIND = "embed"
REQUESTS_PER_MINUTE = 20
MAX_ORIGINS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Embed:
    """A chat with one deployment for the pages of `origins`; whoever visits those may use it.

    It answers as the key `key_id`, which may do nothing else and which nobody has the secret of.
    """

    id: str
    deployment: str
    title: str
    origins: tuple[str, ...]
    key_id: str
    reads_documents: bool
    created_at: float


def create_embed(
    server: Server,
    caller: Caller,
    name: str,
    *,
    title: str,
    origins: Sequence[str],
    reads_documents: bool = False,
    limits: Limits | None = None,
) -> Embed:
    """Return a new chat with a deployment for the pages of some origins; for administrators.

    It answers from what was granted to the deployment, and only where it `reads_documents` also from
    the documents that nobody restricted: its visitors are strangers. `limits` are those of its key.
    """
    caller.need("admin")
    stored_deployment(server.workspace, name)
    allowed = checked_origins(origins)
    key, _ = server.keys.make(
        f"embedded chat: {title.strip() or name}", verbs=("chat",), models=(name,),
        stores=(DOMAIN_STORE,) if reads_documents else (),
        limits=limits or Limits(requests_per_minute=REQUESTS_PER_MINUTE),
    )  # fmt: skip
    body = {
        "title": title.strip() or name, "origins": allowed, "key": key.id, "reads": reads_documents,
    }  # fmt: skip
    record = server.records(KIND).add(f"embed_{secrets.token_urlsafe(12)}", body, parent=name)
    audit(server.workspace, caller, Act.EMBED_CREATED, record.id, deployment=name, origins=allowed)
    return _embed(record)


def list_embeds(server: Server, caller: Caller, name: str) -> list[Embed]:
    """Return the chats with a deployment, the oldest first; for administrators."""
    caller.need("admin")
    return [_embed(record) for record in server.records(KIND).all(parent=name)]


def remove_embed(server: Server, caller: Caller, embed_id: str) -> None:
    """Remove a chat and revoke its key: pages that show it get no more answers."""
    caller.need("admin")
    embed = find_embed(server, embed_id)
    server.records(KIND).remove(embed_id)
    if server.keys.find(embed.key_id) is not None:
        server.keys.revoke(embed.key_id)
    audit(server.workspace, caller, Act.EMBED_REMOVED, embed_id, deployment=embed.deployment)


def forget_embeds(workspace: Workspace, name: str) -> None:
    """Let the chats with a deployment go, and revoke their keys: one of its name must not inherit them."""
    records, keys = Records(workspace.database, KIND), Keys(workspace.database)
    for record in records.all(parent=name):
        records.remove(record.id)
        if keys.find(record.body["key"]) is not None:
            keys.revoke(record.body["key"])


def find_embed(server: Server, embed_id: str) -> Embed:
    """Return a chat by its id, which is no secret; raise `NotFound` where there is none."""
    record = server.records(KIND).find(embed_id)
    if record is None:
        raise NotFound("This chat does not exist any more.", hint="Ask whoever runs this page.")
    return _embed(record)


def embed_caller(server: Server, embed: Embed) -> Caller:
    """Return who asks in a chat: its key, as long as nobody has revoked it."""
    caller = server.keys.find(embed.key_id)
    if caller is None:
        raise NotFound("This chat does not exist any more.", hint="Ask whoever runs this page.")
    return caller


def checked_origins(origins: Sequence[str]) -> list[str]:
    """Return origins as browsers write them, each once; raise `BadParameter` for what is none.

    There is no wildcard: a chat that every page may show is a model that everybody may use.
    """
    checked = list(dict.fromkeys(_origin(one) for one in origins if one.strip()))
    if not 1 <= len(checked) <= MAX_ORIGINS:
        raise BadParameter("origins", f"Name 1 to {MAX_ORIGINS} origins, such as https://www.example.org.")
    return checked


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text.strip())
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    is_origin = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    host = parts.hostname or ""
    if not is_origin or not is_plain or not all(letter.isalnum() or letter in ".-:" for letter in host):
        raise BadParameter(
            "origins", f"{text!r} is not an origin. Write scheme and host, such as https://www.example.org."
        )
    host = host.encode("idna").decode() if not host.isascii() else host
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _embed(record: Record) -> Embed:
    body = record.body
    return Embed(
        id=record.id, deployment=record.parent, title=body["title"], origins=tuple(body["origins"]),
        key_id=body["key"], reads_documents=body["reads"], created_at=record.created_at,
    )  # fmt: skip
