"""`/lorewright/v1/keys`: who may call, what for, and how much."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from lorewright.access import Limits
from lorewright.access.roles import ALL, Rights
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.accounts.keys import change_key, find_key, list_keys, make_key, revoke_key
from lorewright.workspace.server.visible_records import page_of

router = APIRouter(prefix="/lorewright/v1/keys", tags=["keys"])


class LimitsRequest(RequestBody):
    """Usage limits; 0 for no limit."""

    model_config = ConfigDict(extra="forbid")

    requests_per_minute: int = Field(default=0, ge=0, le=10_000_000)
    tokens_per_minute: int = Field(default=0, ge=0, le=10_000_000)
    usd_per_month: float = Field(default=0.0, ge=0, allow_inf_nan=False)

    def value(self) -> Limits:
        """Return the limits."""
        return Limits(**self.model_dump())


class NewKey(RequestBody):
    """A request for a key; `user` is the caller's own where it is left out, "" is nobody's."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    user: str | None = None
    is_admin: bool = False
    verbs: list[str] = Field(default=list(ALL), max_length=100)
    models: list[str] = Field(default=list(ALL), max_length=1000)
    stores: list[str] = Field(default=list(ALL), max_length=1000)
    limits: LimitsRequest = LimitsRequest()
    expires_at: float | None = Field(default=None, allow_inf_nan=False)


class KeyChange(RequestBody):
    """A request to change a key; fields that are not given stay unchanged."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", min_length=1, max_length=200)
    verbs: list[str] = Field(default=[], max_length=100)
    models: list[str] = Field(default=[], max_length=1000)
    stores: list[str] = Field(default=[], max_length=1000)
    limits: LimitsRequest = LimitsRequest()
    expires_at: float | None = Field(default=None, allow_inf_nan=False)


@router.post("")
def create(body: NewKey, response: Response, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create a key; its `secret` is in this response and nowhere else."""
    rights = Rights(
        is_admin=body.is_admin, verbs=tuple(body.verbs), models=tuple(body.models), stores=tuple(body.stores)
    )
    key, secret = make_key(
        server, caller, name=body.name, user=body.user, rights=rights, limits=body.limits.value(),
        expires_at=body.expires_at,
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return {**shown_key(key), "secret": secret}


@router.get("")
def get_all(
    server: ServerOf,
    caller: CallerOf,
    limit: Limit = 20,
    after: str = "",
    before: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List keys: an administrator sees all, others their own."""
    page = page_of(list_keys(server, caller), limit=limit, after=after, before=before, order=order)
    return listed(page, shown_key)


@router.get("/{key_id}")
def get(key_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one key."""
    return shown_key(find_key(server, caller, key_id))


@router.post("/{key_id}")
def change(key_id: str, body: KeyChange, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Change the name, scopes, limits or expiry of a key, with immediate effect."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    if "limits" in changes:
        changes["limits"] = body.limits.value()
    return shown_key(change_key(server, caller, key_id, changes))


@router.delete("/{key_id}")
def revoke(key_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Revoke a key, with immediate effect."""
    revoke_key(server, caller, key_id)
    return {"id": key_id, "object": "key.deleted", "deleted": True}


def shown_key(key: Record) -> dict[str, Any]:
    """Return a key object, without its secret."""
    body = key.body
    return {
        "id": key.id,
        "object": "key",
        "created_at": int(key.created_at),
        "name": body["name"],
        "redacted": body.get("redacted"),
        "user": body.get("user") or None,
        "is_admin": body["is_admin"],
        "verbs": body["verbs"],
        "models": body["models"],
        "stores": body["stores"],
        "limits": body.get("limits") or Limits().to_json(),
        "expires_at": body["expires_at"],
    }
