"""English questions for a property of a thing, such as its price."""

import re

from lorewright.evaluation.suggested.english_words import PARTICIPLES
from lorewright.evaluation.suggested.values import kind_of

_VERSION = re.compile(r"[vV]?\d[\w.]*(?: \(?(?:LTS|ESR|STS|MTS|SP\d)\)?)?")
_OF_VERSIONS = re.compile(
    r"(?:releases?|versions?|release cycle|cycle|branch|edition|model|series|generation)"
)
_PERIOD = re.compile(
    r"(?:FY ?)?(?:19|20)\d{2}(?:/\d{2,4})?|Q[1-4](?: \d{4})?|(?:fiscal|year) (?:19|20)\d{2}", re.IGNORECASE
)
_PERSON = re.compile(
    r"\b(?:owner|contact|manager|author|lead|leader|responsible|director|head|chair|editor|person)\b"
)
_PRICE = re.compile(r"(?:(?:monthly|annual|yearly|list|unit|retail|total) )?(?:price|costs?)(?: .*)?")
_BAD_NAME = re.compile(
    r"(?:notes?|examples?|comments?|descriptions?|remarks?|type|tips?|warning|important|source|urls?"
    r"|links?|see also|"
    r"required|default|value|q|a|question|answer|step \d+|figure|table|caution|hint|summary|input"
    r"|output|result|"
    r"returns?|usage|see|error|data|more|other|details?|info|information|name|id|no|nr|number|#|index|rank|"
    r"related topics?|troubleshooting|solution|resolution|action|meaning|purpose|possible root causes?"
    r"|reason|why|how|what|topics?|keywords?|tags?|title|length constraints?|valid (?:values?|range)"
    r"|allowed values|pattern|array members|content-type|relevant documentation|latest|first|last|new"
    r"|old|current|total"
    r"|events?|also called|update requires)",
    re.IGNORECASE,
)
_NO_MEASURE = {
    "outstanding": "",
    "exercisable": "",
    "other": "",
    "balance": "",
    "at": "",
    "as": "",
    "less": "",
}
_NO_PROPERTY = re.compile(
    r"(?:for|years?|as|payments? due|change|fiscal|less|more|than|total|estimated|january|february"
    r"|march|april|june|july|"
    r"august|september|october|november|december)\b",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"[^\W_][\w'’&/.%-]*")  # noqa: RUF001


def ask_value(entity: str, name: str, value: str) -> str:
    """Return the question for a property of a thing, '' where its name gives none that a person would ask."""
    words = name.split()
    if not _is_property(name):
        return ""
    kind, asked = kind_of(value), inside(name)
    last, first = words[-1].lower(), words[0].lower()
    if _PERIOD.fullmatch(name):
        is_measure = (
            kind in ("number", "money") and entity.split()[0].lower() not in PARTICIPLES | _NO_MEASURE
        )
        return (
            ""
            if not is_measure or "(" in entity
            else f"What {_was(entity)} {_the(inside(entity))} in {name}?"
        )
    if kind == "date":
        return _ask_date(entity, asked, first, last)
    if len(words) == 1 and first in PARTICIPLES:
        return ""
    if last in (
        "by",
        "on",
        "in",
        "at",
        "for",
        "to",
        "until",
        "from",
        "with",
        "and",
        "or",
        "per",
    ) or first in ("is", "has", "can", "how", "why"):
        return ""
    if kind == "number" and len(words) == 1 and _are(asked) == "are" and asked.endswith("s"):
        return f"How many {asked} does {entity} have?"
    if _PERSON.search(asked) and kind == "name":
        return f"Who is the {asked} {_of(asked)} {entity}?"
    if kind == "money" and _PRICE.fullmatch(asked):
        how_often = {"monthly": " per month", "annual": " per year", "yearly": " per year"}.get(first, "")
        rest = re.sub(r".*?(?:price|costs?)", "", asked)
        return f"How much does {entity} cost{how_often}{rest}?"
    return f"What {_are(asked)} the {asked} {_of(asked)} {entity}?"


