"""Requests in JSON, read and checked outside of HTTP."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import ValidationError

from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody, first_wrong

_Request = TypeVar("_Request", bound=RequestBody)


@contextmanager
def params_named(names: Mapping[str, str]) -> Iterator[None]:
    """Tell of a wrong parameter by the name that it goes by in the API that was spoken."""
    try:
        yield
    except BadParameter as error:
        for ours, theirs in names.items():
            if re.match(rf"{ours}\b", error.param):
                param = re.sub(f"^{ours}", theirs, error.param)
                message = str(error).replace(error.param, param)
                raise BadParameter(param, message, code=error.code) from error
        raise


def read_request(kind: type[_Request], body: Mapping[str, Any]) -> _Request:
    """Return a body as the request it is; raise `BadParameter` that names its first wrong value."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        param, what = first_wrong(error.errors(), body)
        raise BadParameter(param, f"Invalid {param or 'body'}: {what}.") from error
