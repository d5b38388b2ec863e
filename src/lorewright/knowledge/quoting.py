"""The sentences, list items, table rows or lines of code that answer a question, chosen without a model."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from lorewright.documents.announcing import asks
from lorewright.knowledge.asked_cells import holds_asked_cell
from lorewright.knowledge.clauses import is_short, parts_named, reference_in
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.identifiers import identifiers, share_held
from lorewright.knowledge.inflection import Rooting, rooting
from lorewright.knowledge.leads import ENTRY
from lorewright.knowledge.quotable import Quotable, quotables
from lorewright.knowledge.words import root

Likeness = Callable[[str, Sequence[str]], Sequence[float] | None]
"""Returns the cosines of a question and each of some texts, or `None` where their meaning cannot be told."""

N_READ = 5
"""Hits that are read: below them a right sentence is rare (98 % of 300 questions of squad2 within 5)."""
N_COMPARED = 6
"""Sentences whose meaning is compared: comparing all of them finds .5 % more and takes five times as long."""
MARGIN, MARGIN_WORDS = 0.3, 0.15
"""How far behind the best one another sentence may be to be shown with it: with and without meaning."""
_OVERLAP, _HEADING, _AROUND, _HIT, _MEANING = 0.5, 0.3, 0.2, 0.6, 1.0
"""Weights of the parts of a score, found on half of 600 questions of squad2 and clapnq."""
_IDENTIFIER = 0.5
"""What the question's versions and codes count: of rows that are alike only one holds them."""
_PART, _SHORTEST_PART, _SHORTEST_REST = 0.5, 5, 3
_KNOWN = 0.7
"""What a part loses that says nothing new: an entry of a record whose value is the one that was asked about,
a line that only says again what stands above it, or one that asks itself."""
ENOUGH = 1.1
"""The score with meaning from which on a part is taken to answer.

Of answerable questions 4 % stay below it, of unanswerable ones 7 % (squad2) and 40 % (clapnq).
"""
ENOUGH_WORDS = 0.3
"""Without meaning: the share of the question's words, weighted by rarity, that it must hold."""
_PLAIN = Rooting("", root)


@dataclass(frozen=True, slots=True)
class Quote:
    """A part of a hit that is shown word for word, with its score; `is_enough` where it may well answer."""

    part: Quotable
    score: float
    is_enough: bool


def choose_quotes(
    question: str, hits: Sequence[Hit], *, likeness: Likeness | None = None, n: int = 3
) -> list[Quote]:
    """Return the one to `n` parts of the hits that answer best, the best first.

    A part counts for the rare words of the question that it, its headings and its chunk hold, for
    how well its chunk was found, and for its meaning. What is shown with the best must come close.
    """
    parts = [part for hit in hits[:N_READ] for part in quotables(hit)]
    if not parts:
        return []
    reference = reference_in(question)
    named = parts_named(reference, hits) if reference else []
    if reference and reference.is_all and named and is_short(named):
        return [Quote(part, ENOUGH, is_enough=True) for part in named]
    rooted = rooting(question, [part.text for part in parts])
    scores, held = scored_by_words(question, parts, rooted)
    order = sorted(range(len(parts)), key=lambda place: -scores[place])[:N_COMPARED]
    cosines = likeness(question, [as_said(parts[place]) for place in order]) if likeness else None
    if cosines is not None:
        for place, cosine in zip(order, cosines, strict=True):
            scores[place] += _MEANING * cosine
        order.sort(key=lambda place: -scores[place])
    best = scores[order[0]]
    return [
        Quote(
            parts[place],
            scores[place],
            _is_asked_cell(question, parts[place])
            or (held[place] >= ENOUGH_WORDS if cosines is None else scores[place] >= ENOUGH),
        )
        for place in order[:n]
        if scores[place] >= best - (MARGIN_WORDS if cosines is None else MARGIN)
    ]


def _is_asked_cell(question: str, part: Quotable) -> bool:
    return part.kind == "table" and holds_asked_cell(question, part.lead, part.text)


