"""Whether the server lives, and whether it can work."""

from typing import Any

from fastapi import APIRouter

from lorewright import __version__
from lorewright.api.http.caller import ServerOf

router = APIRouter(tags=["health"])


@router.get("/healthz")
def health() -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "ok", "version": __version__}


@router.get("/readyz")
def readiness(server: ServerOf) -> dict[str, Any]:
    """Say that the database answers."""
    server.records("key").count()
    return {"status": "ok"}