def _is_property(name: str) -> bool:
    """Return whether the name of a column or of a field is a property that a person would ask for."""
    if _NO_PROPERTY.match(name) or _BAD_NAME.fullmatch(name.strip(" .:")):
        return False
    return bool(name.strip()) and all(_NAME_WORD.fullmatch(word) for word in name.split())


def _ask_date(entity: str, asked: str, first: str, last: str) -> str:
    if last == "until" and len(asked.split()) > 1:
        return f"Until when does {entity} get {asked.removesuffix(' until')}?"
    if first in PARTICIPLES and len(asked.split()) == 1:
        return f"When was {entity} {asked}?"
    if "end of" in asked or last in ("end", "start", "deadline", "due", "date"):
        return f"What is the {asked} of {entity}?" if last == "date" else f"When is the {asked} of {entity}?"
    if first in PARTICIPLES or last in PARTICIPLES or last in ("from", "by", "on", "to"):
        return ""
    return f"When is the {asked} of {entity}?"


def entity_name(topic: str, label_name: str, label: str) -> str:
    """Return what a row of a table is called: a version with its product, anything else as it stands."""
    if not _VERSION.fullmatch(label):
        return label
    named = inside(label_name)
    if topic and (not named or _OF_VERSIONS.fullmatch(named)):
        return f"{topic} {label}"
    return f"{named} {label}" if re.fullmatch(r"[^\W\d_][^\W_]*(?: [^\W_]+)?", named) else ""


def inside(name: str) -> str:
    """Return a name as it is written within a sentence: names and acronyms keep their capitals."""
    words = name.strip(" .:").split()
    return " ".join(
        word if re.search(r"[A-Z0-9].*[A-Z]|\d", word) or len(word) == 1 else word.lower() for word in words
    )


def compare(left: str, right: str, name: str, *, is_date: bool, is_more: bool) -> str:
    """Return which of two things has more of a property, or has it later."""
    words = name.split()
    if not _is_property(name) or _PERIOD.search(name):
        return ""
    asked = inside(name)
    if is_date:
        if len(words) == 1 and asked in PARTICIPLES:
            return f"Which was {asked} {'later' if is_more else 'earlier'}, {left} or {right}?"
        if asked.endswith(" until"):
            how_long = "longer" if is_more else "for a shorter time"
            return f"Which gets {asked.removesuffix(' until')} {how_long}, {left} or {right}?"
        return f"Which has the {'later' if is_more else 'earlier'} {asked}, {left} or {right}?"
    if _PRICE.fullmatch(asked):
        return f"Which is {'more expensive' if is_more else 'cheaper'}, {left} or {right}?"
    if words[-1].lower() in ("by", "on", "in", "at", "for", "to", "until", "from") or asked in PARTICIPLES:
        return ""
    if re.search(r"\b(?:version|release|code|number|id|zip|phone|page|chapter|year)\b", asked):
        return ""
    return f"Which has the {'higher' if is_more else 'lower'} {asked}, {left} or {right}?"


def _of(asked: str) -> str:
    return (
        "for"
        if re.search(
            r"(?:contact|phone|e-?mail|address|fee|price|limit|deadline|allowance|budget|support|training|insurance)s?$",
            asked,
        )
        else "of"
    )


def _are(asked: str) -> str:
    head = re.split(r" (?:of|for|in|per) ", asked)[0]
    is_plural = head.endswith("s") and not head.endswith(
        ("ss", "us", "is", "address", "status", "basis", "days")
    )
    return "are" if is_plural or head.endswith(" days") else "is"


def _was(entity: str) -> str:
    return "were" if _are(inside(entity)) == "are" else "was"


def _the(entity: str) -> str:
    return entity if entity.startswith(("total ", "the ", "net ", "gross ", "other ")) else f"the {entity}"
