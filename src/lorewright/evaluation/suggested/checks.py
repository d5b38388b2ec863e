"""Whether a draft is fit to be asked: natural, found, answered at one place, and nowhere otherwise."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from lorewright.evaluation.compared import is_in, words
from lorewright.evaluation.suggested.draft import Draft, Evidence
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.windows import windows
from lorewright.knowledge.words import content_words
from lorewright.models import Judge

Search = Callable[[str], Sequence[Hit]]

N_HITS = 8
ANSWERED_FROM = 0.03
"""What the judge must give the place that a draft was made of: the template took the answer from there."""
HEADING_FROM = 0.25
"""The same for what stands below a heading, which may not answer it."""
OTHERWISE_FROM = 0.6
"""From what on another place holds an answer of its own, unless the right one has clearly more."""
CLEARLY_MORE = 0.15
UNANSWERED_BELOW = 0.35
"""What the judge may give any place found for a question that a model says has no answer."""
UNNAMED_BELOW = 0.6
"""The same for a place that names the thing, where what is asked of it stands in no document with it."""
_SHORTEST, _LONGEST = 4, 32
_LONGEST_VAGUE = 10
_DEFINITE = re.compile(
    r"\b(?:is|are|was|were|do|did|does|can|must|will|has|have|should|may) the (?!\w+ (?:of|for) (?!the ))"
)
_GENERIC = re.compile(
    r"\bthe (?:song|film|movie|album|series|show|book|novel|band|company|firm|product|program(?:me)?"
    r"|software|service|"
    r"system|tool|device|building|city|town|country|team|club|school|university|disease|disorder|condition|drug|patient|"
    r"project|plan|policy|agreement|contract|document|report|method|study|author|season|episode|game|version|function|"
    r"class|module|command|option|file|table|page|process|algorithm|model|region|area|event"
    r"|organi[sz]ation)\b(?! (?:of|for)\b)"
)
_POINTS_BACK = re.compile(
    r"\b(?:this|these|those|such|it|him|he|she|they|following|above|below|a new)\b", re.IGNORECASE
)
_FEWEST_CONTENT_WORDS = 2
_MARKS = re.compile(r"[|<>{}\\=\[\]_*#]|\w\(\)|://|\.\.|''|``|(?<=\s)[,;:]|\b\w+[a-z][A-Z]\w+[A-Z]\w*\b")

_COUNTING = frozenset({"many", "much", "long", "often", "old", "doe"})

REASONS: Mapping[str, str] = {
    "wording": "nobody would ask it like this",
    "gives away": "the question holds its answer",
    "not found": "the search does not find the place that answers it",
    "not answered": "the place it was made of does not answer it",
    "elsewhere": "another place answers it differently",
    "answerable": "the documents may answer it after all",
}
"""Why a draft is dropped, by a short name."""


class Checks:
    """The checks of drafts against the documents as they are searched.

    `judge` reads English; without one, and in other languages, words are compared in its place.
    `texts` are the documents' texts in lower case: what the search missed is looked for in them.
    """

    def __init__(self, search: Search, judge: Judge | None, texts: Collection[str]) -> None:
        self._search, self._judge, self._texts = search, judge, texts

    def passed(self, draft: Draft) -> Draft | str:
        """Return the draft in the wording that passes every check, or the short name of why none does."""
        if not draft.is_answerable:
            return self._unanswered(draft)
        reason = ""
        wordings = (
            [draft.closer] if draft.closer and _is_vague(draft.question) else [draft.question, draft.closer]
        )
        for question in dict.fromkeys(filter(None, wordings)):
            asked = replace(draft, question=question)
            reason = self._problem(asked)
            if not reason:
                return asked
            if reason not in ("not found", "elsewhere", "wording"):
                break
        return reason

    def _problem(self, draft: Draft) -> str:
        if not is_natural(draft.question):
            return "wording"
        if gives_away(draft):
            return "gives away"
        hits = self._search(draft.question)[:N_HITS]
        own = [[hit for hit in hits if _shows(hit, one)] for one in draft.evidence]
        if not all(own):
            return "not found"
        if draft.kind == "comparison":
            return ""
        judge = self._judge if draft.language == "English" else None
        worth = _worth(draft.question, own[0][0], judge) if judge else 1.0
        if worth < (HEADING_FROM if draft.kind == "heading" else ANSWERED_FROM):
            return "not answered"
        others = [hit for hit in hits if not _shows(hit, draft.evidence[0])]
        return "elsewhere" if any(_differs(draft, hit, judge, worth) for hit in others) else ""

    def _unanswered(self, draft: Draft) -> Draft | str:
        if not is_natural(draft.question):
            return "wording"
        wanted = [set(content_words(text)) for text in draft.absent]
        if any(_holds_all(wanted, text) for text in self._texts):
            return "answerable"
        hits = self._search(draft.question)[:N_HITS]
        judge = self._judge if draft.language == "English" else None
        is_by_model = len(draft.absent) == 1
        for hit in hits if judge else ():
            is_about = wanted[0].issubset(content_words(hit.chunk.context))
            limit = UNANSWERED_BELOW if is_by_model else UNNAMED_BELOW if is_about else 1.1
            if _worth(draft.question, hit, judge) >= limit:
                return "answerable"
        return draft


def is_natural(question: str) -> bool:
    """Return whether a question reads as one that a person would type."""
    n_words = len(question.split())
    if not _SHORTEST - 1 <= n_words <= _LONGEST or not question.endswith("?") or _MARKS.search(question):
        return False
    if _POINTS_BACK.search(question):
        return False
    telling = set(content_words(question))
    if n_words < _SHORTEST and not question.lower().startswith(
        ("what is", "who is", "was ist", "qué es", "¿qué es")
    ):
        return False
    return len(telling) >= (
        1
        if question.lower().startswith(("what is", "who is", "was ist", "¿qué es", "qu'est"))
        else _FEWEST_CONTENT_WORDS
    )


def _is_vague(question: str) -> bool:
    """Return whether a question is about "the song": which one, only its document says."""
    if _GENERIC.search(question):
        return True
    has_name = re.search(r"(?<!^)\b(?:[A-Z]\w*|\w*\d)", question.replace(" I ", " ")) is not None
    return not has_name and len(question.split()) <= _LONGEST_VAGUE and _DEFINITE.search(question) is not None


def gives_away(draft: Draft) -> bool:
    """Return whether the question already holds what is asked for."""
    if draft.kind == "comparison":
        return False
    answer, telling = set(words(draft.answer)), set(content_words(draft.answer))
    if telling and telling <= set(content_words(draft.question)):
        return True
    return not answer or answer <= set(words(draft.question)) or is_in(draft.answer, draft.question)


def _shows(hit: Hit, evidence: Evidence) -> bool:
    """Return whether a hit holds a piece of evidence, there or in a copy of it."""
    places = [(hit.chunk.document_id, hit.chunk.start, hit.chunk.end)]
    places += [(place.document_id, place.start, place.end) for place in hit.also]
    return any(
        name == evidence.document_id and start < evidence.end and evidence.start < end
        for name, start, end in places
    )


def _worth(question: str, hit: Hit, judge: Judge | None) -> float:
    """Return how sure the judge is that a hit answers a question."""
    read = judge.read(question, windows(hit.chunk.context)) if judge else []
    return max((reading.answerability for reading in read), default=0.0)


def _differs(draft: Draft, hit: Hit, judge: Judge | None, worth: float) -> bool:
    """Return whether another place answers the question, and not as the draft does."""
    text = hit.chunk.context
    if is_in(draft.answer, text):
        return False
    if judge is None:
        return set(content_words(draft.question)) - _COUNTING <= set(content_words(text))
    other = _worth(draft.question, hit, judge)
    return other >= OTHERWISE_FROM and other > worth - CLEARLY_MORE


def _holds_all(wanted: Sequence[Collection[str]], text: str) -> bool:
    there = set(content_words(text))
    return all(there.issuperset(one) for one in wanted)
