"""Questions with one thing changed, so that the text that answered them no longer does; and where."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from training.judge.like_words import LikeWords, ending
from training.judge.pairs import Span
from training.judge.word_pairs import OPPOSITE

from lorewright.evaluation.tampering import AUXILIARY, MONTHS, is_like, names, numbers
from lorewright.knowledge.words import content_words

_ASKING = frozenset(
    ("what who whom whose which when where why how many much year number percentage amount name date").split()  # noqa: SIM905
)
PROPERTIES = (
    ("where was {} born", "born", r"\bborn\b|birth"),
    ("when did {} die", "die", r"\bdied?\b|death|killed|\d{4}\s?[-\u2013]\s?"),
    ("who was {} married to", "married", r"marri|wife|husband|spouse|wed"),
    ("how many children did {} have", "children", r"child|son\b|sons\b|daughter"),
    ("who founded {}", "founded", r"found|establish|creat|start"),
    ("when was {} founded", "founded", r"found|establish|creat|start|incorporat|built|open"),
    ("what is the population of {}", "population", r"populat|inhabitants|people|census"),
    ("where is {} located", "located", r"locat|situat|\bin\b.*(?:county|state|city|province|district)|lies"),
    ("what is the area of {}", "area", r"area|km|square|acre|hectare"),
    ("who wrote {}", "wrote", r"wr[io]te?|written|author|by\b"),
    ("who directed {}", "directed", r"direct"),
    ("when was {} released", "released", r"releas|premier|publish"),
    ("what language is spoken in {}", "language", r"langu|speak|spoken"),
    ("who is the president of {}", "president", r"president|lead|chair|head"),
    ("how tall is {}", "tall", r"tall|height|high|metres|meters|feet|\bft\b"),
    ("how much does {} cost", "cost", r"cost|price|\$|euro|pound|paid"),
    ("what is the capital of {}", "capital", r"capital"),
    ("where did {} study", "study", r"stud|univers|college|school|educat|degree"),
    ("what awards did {} win", "awards", r"award|prize|won|win|medal|honou?r"),
    ("who produced {}", "produced", r"produc"),
    ("how long is {}", "long", r"long|length|km|mile|minute|hour|duration"),
    ("what caused {}", "caused", r"caus|because|due to|result|led to|reason"),
    ("what is the side effect of {}", "side effect", r"effect|adverse|risk"),
    ("what religion was {}", "religion", r"religi|church|christ|islam|muslim|jew|catholic|buddh|hindu"),
    ("what team does {} play for", "team", r"team|club|play|league|season"),
    ("who owns {}", "owns", r"own|acquir|bought|belong|subsidiary"),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, the text that answers it, and what changes are drawn from."""

    question: str
    text: str
    strangers: Sequence[str]
    like: LikeWords | None
    draw: random.Random


_Changed = tuple[str, Span] | None


def changed_question(
    question: str, text: str, strangers: Sequence[str], like: LikeWords | None, draw: random.Random
) -> tuple[str, Span] | None:
    """Return the question asking for something else, and where it does; None where nothing can be changed."""
    asked = _Asked(question, text, strangers, like, draw)
    ways = [
        *(_other_name, _other_name, _other_number, _opposite, _like_word, _like_word, _text_word, _text_word),
        _negated,
    ]
    draw.shuffle(ways)
    for way in ways:
        if made := way(asked):
            return made
    return None


def _other_name(asked: _Asked) -> _Changed:
    """Exchange a name for another of the text, or for a stranger's."""
    low = asked.question.lower()
    own = [
        (low.find(name.lower()), name)
        for name in {asked.text[s:e] for s, e in names(asked.text)}
        | {asked.question[s:e] for s, e in names(asked.question)}
        if len(name) > 2 and name.lower() in low and name.lower() not in _ASKING
    ]
    if not own:
        return None
    start, name = asked.draw.choice(sorted(own))
    others = [
        asked.text[s:e]
        for s, e in names(asked.text)
        if not is_like(asked.text[s:e], name) and asked.text[s:e].lower() not in low
    ]
    if not others or asked.draw.random() < 0.35:
        others = [other for other in asked.draw.sample(asked.strangers, 8) if other not in asked.text]
    return _put(asked.question, start, start + len(name), asked.draw.choice(others)) if others else None


def _other_number(asked: _Asked) -> _Changed:
    """Exchange a number, a year or a month for one that the text does not have."""
    own = [
        span
        for span in numbers(asked.question)
        if any(mark.isdigit() for mark in asked.question[slice(*span)])
    ]
    own += [found.span() for found in re.finditer("|".join(MONTHS), asked.question)]
    if not own:
        return None
    start, end = asked.draw.choice(own)
    old = asked.question[start:end]
    if old in MONTHS:
        made = asked.draw.choice(MONTHS)
    else:
        at = asked.draw.choice([place for place, mark in enumerate(old) if mark.isdigit()][-2:])
        made = old[:at] + asked.draw.choice("123456789") + old[at + 1 :]
    return _put(asked.question, start, end, made) if made != old and made not in asked.text else None


def _opposite(asked: _Asked) -> _Changed:
    found = [each for each in re.finditer(r"[a-z]+", asked.question) if each.group() in OPPOSITE]
    if not found:
        return None
    each = asked.draw.choice(found)
    return _put(asked.question, each.start(), each.end(), OPPOSITE[each.group()])


def _like_word(asked: _Asked) -> _Changed:
    """Exchange a word that the text has too for another of its kind."""
    words = [
        each
        for each in re.finditer(r"[A-Za-z]{3,}", asked.question)
        if content_words(each.group()) and each.group().lower() not in _ASKING
    ]
    shared = [each for each in words if each.group().lower()[:5] in asked.text.lower()]
    if not words or asked.like is None:
        return None
    each = asked.draw.choice(shared or words)
    other = asked.like.draw(each.group(), asked.text + asked.question, asked.draw)
    return _put(asked.question, each.start(), each.end(), _cased(other, each.group())) if other else None


def _text_word(asked: _Asked) -> _Changed:
    """Exchange a word for another that the text has: all words of the question then stand in it."""
    words = [
        each
        for each in re.finditer(r"[a-z]{4,}", asked.question)
        if content_words(each.group())
        and each.group() not in _ASKING
        and each.group()[:5] in asked.text.lower()
    ]
    if not words:
        return None
    each = asked.draw.choice(words)
    old = each.group()
    others = [
        other
        for other in sorted(set(re.findall(r"\b[a-z]{4,}\b", asked.text)))
        if content_words(other) and ending(other) == ending(old) and other[:4] not in asked.question.lower()
    ]
    return _put(asked.question, each.start(), each.end(), asked.draw.choice(others)) if others else None


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word


def _negated(asked: _Asked) -> _Changed:
    """Ask for what is not so."""
    found = AUXILIARY.search(asked.question) or re.search(r"\b(did|do|had|has|have)\b", asked.question)
    if not found or " not " in asked.question or asked.draw.random() < 0.5:
        return None
    words = list(re.finditer(r" ", asked.question[found.end() :]))
    after = found.end() + (words[0].start() if words else 0)
    made = asked.draw.choice(("not", "not", "never"))
    return f"{asked.question[:after]} {made}{asked.question[after:]}", (after + 1, after + 1 + len(made))


def _put(text: str, start: int, end: int, made: str) -> tuple[str, Span]:
    return text[:start] + made + text[end:], (start, start + len(made))
