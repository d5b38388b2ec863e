"""An English sentence taken apart: its subject, its verb, and what comes after it."""

import re
from dataclasses import dataclass
from itertools import pairwise

from lorewright.evaluation.suggested.english_words import (
    AUXILIARIES,
    BASES,
    DETERMINERS,
    NO_SUBJECT,
    NOT_IN_SUBJECT,
    PARTICIPLES,
    PAST,
    PREPOSITIONS,
    THIRD,
)

_MOST_SUBJECT_WORDS = 9
_WITH_OBJECT = frozenset(
    {"acquire", "receive", "provide", "use", "hold", "make", "include", "offer", "issue", "need"}
)
_PRONOUNS = {
    "you": "I",
    "your": "my",
    "yours": "mine",
    "we": "you",
    "our": "your",
    "us": "you",
    "yourself": "myself",
}
_BY_DEFAULT = re.compile(r"^(By default|On average|In general|As a rule), ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of one clause; `auxiliary` is what stands before the subject in a question.

    "The plan includes 5 seats." has the auxiliary `does`, the verb `include` and the rest "5 seats".
    """

    subject: str
    auxiliary: str
    verb: str
    rest: str

    def ask(self, opening: str, rest: str = "") -> str:
        """Return a question with another rest."""
        return joined(opening, self.auxiliary, self.subject, self.verb, _turned(rest)) + "?"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the words of a document are written inside a sentence: in lower case, or as names."""

    common: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> "Spelling":
        """Return how a document writes its words."""
        common = re.findall(r"(?<![\w.])[a-z][a-z'-]+", text)
        names = re.findall(r"(?<=[a-z,] )[A-Z][a-z'-]+", text)
        return cls(frozenset(common), frozenset(names))

    def is_lowered(self, word: str, following: str) -> bool:
        """Return whether the first word of a sentence loses its capital further inside."""
        if not word[1:].islower() or following[:1].isupper():
            return False
        return word.lower() in self.common or bool(word not in self.names and following[:1].islower())


def clause_of(sentence: str, spelling: Spelling) -> Clause | None:
    """Return the parts of a sentence, None where they are not sure."""
    text = sentence.rstrip(" .")
    trailing = ""
    if match := _BY_DEFAULT.match(text):
        trailing, text = match[1].lower(), text[match.end() :]
    tokens = text.split()
    place = _verb_place(tokens)
    if place is None:
        return None
    subject = _subject(tokens[:place], tokens[place], spelling)
    auxiliary, verb = _as_asked(tokens[place].lower(), tokens[0].lower())
    rest = joined(*tokens[place + 1 :], trailing)
    if rest.startswith("of ") or (auxiliary == "did" and re.match(r"by (?!\d|about|nearly)", rest)):
        return None  # the verb is a noun, or belongs to one
    if auxiliary == "did" and verb in _WITH_OBJECT and rest.split(" ")[0] in PREPOSITIONS:
        return None  # "the products acquired with the firm"
    if auxiliary in ("are", "am") and subject == "I":
        auxiliary = "am"
    return Clause(subject, auxiliary, verb, rest)


def _verb_place(tokens: list[str]) -> int | None:
    """Return where the verb stands, None where the words before it are no subject."""
    limit = min(len(tokens) - 1, _MOST_SUBJECT_WORDS)
    first = next((i for i in range(1, limit) if _is_verb(tokens, i)), None)
    if first is None:
        return None
    if tokens[first].lower() not in AUXILIARIES:
        first = _auxiliary_behind(tokens, first) or first
    return first if is_subject(tokens[:first]) else None


def _auxiliary_behind(tokens: list[str], verb: int) -> int | None:
    """Return where the verb of "Employees hired after 2020 must" stands: what looked like one is none."""
    for place in range(verb + 1, len(tokens) - 1):
        word = tokens[place].lower()
        if word in NOT_IN_SUBJECT | {"and", "but"} or re.search(r"[,;:]$", tokens[place - 1]):
            return None
        if word in AUXILIARIES:
            return place
    return None


def _is_verb(tokens: list[str], place: int) -> bool:
    word, before = tokens[place].lower(), tokens[place - 1].lower()
    if word in AUXILIARIES:
        return True
    if before in DETERMINERS | PREPOSITIONS or tokens[place][0].isupper():
        return False
    if word in THIRD:
        if tokens[place + 1].lower() in BASES | PAST.keys():
            return False  # "Our reserves stand": a noun in front of its verb
        return (
            not before.endswith("s") or before.endswith(("ss", "us", "is")) or tokens[place - 1][0].isupper()
        )
    if word in PAST:
        return True
    is_plural = before in ("you", "we") or (before.endswith("s") and not before.endswith(("ss", "us", "is")))
    return word in BASES and is_plural


def is_subject(tokens: list[str]) -> bool:
    """Return whether words can be what a question asks about."""
    if not tokens or len(tokens) > _MOST_SUBJECT_WORDS:
        return False
    words = [token.lower() for token in tokens]
    if words[0] in NO_SUBJECT or words[-1] in PREPOSITIONS | DETERMINERS | {"and", "or", "not", "also"}:
        return False
    if any(word in NOT_IN_SUBJECT or re.search(r"[,;:()\"“”?!/=]|''", word) for word in words):
        return False
    if len(tokens) == 1 and words[0] in DETERMINERS:
        return False
    if any(word == after for word, after in pairwise(words)):
        return False  # a heading that ran into its sentence
    return not words[-1].endswith("ly") and words[-1] not in ("can", "then", "often")


def _subject(tokens: list[str], verb: str, spelling: Spelling) -> str:
    is_plural = tokens[0].endswith("s") and verb.lower() not in {"is", "was", "has", *THIRD}
    first, following = tokens[0], tokens[1] if len(tokens) > 1 else "x" if is_plural else ""
    if first.lower() in DETERMINERS | {"you", "we"} or spelling.is_lowered(first, following):
        tokens = [first.lower(), *tokens[1:]]
    return _turned(" ".join(tokens))


def _turned(text: str) -> str:
    """Return what a text says to its reader as the reader asks it: "you" is "I"."""
    return re.sub(
        r"\b(you|your|yours|yourself|we|our|us)\b",
        lambda match: _PRONOUNS[match[0].lower()],
        text,
    )


def _as_asked(word: str, subject: str) -> tuple[str, str]:
    """Return the auxiliary and the verb that a question has for a verb."""
    if word in ("has", "have", "had"):
        return {"has": "does", "have": "do", "had": "did"}[word], "have"
    if word in AUXILIARIES:
        return word, ""
    if word in THIRD:
        return "does", THIRD[word]
    if word in BASES and (word not in PAST or subject in ("you", "we")):
        return "do", word
    return "did", PAST[word]


def with_perfect(clause: Clause) -> Clause:
    """Return the clause with "has opened" taken as one: the question begins with "has"."""
    word = clause.rest.split(" ", 1)[0].lower() if clause.rest else ""
    if clause.verb == "have" and (word in PARTICIPLES or word in ("been", "had")):
        auxiliary = {"does": "has", "do": "have", "did": "had"}[clause.auxiliary]
        return Clause(clause.subject, auxiliary, "", clause.rest)
    return clause


def joined(*parts: str) -> str:
    """Return texts as one, with a single space between them."""
    return re.sub(r"\s+([,.;:?])", r"\1", " ".join(" ".join(parts).split())).strip(" ,;")
