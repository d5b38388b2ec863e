"""Errors as clients see them: OpenAI's shape, a status, and nothing of our insides."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lorewright import errors

_LOG = logging.getLogger("lorewright.api")

# The first class that fits decides: status, OpenAI's type, OpenAI's code.
_STATUS: tuple[tuple[type[errors.LorewrightError], int, str, str | None], ...] = (
    (errors.Unauthenticated, 401, "invalid_request_error", "invalid_api_key"),
    (errors.NotAllowed, 403, "invalid_request_error", "insufficient_permissions"),
    (errors.NotFound, 404, "invalid_request_error", "not_found"),
    (errors.InUse, 409, "invalid_request_error", "in_use"),
    (errors.Busy, 409, "invalid_request_error", "busy"),
    (errors.UserError, 400, "invalid_request_error", None),
    (errors.Overloaded, 429, "rate_limit_error", "overloaded"),
    (errors.Transient, 503, "server_error", "upstream_unavailable"),
    (errors.Permanent, 502, "server_error", "upstream_failed"),
    (errors.Cancelled, 499, "server_error", "cancelled"),
    (errors.LorewrightError, 500, "server_error", None),
)


class BadParameter(errors.UserError):
    """A parameter with a value it cannot have; `param` is its place in the request."""

    def __init__(self, param: str, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.param = param
        self.code = code


def body_of(error: BaseException) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON body that tell a client of an error; a bug is logged, not told."""
    if isinstance(error, errors.LorewrightError):
        status, kind, code = next(
            (status, kind, code) for cls, status, kind, code in _STATUS if isinstance(error, cls)
        )
        message = f"{error} {error.hint}".strip()
        return status, _shape(
            message, kind, param=getattr(error, "param", None), code=getattr(error, "code", None) or code
        )
    _LOG.error("A bug in a request:", exc_info=error)
    return 500, _shape("The server had an error while processing your request.", "server_error")


def headers_of(error: BaseException) -> dict[str, str]:
    """Return the headers that belong to an error."""
    if isinstance(error, errors.Overloaded):
        return {"Retry-After": str(round(error.retry_after_seconds))}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, errors.Unauthenticated) else {}


def translate_errors(app: FastAPI) -> None:
    """Let every error of the application reach clients in OpenAI's shape."""

    async def ours(_request: Request, error: Exception) -> JSONResponse:
        status, body = body_of(error)
        return JSONResponse(body, status, headers_of(error))

    async def invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        param = ".".join(str(part) for part in first["loc"][1:]) or None
        message = f"Invalid {param or 'body'}: {first['msg']}."
        return JSONResponse(_shape(message, "invalid_request_error", param=param), 400)

    async def http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return JSONResponse(
            _shape(str(error.detail), "invalid_request_error"), error.status_code, error.headers
        )

    app.add_exception_handler(errors.LorewrightError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, ours)


def _shape(
    message: str, kind: str, *, param: str | None = None, code: str | None = None
) -> dict[str, Mapping[str, Any]]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
