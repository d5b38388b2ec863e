"""Errors as responses: in OpenAI's shape, or in Anthropic's where its API is spoken, with their status."""

import math
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lorewright import errors
from lorewright.api.http.unknown_urls import NOT_FOUND, unknown_url
from lorewright.errors import BadParameter
from lorewright.request_body import first_wrong
from lorewright.workspace.anthropic.errors import anthropic_error, anthropic_status, speaks_anthropic
from lorewright.workspace.openai.errors import error_body, status_and_body

__all__ = ["BadParameter", "headers_of", "status_and_body", "translate_errors"]


def headers_of(error: BaseException) -> dict[str, str]:
    """Return the headers that belong to an error."""
    if isinstance(error, errors.QuotaReached):  # clients that try again by themselves shall not
        return {"Retry-After": str(math.ceil(error.retry_after_seconds)), "x-should-retry": "false"}
    if isinstance(error, errors.Overloaded | errors.LimitReached):
        return {"Retry-After": str(math.ceil(error.retry_after_seconds))}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, errors.Unauthenticated) else {}


def translate_errors(app: FastAPI) -> None:
    """Let every error of the application reach clients in the shape that they expect."""

    async def ours(request: Request, error: Exception) -> JSONResponse:
        status, body = status_and_body(error)
        return _response(request, status, body, headers_of(error))

    async def bug(request: Request, error: Exception) -> JSONResponse:
        # Made outside of all middleware: nobody else puts the id on it.
        status, body = status_and_body(error)
        return _response(request, status, body, {"x-request-id": getattr(request.state, "request_id", "")})

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        param, what = _first_wrong(error)
        message = f"Invalid {param or 'body'}: {what}."
        return _response(request, 400, error_body(message, "invalid_request_error", param=param or None))

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = "not_found" if error.status_code == 404 and speaks_anthropic(request.url.path) else None
        is_too_deep = isinstance(error.__cause__, RecursionError)
        message = "The JSON body is nested too deeply." if is_too_deep else str(error.detail)
        if error.status_code == 404 and message == NOT_FOUND:
            message, code = unknown_url(request.method, request.url.path), code or "unknown_url"
        body = error_body(message, "invalid_request_error", code=code)
        return _response(request, error.status_code, body, error.headers)

    app.add_exception_handler(errors.LorewrightError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, bug)


def _first_wrong(error: RequestValidationError) -> tuple[str, str]:
    """Return the name of the first wrong parameter of a path, a query or a body, and what it should be."""
    first = error.errors()[0]
    if first["loc"][0] == "body" and len(first["loc"]) > 1:
        told = [{**one, "loc": one["loc"][1:]} for one in error.errors() if one["loc"][0] == "body"]
        return first_wrong(told, error.body)
    return ".".join(str(part) for part in first["loc"][1:]), first["msg"].removeprefix("Value error, ")


def _response(
    request: Request, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return an error, given in OpenAI's shape, in that of the API that is spoken on the request's path."""
    if not speaks_anthropic(request.url.path):
        return JSONResponse(body, status, headers)
    anthropic_body = anthropic_error(body, getattr(request.state, "request_id", ""))
    return JSONResponse(anthropic_body, anthropic_status(status, body), headers)
