"""Calls of our own resources, as plain HTTP."""

from collections.abc import Callable
from typing import Any

import httpx
from tests.integration.api.conftest import Served

Call = Callable[..., tuple[int, Any]]


def caller_to(served: Served) -> Call:
    """Return a function that calls /lorewright/v1 of a server and returns status and JSON."""

    def call(method: str, path: str, body: Any = None, *, key: str = "", **more: Any) -> tuple[int, Any]:
        told = httpx.request(
            method,
            f"{served.url}/lorewright/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {key or served.key}"},
            timeout=60,
            **more,
        )
        return told.status_code, told.json()

    return call
