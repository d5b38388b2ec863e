"""Errors as responses: every error of the application in OpenAI's shape, with its status."""

import math

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lorewright import errors
from lorewright.errors import BadParameter
from lorewright.workspace.told import body_of, error_body

__all__ = ["BadParameter", "body_of", "headers_of", "translate_errors"]


def headers_of(error: BaseException) -> dict[str, str]:
    """Return the headers that belong to an error."""
    if isinstance(error, errors.QuotaReached):  # clients that try again by themselves shall not
        return {"Retry-After": str(math.ceil(error.retry_after_seconds)), "x-should-retry": "false"}
    if isinstance(error, errors.Overloaded | errors.LimitReached):
        return {"Retry-After": str(math.ceil(error.retry_after_seconds))}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, errors.Unauthenticated) else {}


def translate_errors(app: FastAPI) -> None:
    """Let every error of the application reach clients in OpenAI's shape."""

    async def ours(_request: Request, error: Exception) -> JSONResponse:
        status, body = body_of(error)
        return JSONResponse(body, status, headers_of(error))

    async def bug(request: Request, error: Exception) -> JSONResponse:
        # Made outside of all middleware: nobody else puts the id on it.
        status, body = body_of(error)
        return JSONResponse(body, status, {"x-request-id": getattr(request.state, "request_id", "")})

    async def invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        param = ".".join(str(part) for part in first["loc"][1:]) or None
        message = f"Invalid {param or 'body'}: {first['msg'].removeprefix('Value error, ')}."
        return JSONResponse(error_body(message, "invalid_request_error", param=param), 400)

    async def http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return JSONResponse(
            error_body(str(error.detail), "invalid_request_error"), error.status_code, error.headers
        )

    app.add_exception_handler(errors.LorewrightError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, bug)
