"""Every request by an id of its own: in the response, in the log, and in the metrics."""

import json
import logging
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lorewright.access import Caller
from lorewright.workspace.domain.origin import Origin, coming_from

LOG = logging.getLogger("lorewright.access")
HEADER = "x-request-id"
UNMATCHED = "unmatched"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Others count together: whoever invents methods must not make metrics without end."""

Seen = Callable[[str, str, int, float], None]
"""Hears method, route, status and seconds of every request that is over."""

_GOOD_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class RequestLog:
    """Writes one line of JSON for a request; bodies, queries and keys are never part of it."""

    def __init__(self, app: ASGIApp, *, seen: Seen) -> None:
        self._app = app
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; log it when its response is whole."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        request_id = _id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        address = scope["client"][0] if scope.get("client") else ""
        origin = Origin(door="api", address=address, request_id=request_id)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            with coming_from(origin):
                await self._app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - started
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            self._seen(method, route_of(scope), status, seconds)
            LOG.info(json.dumps(_line(scope, request_id, status, seconds), ensure_ascii=False))


def route_of(scope: Scope) -> str:
    """Return the path of a request's route with its parameters by name: few, however many ids there are."""
    return str(getattr(scope.get("route"), "path", "") or UNMATCHED)


def _id_of(scope: Scope) -> str:
    """Return the id that a proxy gave the request, where it is a plain one, or a new one."""
    given = dict(scope["headers"]).get(HEADER.encode(), b"").decode("latin-1")
    return given if _GOOD_ID.fullmatch(given) else f"req_{uuid4().hex}"


def _line(scope: Scope, request_id: str, status: int, seconds: float) -> dict[str, Any]:
    caller = scope["state"].get("caller")
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "request_id": request_id,
        "method": scope["method"],
        "route": route_of(scope),
        "path": scope["path"],
        "status": status,
        "ms": round(seconds * 1000, 1),
        "caller": caller.id if isinstance(caller, Caller) else None,
        "address": scope["client"][0] if scope.get("client") else None,
    }
