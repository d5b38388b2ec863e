"""Has the form, and the right value in every part of it."""

import json
import re
from collections.abc import Mapping, Sequence

from lorewright.errors import InvalidSetting
from lorewright.evaluation.compared import is_same
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.settings import FieldPattern

Fields = Mapping[str, str | None]


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `fields`, `form`, and `field.<name>` for every field of the nearest target.

    `fields` is the share of fields with the target's value, dates and numbers in any format.
    `form` is 1 where every field that the target has can be read from the answer.
    """
    patterns = context.settings.fields
    if not patterns or not question.targets:
        return {}
    fields = read_fields(answer.text, patterns)
    return max(
        (_scores(fields, read_fields(target, patterns)) for target in question.targets),
        key=lambda scores: scores["fields"],
    )


def agreement(text: str, targets: Sequence[str], context: ScoringContext) -> float:
    """Return 1 where every field has the value of one of the targets, else 0."""
    patterns = context.settings.fields
    fields = read_fields(text, patterns)
    return float(any(_scores(fields, read_fields(target, patterns))["fields"] == 1.0 for target in targets))


def read_fields(text: str, patterns: Sequence[FieldPattern]) -> Fields:
    """Return every field's value: the first group of its regular expression, or its JSON field."""
    parsed = json_in(text) if any(pattern.json for pattern in patterns) else None
    return {
        pattern.name: _json_field(parsed, pattern.json) if pattern.json else _group(pattern, text)
        for pattern in patterns
    }


def _scores(fields: Fields, wanted: Fields) -> dict[str, float]:
    right = {name: float(_agree(fields[name], value)) for name, value in wanted.items()}
    has_form = all(fields[name] is not None for name, value in wanted.items() if value is not None)
    return {
        "fields": sum(right.values()) / len(right),
        "form": float(has_form),
        **{f"field.{name}": value for name, value in right.items()},
    }


def _agree(value: str | None, wanted: str | None) -> bool:
    if value is None or wanted is None:
        return value is wanted
    return is_same(value, wanted)


def _group(pattern: FieldPattern, text: str) -> str | None:
    try:
        match = re.search(pattern.pattern, text, re.MULTILINE)
    except re.error as error:
        raise InvalidSetting(
            f"evaluation.fields: the pattern {pattern.pattern!r} of {pattern.name!r} is not a regular "
            f"expression ({error}).",
            hint="Fix the pattern, or name a JSON field instead.",
        ) from error
    if match is None:
        return None
    return (match[1] or "").strip() if match.re.groups else match[0].strip()


def json_in(text: str) -> object:
    """Return the first JSON object or list in a text, or nothing; words around it are allowed."""
    decoder = json.JSONDecoder()
    for start in (match.start() for match in re.finditer(r"[{\[]", text)):
        try:
            return decoder.raw_decode(text, start)[0]
        except ValueError:
            continue
    return None


def _json_field(parsed: object, path: str) -> str | None:
    """Return the value at a path such as `release.date` or `items.0`."""
    for key in path.split("."):
        if isinstance(parsed, dict) and key in parsed:
            parsed = parsed[key]
        elif isinstance(parsed, list) and key.isdecimal() and int(key) < len(parsed):
            parsed = parsed[int(key)]
        else:
            return None
    return parsed if isinstance(parsed, str) else json.dumps(parsed, ensure_ascii=False)
