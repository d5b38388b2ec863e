"""Names that are the same though they are written otherwise: inflected, made adjectives, abbreviated."""

import re

from lorewright.knowledge.claims import Claim

_ADJECTIVE = re.compile(
    r"(?:ian|ean|ish|ese|an|i|n|s|er|ern|isch|ische|ischen|ischer|isches|ien|ienne|ais|aise|ano|ana|eno|és|"
    r"esa|ês|ino|ina)$"
)
_PEOPLE = {
    "french": "france",
    "spanish": "spain",
    "dutch": "netherlands",
    "swiss": "switzerland",
    "danish": "denmark",
    "british": "britain",
    "greek": "greece",
    "polish": "poland",
    "turkish": "turkey",
    "swedish": "sweden",
    "finnish": "finland",
    "welsh": "wales",
    "norwegian": "norway",
    "irish": "ireland",
}
_OTHER_WAY = {place: people for people, place in _PEOPLE.items()}
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_MOST_OF_AN_ENDING = 3


def is_same_name(claim: Claim, text: str, known: frozenset[str]) -> bool:
    """Return whether a name is known in another form: German of Germany, Москве of Москва, UN in full."""
    name = claim.text.lower()
    if _PEOPLE.get(name) in known or _OTHER_WAY.get(name) in known:
        return True
    if _CYRILLIC.fullmatch(name):
        return _is_inflected(name, known)
    stem = _ADJECTIVE.sub("", name)
    if len(stem) > 3 and any(
        word.startswith(stem) and len(word) - len(stem) <= _MOST_OF_AN_ENDING for word in known
    ):
        return True
    if any(_is_adjective_of(word, name) for word in known):
        return True
    return len(name) > 3 and _abbreviation(claim, text) in known


def _is_adjective_of(word: str, name: str) -> bool:
    """Return whether a word that is known is the adjective of a name: German of Germany."""
    stem = _ADJECTIVE.sub("", word)
    return 3 < len(stem) < len(word) and name.startswith(stem) and len(name) - len(stem) <= _MOST_OF_AN_ENDING


def _is_inflected(name: str, known: frozenset[str]) -> bool:
    """Return whether a Russian name is known with another ending."""
    shared = max(3, len(name) - _MOST_OF_AN_ENDING)
    return any(
        word[:shared] == name[:shared] and abs(len(word) - len(name)) <= _MOST_OF_AN_ENDING
        for word in known
        if len(word) >= shared
    )


def _abbreviation(claim: Claim, text: str) -> str:
    """Return the first letters of the capitalised words that a name stands among; '' where it is alone."""
    around = r"(?:[^\W\d_a-zа-я][\w’']*(?:[ ](?:of|the|and|de|der|für|du|des))*[ ]){1,6}[^\W\d_a-zа-я][\w’']*"
    for run in re.finditer(around, text):
        if run.start() <= claim.start < run.end():
            return "".join(word[0] for word in run.group().split() if word[0].isupper()).lower()
    return ""
