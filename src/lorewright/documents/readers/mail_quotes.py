"""Quoted replies: what was asked stands before what was answered, and what a mailbox repeats stands once."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from lorewright.documents.completion import folded

_WHEN = r"(?P<when>[^\n]{4,80}?\d{1,2}[:.h]\d{2}(?:[ \u202f\xa0]?[AP]M)?)"
_ATTRIBUTION = re.compile(
    rf"^(?:On {_WHEN},?\s+(?P<who>[^\n<:>]{{1,80}}?)\s*(?:<[^>\n]*>)?\s+wrote:"
    rf"|Am {_WHEN.replace('when', 'wann')}(?: Uhr)? schrieb (?P<wer>[^\n<:>]{{1,80}}?)\s*(?:<[^>\n]*>)?:"
    rf"|Le {_WHEN.replace('when', 'quand')},?\s+(?P<qui>[^\n<:>]{{1,80}}?)\s*(?:<[^>\n]*>)?\s+a écrit\s?:)"
    r"[ \t]*\n+(?P<quoted>(?:>[^\n]*(?:\n|\Z)|[ \t]*(?:\n|\Z)(?=[ \t\n]*(?:>|\Z)))+)",
    re.MULTILINE,
)
_MARK = re.compile(r"^>[ ]?", re.MULTILINE)
_QUESTION = re.compile(r"[^.!?\n]*\?")
_LONGEST = 700
"""Characters of a quoted message that is put before the answer; a longer one stays where it is."""


@dataclass(frozen=True, slots=True)
class _Said:
    label: str
    text: str


def with_quotes_first(text: str, *, who: str, when: str, known: Collection[str] = ()) -> tuple[str, int]:
    """Return a message below those that it answers, each as a line with who wrote it and when.

    Of a message that is `known` (the letters of others of its mailbox) only the questions stay. The number
    tells the characters left out.
    """
    parts = _parts(text.strip("\n"), _Said("", ""))
    if len(parts) < 2 or not parts[-1].text or any(len(part.text) > _LONGEST for part in parts[:-1]):
        return text, 0
    n_left_out = 0
    lines: list[str] = []
    for part in parts[:-1]:
        said = " ".join(part.text.split())
        if any(folded(said) in other for other in known):
            is_asked = part is parts[-2]
            kept = " ".join(" ".join(_QUESTION.findall(said)).split()) if is_asked else ""
            n_left_out += len(said) - len(kept)
            said = kept
        if said:
            lines.append(f"{part.label}: {said}")
    own = parts[-1].text
    if not lines:
        return own, n_left_out
    first, _, rest = own.partition("\n\n")
    lines.append(f"{who} ({when}): {' '.join(first.split())}")
    return "\n".join(lines) + (f"\n\n{rest}" if rest else ""), n_left_out


def _parts(text: str, outer: _Said) -> list[_Said]:
    """Return the messages in a text, the oldest first; nothing where something stands below a quoted one."""
    found = _ATTRIBUTION.search(text)
    if found is None:
        return [_Said(outer.label, text.strip())]
    below = text[found.end() :].strip()
    if below:
        return []
    names = found.groupdict()
    label = (
        f"{names['who'] or names['wer'] or names['qui']} ({names['when'] or names['wann'] or names['quand']})"
    )
    inner = _parts(_MARK.sub("", found["quoted"]), _Said(label.replace('"', ""), ""))
    return [*inner, _Said(outer.label, text[: found.start()].strip())] if inner else []
