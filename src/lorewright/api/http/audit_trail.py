"""Requests that change something, written down for the audit: by whom, what, and which thing."""

import json
import re
from typing import Any

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lorewright.access import Caller
from lorewright.workspace.server.audit import audit
from lorewright.workspace.server.server import Server

AUDITED = re.compile(
    r"/lorewright/v1/(deployments|flows|documents|jobs|comparisons)\b"
    r"|/v1/(files|uploads|vector_stores|fine_tuning|models|evals|batches)\b"
)
"""Where changes are written down; keys, users, groups and logins write down more by themselves."""
ONLY_LOOKS = re.compile(r"/(search|validate|run|run_node|parts)$|/graders/")
"""What is posted and changes nothing, or is a part of what is written down anyway."""
REMOVED = re.compile(r"/v1/(chat/completions|responses|conversations)/[^/]+$")
"""What comes and goes with every talk: written down when it is removed."""
_LONG_IDS = ("model", "document")
"""Things whose ids may hold slashes."""
_ACTIONS = {"POST": "changed", "PUT": "changed", "PATCH": "changed", "DELETE": "removed"}
_MAX_BODY_BYTES = 64 * 1024


class AuditTrail:
    """Writes down every request that changed something, once it has succeeded."""

    def __init__(self, app: ASGIApp, *, server: Server) -> None:
        self._app = app
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; write down what it did."""
        if scope["type"] != "http" or not is_audited(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        status, body = 500, b""

        async def heard(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = message["status"]
            elif len(body) < _MAX_BODY_BYTES:
                body += message.get("body", b"")
            is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
            # Before the caller hears of it: what is acknowledged is written down.
            if is_last and status < 400:
                await anyio.to_thread.run_sync(self._write, scope, body)
            await send(message)

        await self._app(scope, receive, heard)

    def _write(self, scope: Scope, body: bytes) -> None:
        caller = scope["state"].get("caller")
        noun, named = thing_of(scope["path"])
        audit(
            self._server,
            caller if isinstance(caller, Caller) else None,
            f"{noun}.{_ACTIONS[scope['method']] if named else 'created'}",
            named or _id_in(_json(body)),
            address=scope["client"][0] if scope.get("client") else "",
            method=scope["method"],
            path=scope["path"],
            request_id=scope["state"].get("request_id"),
        )


def is_audited(method: str, path: str) -> bool:
    """Return whether a request changes something that the audit tells of."""
    only_looks = method == "POST" and ONLY_LOOKS.search(path)
    is_removed = method == "DELETE" and REMOVED.match(path)
    return bool(is_removed) or (method in _ACTIONS and bool(AUDITED.match(path)) and not only_looks)


def thing_of(path: str) -> tuple[str, str]:
    """Return what kind of thing a path is about, such as `vector_store`, and its id ('': a new one)."""
    parts = path.removeprefix("/lorewright").strip("/").split("/")[1:]
    if parts[0] in ("fine_tuning", "chat"):
        parts = ["_".join(parts[:2]), *parts[2:]]
    noun = "batch" if parts[0] == "batches" else parts[0].removesuffix("s")
    return noun, "/".join(parts[1:] if noun in _LONG_IDS else parts[1:2])


def _id_in(answered: dict[str, Any]) -> str:
    """Return the id of what was made, or the ids of several."""
    several = answered.get("documents") or []
    return str(answered.get("id") or answered.get("name") or ", ".join(map(str, several)))


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
