"""The API's own description: for this machine, and for whoever has a key."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse

from lorewright.api.http.caller import caller_of, server_of
from lorewright.api.http.origins import is_local
from lorewright.api.http.prefix import prefix_of

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def get_openapi(request: Request) -> dict[str, Any]:
    """Return the OpenAPI document of this server."""
    _need_reader(request)
    document: dict[str, Any] = request.app.openapi()
    prefix = prefix_of(request)
    return {**document, "servers": [{"url": prefix}]} if prefix else document


@router.get("/docs")
def get_docs(request: Request) -> HTMLResponse:
    """Return a page to read the API and to try it."""
    _need_reader(request)
    address = f"{prefix_of(request)}/openapi.json"
    return get_swagger_ui_html(openapi_url=address, title=f"{request.app.title} API")


def _need_reader(request: Request) -> None:
    """Raise `Unauthenticated` for another machine without a key, unless the settings let everybody read."""
    if not is_local(request) and not server_of(request).workspace.settings.serve.public_reference:
        caller_of(request)
