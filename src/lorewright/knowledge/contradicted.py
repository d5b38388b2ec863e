"""An answer whose value the documents give otherwise: for people who look through their examples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.knowledge.claims import Claim, claims
from lorewright.knowledge.contradiction import is_in_place_of_another
from lorewright.knowledge.evidence import Evidence
from lorewright.knowledge.exact import same
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.words import content_words, sentences

_FEWEST_SHARED = 2
_ASKED_SHARE = 0.75
"""The share of a question's words that a sentence has which answers it."""
_ALIKE = 0.6
"""The share of the words of two sentences, without their values, that both have."""
_LONGEST = 400
_ASKING = frozenset(["how", "many", "much", "long", "often", "what", "which", "when", "who", "where", "whom"])
"""Words of a question that no sentence repeats which answers it."""
_NOT_COMPARED = ("identifier", "version")


@dataclass(frozen=True, slots=True)
class Contradicted:
    """What an answer says, what a document says in its place, and the sentence there, in its hit."""

    said: str
    instead: str
    sentence: str
    hit: Hit


def contradicted(question: str, answer: str, hits: Sequence[Hit]) -> Contradicted | None:
    """Return the first value of an answer that no hit states and one gives otherwise, `None` without any.

    A sentence gives it otherwise where it is about the same, by the words of the question or of the
    answer's own sentence, and has exactly one value of that kind and unit; a name where the words around
    it are the same. What is said in other words, and tables, are not compared: silence is no proof.
    """
    evidence = Evidence([question, *(hit.chunk.context for hit in hits)])
    asked = frozenset(content_words(question)) - _ASKING
    for start, end in sentences(answer):
        own = answer[start:end]
        words = frozenset(content_words(own))
        for claim in claims(own, evidence.language):
            if claim.is_sure and not evidence.states(claim, own):
                found = next(_others(claim, own, asked, words, hits), None)
                if found is not None:
                    return found
    return None


def _others(
    claim: Claim, own: str, asked: frozenset[str], words: frozenset[str], hits: Sequence[Hit]
) -> Iterator[Contradicted]:
    """Yield the sentences that have another value in the place of a claim."""
    value_words = frozenset(content_words(claim.text))
    for hit in hits:
        for start, end in sentences(hit.chunk.text):
            sentence = hit.chunk.text[start:end]
            if "|" in sentence or len(sentence) > _LONGEST:
                continue
            told = frozenset(content_words(sentence))
            if not _is_about(told, asked - value_words, words - value_words):
                continue
            if claim.exact is None:
                if is_in_place_of_another(claim, own, [sentence]):
                    yield Contradicted(claim.text, "", sentence.strip(), hit)
            elif other := _rival(claim, sentence):
                yield Contradicted(claim.text, other.text, sentence.strip(), hit)


def _is_about(told: frozenset[str], asked: frozenset[str], words: frozenset[str]) -> bool:
    answers = len(told & asked) >= max(_FEWEST_SHARED, _ASKED_SHARE * len(asked))
    shared = told & words
    return answers or (len(shared) >= _FEWEST_SHARED and len(shared) >= _ALIKE * min(len(told), len(words)))


def _rival(claim: Claim, sentence: str) -> Claim | None:
    """Return the one value of a sentence that is of the kind and unit of a claim, if it is another."""
    exact = claim.exact
    if exact is None or exact.kind in _NOT_COMPARED:
        return None
    like = [
        other
        for other in claims(sentence)
        if other.exact is not None and other.exact.kind == exact.kind and other.exact.units == exact.units
    ]
    if len(like) != 1 or like[0].exact is None or not like[0].is_sure:
        return None
    other = like[0].exact
    return None if same(exact, other) or same(other, exact) else like[0]
