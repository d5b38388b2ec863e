"""The reference of Lorewright's own API, from the OpenAPI document of a served domain."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

PREFIX = "/lorewright/v1"

Json = Mapping[str, Any]
Operation = tuple[str, str, Json]
"""The method, the path, and what the document says about it."""


def operations_block() -> str:
    """Return every operation below `/lorewright/v1` by its tag, and the errors that any may answer."""
    return reference_of(openapi_document())


def openapi_document() -> Json:
    """Return the OpenAPI document of a new, empty domain."""
    from lorewright.api.app import build_app
    from lorewright.workspace import init_domain
    from lorewright.workspace.server.server import Server

    with tempfile.TemporaryDirectory() as folder:
        server = Server(init_domain(Path(folder) / "domain"))
        try:
            return build_app(server).openapi()
        finally:
            server.close()


def reference_of(document: Json) -> str:
    """Return the reference of an OpenAPI document as Markdown."""
    operations = list(_operations(document))
    shared = set.intersection(*(set(_errors(about)) for _, _, about in operations))
    parts = [_error_table(operations[0][2], shared)]
    by_tag = sorted(operations, key=lambda operation: operation[2]["tags"][0])
    for tag, group in groupby(by_tag, key=lambda operation: operation[2]["tags"][0]):
        parts.append(f"## {tag}")
        for method, path, about in group:
            parts += _operation(document, method, path, about, shared)
    return "\n\n".join(parts) + "\n"


def _operations(document: Json) -> Iterator[Operation]:
    for path, operations in document["paths"].items():
        if path.startswith(f"{PREFIX}/"):
            for method, about in operations.items():
                yield method, path, about


def _operation(document: Json, method: str, path: str, about: Json, shared: set[str]) -> Iterator[str]:
    yield f"### `{method.upper()} {path}`"
    yield " ".join(about.get("description", about["summary"]).split())
    if rows := [_parameter(one) for one in about.get("parameters", ()) if one["in"] != "path"]:
        yield _table(("parameter", "in", "type", "default"), rows)
    if "requestBody" in about:
        yield from _body(document, about["requestBody"])
    if codes := [code for code in _errors(about) if code not in shared]:
        yield "Also answers " + ", ".join(
            f"{code} ({about['responses'][code]['description']})" for code in codes
        )
    if "security" not in about:
        yield "No key is needed."


def _parameter(one: Json) -> tuple[str, ...]:
    schema = one["schema"]
    default = "required" if one["required"] else _value(schema.get("default"))
    return f"`{one['name']}`", one["in"], _type(schema), default


def _body(document: Json, body: Json) -> Iterator[str]:
    for media_type, content in body["content"].items():
        schema = _resolved(document, content.get("schema", {}))
        fields = schema.get("properties", {})
        needed = set(schema.get("required", ()))
        head = f"Body (`{media_type}`)"
        if not fields:
            yield f"{head}: {_type(schema)}."
            continue
        yield f"{head}:"
        yield _table(
            ("field", "type", "default"),
            [
                (f"`{name}`", _type(field), "required" if name in needed else _value(field.get("default")))
                for name, field in fields.items()
            ],
        )


def _resolved(document: Json, schema: Json) -> Json:
    """Return a schema, or the one that it refers to."""
    if "$ref" not in schema:
        return schema
    found: Json = document["components"]["schemas"][_name(schema)]
    return found


def _name(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _type(schema: Json) -> str:
    """Return a JSON schema in a few words."""
    if "$ref" in schema:
        return _name(schema).rpartition("__")[2]
    if "enum" in schema or "const" in schema:
        return " \\| ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " or ".join(dict.fromkeys(_type(option) for option in options))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    name = str(schema.get("type", "any value"))
    return name + _bounds(schema)


def _bounds(schema: Json) -> str:
    words = {"minimum": "≥", "maximum": "≤", "minLength": "length ≥", "maxLength": "length ≤"}
    limits = [f"{sign} {schema[key]:g}" for key, sign in words.items() if key in schema]
    return f" ({', '.join(limits)})" if limits else ""


def _value(value: Any) -> str:
    return "" if value is None else f"`{_cell(json.dumps(value))}`"


def _errors(about: Json) -> list[str]:
    return [code for code in about["responses"] if code.isdigit() and int(code) >= 400]


def _error_table(about: Json, shared: set[str]) -> str:
    rows = [(code, _cell(one["description"])) for code, one in about["responses"].items() if code in shared]
    return "## Errors\n\nEvery operation may answer:\n\n" + _table(("status", "when"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
