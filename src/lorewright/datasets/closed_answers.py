"""Examples whose completions are chosen from closed sets: one label, or JSON whose fields are labels."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.datasets.example import Example
from lorewright.json_text import read_json

LEAST_EXAMPLES = 20
MOST_WORDS = 6
PER_LABEL, NEARLY_PER_LABEL = 2.5, 1.5
"""Examples that a label has on average, at least: fewer, and the answers may be of an open set."""
REPEATED_SHARE = 0.9
UNKNOWN_NAMES = frozenset(
    (
        *("oos", "out of scope", "out of domain", "other", "others", "unknown", "fallback"),
        *("none of the above", "none of these", "no intent", "sonstiges", "anderes", "unbekannt"),
        *("autre", "autres", "inconnu", "otro", "otros", "desconocido", "altro", "sconosciuto"),
    )
)
"""What a label is called that says: none of the others."""

WHOLE = ""
"""The name of the one field where the whole completion is the label."""


@dataclass(frozen=True, slots=True)
class ClosedField:
    """A part of the answers with a closed set of values, the most frequent first.

    `key` is how values are told apart: without case and spacing. `unknown` is the key of the value that
    says "none of the others", '' where there is none.
    """

    name: str
    values: tuple[Any, ...]
    unknown: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the key of every value."""
        return tuple(map(key_of, self.values))


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosedAnswers:
    """The form of answers that are chosen from closed sets.

    `fields` are in the order of the answers; one with a single value is the same in all of them.
    `separators` are those of the examples' JSON. `merged` are values that were written in several ways.
    """

    fields: tuple[ClosedField, ...]
    separators: tuple[str, str] = (", ", ": ")
    merged: tuple[tuple[str, ...], ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether the answers are JSON objects."""
        return self.fields[0].name != WHOLE

    @property
    def chosen(self) -> tuple[ClosedField, ...]:
        """The fields that have more than one value."""
        return tuple(field for field in self.fields if len(field.values) > 1)

    def keys_in(self, completion: str) -> dict[str, str] | None:
        """Return the key of every field's value in a completion, `None` where it is not of this form."""
        values = _object_in(completion) if self.is_json else {WHOLE: completion}
        if values is None or any(field.name not in values for field in self.fields):
            return None
        return {field.name: key_of(values[field.name]) for field in self.fields}

    def text_of(self, keys: Mapping[str, str]) -> str:
        """Return the completion that says these values; what is not named has its most frequent one."""
        values = {field.name: _value(field, keys.get(field.name)) for field in self.fields}
        if not self.is_json:
            return str(values[WHOLE])
        return json.dumps(values, ensure_ascii=False, separators=self.separators)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closedness:
    """Whether answers are chosen from closed sets (`answers`), or else why they are not.

    They are nearly so (`is_near`) where only some fields are free, or where all answers are the same.
    """

    answers: ClosedAnswers | None = None
    why_not: str = ""
    is_near: bool = False


def closed_answers(examples: Sequence[Example], *, is_forced: bool = False) -> Closedness:
    """Return the closed sets that completions are chosen from.

    A field is closed where nearly all of its values are short and occur again, `PER_LABEL` times on average.
    Refusals of what cannot be answered do not count. With `is_forced` few or rare values will do.
    """
    completions = [example.completion for example in examples if example.answerable]
    if len(completions) < (2 if is_forced else LEAST_EXAMPLES):
        few = _few(WHOLE, completions)
        return few if few.is_near else Closedness(why_not="There are too few examples to tell labels by.")
    objects = [found for text in completions if (found := _object_in(text)) is not None]
    if len(objects) >= REPEATED_SHARE * len(completions):
        return _closed_objects(objects, completions, is_forced=is_forced)
    field, merged = _closed_field(WHOLE, completions, is_forced=is_forced)
    if field is None:
        return _few(WHOLE, completions)
    if len(field.values) == 1:
        why_not = f"All examples have the same answer, {_shown(field.values[0])}."
        return Closedness(why_not=why_not, is_near=True)
    return Closedness(answers=ClosedAnswers(fields=(field,), merged=merged))


def key_of(value: Any) -> str:
    """Return what tells a value from others: texts without case and spacing, else their JSON."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _few(name: str, completions: Sequence[str]) -> Closedness:
    """Return why answers are not closed: they would be if there were more examples of each, or are free."""
    field, _ = _closed_field(name, completions, is_forced=False, per_label=NEARLY_PER_LABEL)
    if field is None or len(field.values) < 2:
        return Closedness(why_not="The answers are free text, not labels of a closed set.")
    return Closedness(
        why_not=f"{len(completions)} examples with {len(field.values)} short answers are too few to take "
        'these for labels; method = "classifier" under [tuning] does.',
        is_near=True,
    )


def _closed_objects(
    objects: Sequence[Mapping[str, Any]], completions: Sequence[str], *, is_forced: bool
) -> Closedness:
    names = Counter(tuple(one) for one in objects).most_common(1)[0][0]
    fields, merged, free = list[ClosedField](), list[tuple[str, ...]](), list[str]()
    for name in names:
        values = [one.get(name) for one in objects if name in one]
        field, ways = _closed_field(name, values, is_forced=is_forced)
        merged += ways
        if field is None:
            free.append(name)
        else:
            fields.append(field)
    if free:
        several = "fields hold" if len(free) > 1 else "field holds"
        why_not = f"The JSON {several} free values, not labels: {', '.join(free)}."
        return Closedness(why_not=why_not, is_near=bool(fields))
    if all(len(field.values) == 1 for field in fields):
        return Closedness(why_not="All examples have the same answer.", is_near=True)
    is_dense = sum('":"' in text or '","' in text for text in completions) > len(completions) / 2
    separators = (",", ":") if is_dense else (", ", ": ")
    return Closedness(
        answers=ClosedAnswers(fields=tuple(fields), separators=separators, merged=tuple(merged))
    )


def _closed_field(
    name: str, values: Sequence[Any], *, is_forced: bool, per_label: float = PER_LABEL
) -> tuple[ClosedField | None, tuple[tuple[str, ...], ...]]:
    """Return the closed set of values, `None` for an open one, and values written in several ways."""
    counts = Counter(map(key_of, values))
    spellings: dict[str, Counter[str]] = {}
    for value in values:
        if isinstance(value, str):
            spellings.setdefault(key_of(value), Counter())[" ".join(value.split())] += 1
    n_repeated = sum(
        count
        for key, count in counts.items()
        if (count > 1 and _is_short(key)) or (is_forced and (count > 1 or _is_short(key)))
    )
    is_closed = n_repeated >= REPEATED_SHARE * len(values) and (
        is_forced or len(values) >= per_label * len(counts)
    )
    if not is_closed or not values or any(isinstance(value, dict | list) for value in values):
        return None, ()
    others = {key_of(value): value for value in values if not isinstance(value, str)}
    kept = [
        spellings[key].most_common(1)[0][0] if key in spellings else others[key]
        for key, _ in counts.most_common()
    ]
    merged = tuple(
        tuple(way for way, _ in ways.most_common()) for ways in spellings.values() if len(ways) > 1
    )
    unknown = next((key for key in counts if _plain(key) in UNKNOWN_NAMES), "")
    return ClosedField(name, tuple(kept), unknown if len(counts) > 2 else ""), merged


def _value(field: ClosedField, key: str | None) -> Any:
    return next((value for value in field.values if key_of(value) == key), field.values[0])


def _object_in(text: str) -> Mapping[str, Any] | None:
    try:
        value = read_json(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) and value else None


def _is_short(key: str) -> bool:
    return 0 < len(_plain(key).split()) <= MOST_WORDS


def _plain(key: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in key).split())


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
