"""Fields that a domain's own targets have: the keys of JSON, and labelled lines."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

from lorewright.evaluation.compared import words
from lorewright.evaluation.scorers.fields import read_fields
from lorewright.json_text import read_json
from lorewright.settings import FieldPattern

SHARED = 0.9
"""Share of the targets that must have the form, and each of its fields."""
SHORT_WORDS = 6
"""A field with longer values is free text: no answer matches it word for word."""
LEAST_TARGETS = 5
_DATE = (
    r"\d{1,2}\.? [^\W\d_]{3,9}\.? \d{4}|[^\W\d_]{3,9} \d{1,2}, \d{4}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
)
_LABEL = re.compile(r"^[ \t*_#>-]*([^\W\d_][\w /()-]{0,39}?)[ \t*_]*[:=]", re.MULTILINE)


def derive_fields(targets: Sequence[str]) -> tuple[FieldPattern, ...]:
    """Return the fields that nearly all targets have, by JSON key or by label; none where there are none.

    Of a labelled line of free text, which no answer matches word for word, the date and the last
    number are taken. Left out is what has one value in all targets: it tells no answers apart.
    """
    if len(targets) < LEAST_TARGETS:
        return ()
    derived = []
    for whole, *parts in _json_keys(targets) or _labels(targets):
        derived += (
            [whole] if _is_telling(whole, targets) else [one for one in parts if _is_telling(one, targets)]
        )
    return tuple(derived)


def _json_keys(targets: Sequence[str]) -> list[list[FieldPattern]]:
    parsed = [value for text in targets if isinstance(value := _parsed(text), Mapping)]
    if len(parsed) < SHARED * len(targets):
        return []
    counts = Counter(key for value in parsed for key in value if "." not in key)
    return [[FieldPattern(name=key, json=key)] for key in _shared(counts, len(targets))]


def _labels(targets: Sequence[str]) -> list[list[FieldPattern]]:
    """Return for every label its whole line, and the date and the last number in it."""
    labels = (dict.fromkeys(match[1].strip().lower() for match in _LABEL.finditer(text)) for text in targets)
    counts = Counter(label for of_one in labels for label in of_one)
    return [_patterns(label) for label in _shared(counts, len(targets))]


def _patterns(label: str) -> list[FieldPattern]:
    name = label.replace(" ", "_")
    line = rf"(?i)^[ \t*_#>-]*{re.escape(label)}[ \t*_]*[:=][ \t*_]*"
    return [
        FieldPattern(name=name, pattern=rf"{line}(.*)$"),
        FieldPattern(name=f"{name}_date", pattern=rf"{line}.*?\b({_DATE})"),
        FieldPattern(name=f"{name}_number", pattern=rf"{line}.*(?<![\d.,])(\d(?:[\d.,]*\d)?)"),
    ]


def _shared(counts: Counter[str], n: int) -> list[str]:
    return [name for name, count in counts.items() if count >= SHARED * n]


def _parsed(text: str) -> object:
    try:
        return read_json(text)
    except ValueError:
        return None


def _is_telling(pattern: FieldPattern, targets: Sequence[str]) -> bool:
    """Whether enough targets have a value that is short enough to compare, and not all the same."""
    values = [value for text in targets if (value := read_fields(text, (pattern,))[pattern.name])]
    if len(values) < len(targets) / 2 or len(set(values)) < 2:
        return False
    return median(len(words(value)) for value in values) <= SHORT_WORDS
