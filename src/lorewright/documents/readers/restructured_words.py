"""Marks inside the lines of reStructuredText to those of Markdown."""

import re

# Bounded: a page may be hostile.
_LITERAL = re.compile(r"``([^`](?:[^`]|`(?!`)){0,999})``")
_ROLE = re.compile(r"(?<![\w:]):[\w.+:-]{1,60}:`([^`]{1,999})`|`([^`]{1,999})`:[\w.+:-]{1,60}:")
_LINK = re.compile(r"`([^`<]{0,999})<([^`>]{1,999})>`__?")
_NAMED = re.compile(
    r"`([^`]{1,999})`__?(?!\w)"
    r"|(?<![\w`*/.-])([A-Za-z][\w.-]{0,60}[A-Za-z0-9])_(?=[\s.,;:)!?]|\Z)"
)
_SUBSTITUTION = re.compile(r"\|(\S(?:[^|\n]{0,99}\S)?)\|_{0,2}")
_KEPT = re.compile(r"\x00(\d+)\x00")


def without_roles(text: str) -> str:
    """Return a text in which literals, links and references stand as they do in Markdown."""
    kept: list[str] = []

    def keep(match: "re.Match[str]") -> str:
        kept.append(f"`{match[1]}`")
        return f"\x00{len(kept) - 1}\x00"

    text = _LITERAL.sub(keep, text.replace("\x00", ""))
    text = _LINK.sub(lambda match: f"[{match[1].strip() or match[2]}]({match[2]})", text)
    text = _ROLE.sub(lambda match: _shown(match[1] or match[2]), text)
    text = _NAMED.sub(lambda match: match[1] or match[2], text)
    text = _SUBSTITUTION.sub(r"\1", text)
    text = re.sub(r"\\[ \n]", "", text)
    return _KEPT.sub(lambda match: kept[int(match[1])], text)


def _shown(target: str) -> str:
    """Return what a page shows of a reference: its title, or the last part of a name after "~"."""
    title, opening, _ = target.rpartition("<")
    if opening and target.endswith(">") and title.strip():
        return title.strip()
    return target[1:].rpartition(".")[2] if target.startswith("~") else target.removeprefix("!")
