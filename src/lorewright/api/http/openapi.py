"""The OpenAPI document of a server: what each operation answers, errors included."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from lorewright.workspace.anthropic.errors import speaks_anthropic

Json = dict[str, Any]

OPEN = ("/healthz", "/readyz", "/metrics", "/lorewright/v1/login", "/lorewright/v1/oidc")
"""Where nobody is asked for a key; paths below them too."""
STREAMS = (
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/messages",
    "/v1/responses",
    "/v1/responses/{response_id}",
    "/lorewright/v1/jobs/{job_id}/events",
)
"""What answers, or can answer, with server-sent events."""
MEDIA: Mapping[str, str] = {
    "/metrics": "text/plain",
    "/v1/files/{file_id}/content": "application/octet-stream",
    "/v1/evals/{eval_id}/runs/{run_id}/report": "text/markdown",
    "/lorewright/v1/chats/{chat_id}/export": "text/markdown",
}
"""What answers with something else than JSON."""
ERRORS: Mapping[int, str] = {
    400: "The request has an invalid value; `param` names it.",
    401: "The key is missing, wrong or expired.",
    403: "The key lacks the permission.",
    404: "It does not exist, or this key may not see it.",
    405: "The method is not supported here.",
    408: "The body did not arrive in time.",
    409: "It is in use, or was changed in the meantime.",
    413: "The body is larger than the server accepts.",
    429: "A limit is reached, or too many requests are waiting; `Retry-After` says when to try again.",
    499: "The request was cancelled.",
    500: "A bug in the server.",
    502: "A model behind the server failed permanently.",
    503: "A model behind the server cannot be reached.",
}
OVERLOADED = 529
NULL_WHERE_NONE = ("EvalAPIError",)
"""What OpenAI answers with null where there is none, although the SDK's types do not say so."""
SECURITY: Mapping[str, Json] = {
    "key": {"type": "http", "scheme": "bearer"},
    "anthropic_key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "session": {"type": "apiKey", "in": "cookie", "name": "lorewright_session"},
}


def describe(app: FastAPI) -> None:
    """Let the application's document tell all that its operations answer."""

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> Json:
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = dict(SECURITY)
    known = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        known.pop(unused, None)
    for name in NULL_WHERE_NONE:
        known[name] = {"anyOf": [known[name], {"type": "null"}]}
    parts["schemas"] = known | {"ApiError": _openai_error(), "AnthropicError": _anthropic_error()}
    for path, method, operation in _operations(document):
        operation["responses"] = _responses(path, method, operation)
        if not path.startswith(OPEN):
            operation["security"] = [{name: []} for name in SECURITY]
    return document


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def _responses(path: str, method: str, operation: Json) -> Json:
    """Return the responses of an operation: what it says when all goes well, and every error."""
    responses = {status: response for status, response in operation["responses"].items() if status != "422"}
    if path in MEDIA and "200" in responses:
        responses["200"]["content"] = {MEDIA[path]: {"schema": {"type": "string"}}}
    content = responses.get("200", {}).get("content", {})
    if "application/json" in content:
        content["application/json"] = {"schema": _alone(content["application/json"]["schema"])}
    if path in STREAMS and (method == "post" or path.endswith(("/events", "{response_id}"))):
        content["text/event-stream"] = {"schema": {"type": "string"}}
    if path.endswith("/events") and path in STREAMS:
        del content["application/json"]
    name = "AnthropicError" if speaks_anthropic(path) else "ApiError"
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    errors = {**ERRORS, OVERLOADED: "Too many requests are waiting."} if speaks_anthropic(path) else ERRORS
    for status, description in errors.items():
        responses[str(status)] = {"description": description, "content": body}
    responses["429"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return responses


def _alone(schema: Json) -> Json:
    """Return the type that a route names, without that of the plain object which its function returns."""
    wanted = ("$ref", "anyOf", "oneOf", "discriminator")
    return {name: part for name, part in schema.items() if name in wanted} or schema


def _openai_error() -> Json:
    text = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    return _object(error=_object(message={"type": "string"}, type={"type": "string"}, param=text, code=text))


def _anthropic_error() -> Json:
    body = _object(
        type={"const": "error"}, error=_object(type={"type": "string"}, message={"type": "string"})
    )
    body["properties"]["request_id"] = {"type": "string"}
    return body


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}
