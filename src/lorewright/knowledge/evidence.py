"""What sources hold, kept so that many claims can be looked up in it."""

import re
from collections.abc import Iterable

from lorewright.knowledge.claims import Claim, stated
from lorewright.knowledge.dates import parts_of_date
from lorewright.knowledge.exact import ANY_LANGUAGE, Exact, exact_values, joined, same
from lorewright.knowledge.language import language_in
from lorewright.knowledge.same_name import is_same_name
from lorewright.knowledge.words import content_words

_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"erste|zweite|dritte|vierte|fünfte|premier|deuxième|troisième)[rnms]?\b",
    re.IGNORECASE,
)
_ORDINALS = {
    **{
        word: str(value)
        for value, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth tenth".split(),  # noqa: SIM905
            start=1,
        )
    },
    "erste": "1",
    "zweite": "2",
    "dritte": "3",
    "vierte": "4",
    "fünfte": "5",
    "premier": "1",
    "deuxième": "2",
    "troisième": "3",
}
_LETTERS_THEN_DIGITS = re.compile(r"\b([^\W\d_]{1,6})[ \xa0-](\d[\w-]*)")


_CAPITALS = re.compile(
    r"(?:[^\W\d_a-zа-я][\w’']*[ ](?:(?:of|the|and|de|der|für|du|des)[ ])*){1,6}[^\W\d_a-zа-я]\w*"  # noqa: RUF001
)


class Evidence:
    """The exact values, words and names of some sources."""

    def __init__(self, sources: Iterable[str], *, allowed: frozenset[str] = frozenset()) -> None:
        self.sources = list(sources)
        self.allowed = allowed
        self.language = language_in("\n".join(self.sources)[:4000])
        self.words = frozenset[str]().union(allowed, *(stated(source) for source in self.sources))
        self.words |= {joined(word) for word in self.words if re.search(r"[^\W\d_]", word)}
        self._abbreviations = {
            _abbreviation(run) for source in self.sources for run in _CAPITALS.findall(source)
        }
        self._initials = " ".join(_initials(source) for source in self.sources)
        self._exact: dict[str, list[Exact]] = {}
        self._quantities: list[Exact] = []
        self._loose = set(allowed)
        for source in self.sources:
            self._read_source(source)

    def holds(self, exact: Exact) -> bool:
        """Return whether a source holds an exact value, in whatever notation."""
        if exact.text.lower() in self.allowed or exact.values & self._loose:
            return True
        keys = exact.values | exact.converted
        if any(same(exact, held) for key in keys for held in self._exact.get(key, ())):
            return True
        if exact.kind in ("number", "version"):
            return any(same(exact, held) for held in self._quantities)
        return exact.kind == "identifier" and joined(exact.text) in self.words

    def states(self, claim: Claim, text: str) -> bool:
        """Return whether a source holds a value in whatever notation, or a name in whatever form."""
        if claim.exact is not None:
            return self.holds(claim.exact)
        known, plain = self.words, claim.text.lower()
        if claim.forms & known or plain in known or plain.replace("-", "") in known:
            return True
        if claim.text.isupper() and self.spells_out(plain):
            return True
        parts = {form for part in re.split(r"[^\w]+", claim.text) if part for form in stated(part)}
        if len(parts) > 1 and parts <= known:
            return True
        return is_same_name(claim, text, known)

    def spells_out(self, abbreviation: str) -> bool:
        """Return whether a source holds the words whose first letters these are."""
        return abbreviation in self._abbreviations or (
            len(abbreviation) > 2 and abbreviation in self._initials
        )

    def _read_source(self, source: str) -> None:
        left = source
        for exact in exact_values(source, ANY_LANGUAGE):
            for key in exact.values | exact.converted:
                self._exact.setdefault(key, []).append(exact)
            if exact.kind in ("number", "version"):
                self._quantities.append(exact)
            if exact.kind == "date":
                self._loose.update(part for form in exact.values for part in parts_of_date(form))
            if exact.kind == "identifier":
                self._loose.update(re.findall(r"\d+", exact.text))
            left = left[: exact.start] + " " * (exact.end - exact.start) + left[exact.end :]
        self._loose.update(re.findall(r"\d+", left))
        for match in _ORDINAL.findall(source):
            word = match.lower()
            self._loose.add(_ORDINALS.get(word) or _ORDINALS.get(word[:-1], ""))
        self.words |= {joined(match.group()) for match in _LETTERS_THEN_DIGITS.finditer(source)}


def _abbreviation(words: str) -> str:
    """Return the first letters of the capitalised words."""
    return "".join(word[0] for word in words.split() if word[0].isupper()).lower()


def _initials(source: str) -> str:
    """Return the first letters of a text's words, with and without the small ones like "of"."""
    every = "".join(word[0] for word in re.findall(r"\w+", source.lower()))
    return every + " " + "".join(word[0] for word in content_words(source))
