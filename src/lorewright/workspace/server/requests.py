"""Requests in JSON, read and checked outside of HTTP."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody

_Request = TypeVar("_Request", bound=RequestBody)


def read_request(kind: type[_Request], body: Mapping[str, Any]) -> _Request:
    """Return a body as the request it is; raise `BadParameter` that names its first wrong value."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        param = ".".join(str(part) for part in first["loc"])
        raise BadParameter(
            param, f"Invalid {param or 'body'}: {first['msg'].removeprefix('Value error, ')}."
        ) from error
