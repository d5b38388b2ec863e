"""Errors as clients of the API are told of them: OpenAI's shape, a status, and nothing of our insides."""

import logging
from collections.abc import Mapping
from typing import Any

from lorewright import errors

_LOG = logging.getLogger("lorewright.api")

# The first class that fits decides: status, OpenAI's type, OpenAI's code.
_STATUS: tuple[tuple[type[errors.LorewrightError], int, str, str | None], ...] = (
    (errors.Unauthenticated, 401, "invalid_request_error", "invalid_api_key"),
    (errors.NotAllowed, 403, "invalid_request_error", "insufficient_permissions"),
    (errors.NotFound, 404, "invalid_request_error", "not_found"),
    (errors.InUse, 409, "invalid_request_error", "in_use"),
    (errors.Overtaken, 409, "invalid_request_error", "overtaken"),
    (errors.QuotaReached, 429, "insufficient_quota", "insufficient_quota"),
    (errors.LimitReached, 429, "rate_limit_error", "rate_limit_exceeded"),
    (errors.OutOfSpace, 507, "server_error", "insufficient_storage"),
    (errors.ReadOnly, 403, "invalid_request_error", "read_only"),
    (errors.Busy, 409, "invalid_request_error", "busy"),
    (errors.UnusableDatabase, 503, "server_error", "database_unavailable"),
    (errors.UserError, 400, "invalid_request_error", None),
    (errors.Overloaded, 429, "rate_limit_error", "overloaded"),
    (errors.DatabaseDown, 503, "server_error", "database_unavailable"),
    (errors.Transient, 503, "server_error", "upstream_unavailable"),
    (errors.PromptTooLong, 400, "invalid_request_error", "context_length_exceeded"),
    (errors.RequestRefused, 400, "invalid_request_error", None),
    (errors.Permanent, 502, "server_error", "upstream_failed"),
    (errors.Cancelled, 499, "server_error", "cancelled"),
    (errors.LorewrightError, 500, "server_error", None),
)


def status_and_body(error: BaseException) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON body that tell a client of an error; a bug is logged, not told."""
    known = errors.known_error(error)
    if known is not None:
        error = known
        status, kind, code = next(
            (status, kind, code) for cls, status, kind, code in _STATUS if isinstance(error, cls)
        )
        message = f"{error} {error.hint}".strip()
        return status, error_body(
            message, kind, param=getattr(error, "param", None), code=getattr(error, "code", None) or code
        )
    _LOG.error("A bug in a request:", exc_info=error)
    return 500, error_body("The server had an error while processing your request.", "server_error")


def error_body(
    message: str, kind: str, *, param: str | None = None, code: str | None = None
) -> dict[str, Mapping[str, Any]]:
    """Return the JSON body that tells of an error."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
