"""Whether the server lives, and whether it can work."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from lorewright import __version__
from lorewright.api.http.caller import ServerOf
from lorewright.errors import DatabaseDown, UnusableDatabase

router = APIRouter(tags=["health"])


@router.get("/healthz")
def health() -> dict[str, str]:
    """Check that the process is running."""
    return {"status": "ok", "version": __version__}


@router.get("/readyz")
def readiness(server: ServerOf) -> Any:
    """Check that the database responds: 503 while it does not."""
    try:
        server.workspace.database.check()
    except (DatabaseDown, UnusableDatabase):  # where it is, nobody outside need know
        return JSONResponse({"status": "unavailable", "reason": "The database does not respond."}, 503)
    return {"status": "ok"}
