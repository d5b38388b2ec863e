"""A JSON Schema that a text must be valid JSON for; it may come from anybody."""

import json
import time
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

from lorewright.errors import InvalidFlow
from lorewright.flows.nodes.patterns import is_found, need_pattern

SECONDS = 2.0


def need_schema(schema: str) -> None:
    """Raise `InvalidFlow` for what is no JSON Schema, or one whose patterns cannot be used."""
    try:
        read = json.loads(schema or "{}")
        Draft202012Validator.check_schema(read)
        for name, value in _keywords(read):
            if name == "patternProperties":
                raise InvalidFlow(
                    "parameter 'schema' has patternProperties, which is not supported.",
                    hint="Name the properties, or use propertyNames.",
                )
            if name == "pattern" and isinstance(value, str):
                need_pattern(value, "schema")
    except (json.JSONDecodeError, SchemaError, RecursionError) as error:
        reason = error.message if isinstance(error, SchemaError) else str(error)
        raise InvalidFlow(f"parameter 'schema' is not a valid JSON Schema: {reason}.") from None


def misfit(schema: str, text: str) -> str:
    """Return how a text differs from what the schema asks, or nothing; schemas elsewhere are never fetched.

    Raises `InvalidFlow` where that takes longer than two seconds.
    """
    try:
        validator_of(json.loads(schema)).validate(json.loads(text))
    except json.JSONDecodeError as error:
        return f"The answer must be JSON and nothing else: {error}."
    except ValidationError as error:
        return f"The JSON does not fit, at {error.json_path}: {error.message[:200]}."
    except Unresolvable as error:
        return f"The schema refers to another one that does not exist: {error}."
    except RecursionError:
        return "The JSON, or the schema, is nested too deeply."
    return ""


def validator_of(schema: Any) -> Any:
    """Return what checks values by a schema from anybody: it fetches nothing, and its time ends."""
    return _limited()(schema, registry=Registry())


def values_text(text: str) -> str:
    """Return the texts and numbers in a JSON text, one a line; another text as it is."""
    try:
        return "\n".join(_values(json.loads(text)))
    except (json.JSONDecodeError, RecursionError):
        return text


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _values(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _limited() -> Any:
    """Return a validator whose time ends: references may multiply, and patterns take for ever."""
    end = time.thread_time() + SECONDS  # of the processor: a busy machine is no fault of the schema
    refer = Draft202012Validator.VALIDATORS["$ref"]

    def need_time() -> None:
        if time.thread_time() > end:
            raise InvalidFlow(f"The schema took longer than {SECONDS:g} seconds.", hint="Simplify it.")

    def ref(validator: Any, value: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
        need_time()
        yield from refer(validator, value, instance, schema) or ()

    def pattern(validator: Any, value: str, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001
        need_time()
        if validator.is_type(instance, "string") and not is_found(value, instance):
            yield ValidationError(f"{instance!r} does not match {value!r}")

    return extend(Draft202012Validator, {"$ref": ref, "pattern": pattern})


def _keywords(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield every name in a schema with its value, however deep."""
    if isinstance(schema, dict):
        yield from schema.items()
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for value in inner:
        yield from _keywords(value)
