"""Whether the server lives, and whether it can work."""

from typing import Any

from fastapi import APIRouter

from lorewright import __version__
from lorewright.api.http.caller import ServerOf

router = APIRouter(tags=["health"])


@router.get("/healthz")
def health() -> dict[str, str]:
    """Check that the process is running."""
    return {"status": "ok", "version": __version__}


@router.get("/readyz")
def readiness(server: ServerOf) -> dict[str, Any]:
    """Check that the database responds."""
    server.records("key").count()
    return {"status": "ok"}