def as_said(part: Quotable) -> str:
    """Return a part with the line above it that it needs; a table's header says nothing of a row.

    A row below no names is a fact about what its headings name: "Opened | 14 June 1931".
    """
    if part.kind == "table":
        about = part.hit.chunk.headings or part.hit.chunk.title
        return part.text if any(map(str.isalnum, part.lead)) else f"{about}: {part.text.strip('| ')}"
    return f"{part.lead}\n{part.text}" if part.kind in ("paragraph", "item") and part.lead else part.text


def scored_by_words(
    question: str, parts: Sequence[Quotable], rooted: Rooting
) -> tuple[list[float], list[float]]:
    """Return the score of every part by words, and the share of the question's words that it holds.

    Rare are words among these parts.
    """
    question_roots, wanted = rooted.asked_about(question), identifiers(question)
    weight = _Kin(rooted).weight
    own = [set(rooted.roots(part.text)) for part in parts]
    rarity = _rarity(question_roots, own)
    total = sum(rarity.values()) or 1.0
    told = _rarity(
        question_roots, own, least=1
    )  # of few parts, what none holds must not outweigh what one does
    n_told = sum(told.values()) or 1.0
    around: dict[str, float] = {}
    scores, held = [], []
    for part, words in zip(parts, own, strict=True):
        chunk = part.hit.chunk
        if chunk.id not in around:
            around[chunk.id] = _AROUND * weight(set(rooted.roots(chunk.text)), rarity)
        above = " ".join((chunk.title, *chunk.heading_path, part.lead))
        words_above = set(rooted.roots(above))
        headings = words_above - words
        score = _OVERLAP * weight(words, rarity) + _HEADING * weight(headings, rarity)
        score += around[chunk.id]
        named = share_held(wanted, f"{above} {part.text}") if wanted else 0.0
        says_nothing = words <= words_above or (part.kind == "paragraph" and asks(part.text))
        known = _KNOWN if says_nothing or _is_known(part, question_roots, rooted) else 0.0
        scores.append(score / total + _HIT * part.hit.score + _IDENTIFIER * named - known)
        held.append((weight(words, told) + weight(headings, told)) / n_told)
    return scores, held


def _is_known(part: Quotable, question_roots: Mapping[str, None], rooted: Rooting) -> bool:
    """Tell whether a part is an entry of a record whose value the question names itself."""
    entry = ENTRY.fullmatch(part.text)
    value = rooted.roots(entry["value"]) if entry else []
    return bool(value) and all(word in question_roots for word in value)


def _rarity(
    question_roots: Mapping[str, None], texts: Sequence[set[str]], *, least: int = 0
) -> dict[str, float]:
    """Return how rare each root is among some texts; `least` texts at least are taken to hold it."""
    counted = Counter(word for words in texts for word in words)
    n_holding = {word: max(counted[word], least) for word in question_roots}
    return {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in n_holding.items()}


def holds_word(word: str, words: Set[str]) -> bool:
    """Tell whether a word is among others, or composed with one of them."""
    return word in words or any(_is_part(_PLAIN, word, other) for other in words)


class _Kin:
    """How much of a question's words, weighed by rarity, other texts hold; every pair is looked at once."""

    def __init__(self, rooted: Rooting) -> None:
        self._rooted = rooted
        self._seen: set[str] = set()
        self._kin: dict[str, set[str]] = {}

    def weight(self, words: Set[str], rarity: Mapping[str, float]) -> float:
        """Return the sum over the words that are held: less for one that is composed with a word there.

        "Urlaub" is in "Urlaubstage".
        """
        for other in words - self._seen:
            for word in rarity:
                if _is_part(self._rooted, word, other):
                    self._kin.setdefault(word, set()).add(other)
        self._seen |= words
        return sum(
            weight * (1.0 if word in words else 0.0 if words.isdisjoint(self._kin.get(word, ())) else _PART)
            for word, weight in rarity.items()
        )


def _is_part(rooted: Rooting, word: str, other: str) -> bool:
    return _composed(word, other) or _composed(other, word) or rooted.begin_alike(word, other)


def _composed(long: str, short: str) -> bool:
    """Tell whether a word begins or ends with another one, as compounds of Germanic languages do."""
    return (
        len(short) >= _SHORTEST_PART
        and len(long) >= len(short) + _SHORTEST_REST
        and (long.startswith(short) or long.endswith(short))
    )
