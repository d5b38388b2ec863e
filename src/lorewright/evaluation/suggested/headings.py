"""Questions that a document asks itself: in its headings, and as "Q: … A: …"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.evaluation.suggested.draft import Evidence
from lorewright.evaluation.suggested.english_words import BASES, GERUNDS
from lorewright.evaluation.suggested.outline import Part, bare
from lorewright.knowledge.words import sentences

_ASKED = re.compile(
    r"^(?:\d+[.)] |Q\d*[.:] |(?:Frage|Question|Pregunta)[ \u00a0]?\d*: )?(?P<question>[^?]{8,160}[?])$"
)
_PAIR = re.compile(
    r"^(?:\*\*)?(?:Q|Frage|Question|Pregunta)[ \u00a0]?\d*[.:] *(?:\*\*)? "
    r"*(?P<question>[^\n]{8,160}\?)(?:\*\*)?\s*\n+\s*(?:\*\*)?(?:A|Antwort|Answer|Réponse"
    r"|Respuesta)[.:](?:\*\*)? *(?P<answer>\S[^\n]*(?:\n(?!\s*(?:\*\*)?Q)[^\n]+)*)",
    re.MULTILINE,
)
_HOW_TO = re.compile(r"^(?:how to|howto) (?P<rest>\w.{4,80})$", re.IGNORECASE)
_TO_DO = re.compile(r"^To (?P<task>[a-z]+ [^,]{4,80}), (?P<steps>[a-z][^.]{8,220})\.$")
_POINTS_BACK = re.compile(r"\b(?:this|that|these|those|it|they|them|above|below|following)\b", re.IGNORECASE)
_MOST_ANSWER_WORDS = 45


@dataclass(frozen=True, slots=True)
class Own:
    """A question of the document's own with what stands below it."""

    question: str
    answer: str
    evidence: Evidence


def own_questions(parts: Sequence[Part]) -> Iterator[Own]:
    """Yield the questions among the headings, each with the first sentences below it, and "Q: … A: …"."""
    for place, part in enumerate(parts):
        if part.block.kind == "heading":
            question = _of_heading(part.block.title)
            below = parts[place + 1] if place + 1 < len(parts) else None
            if question and below and below.block.kind in ("paragraph", "item"):
                start, end = _first_sentences(below.text)
                answer = bare(below.text[start:end])
                if _is_answer(answer):
                    yield Own(
                        question, answer, below.evidence(below.block.start + start, below.block.start + end)
                    )
    if parts:
        yield from _pairs(parts[0])


def how_to(sentence: str) -> tuple[str, str] | None:
    """Return question and answer of "To reset it, hold the button."; None for anything else."""
    match = _TO_DO.match(sentence)
    if not match or match["task"].split()[0] not in BASES | {
        "set",
        "use",
        "view",
        "edit",
        "configure",
        "print",
        "log",
    }:
        return None
    if match["steps"].split()[0] not in BASES | {
        "use",
        "set",
        "click",
        "choose",
        "select",
        "press",
        "type",
        "you",
        "first",
    }:
        return None
    if _POINTS_BACK.search(match["task"]) or re.match(r"(?:see|we|there|the|this|it) ", match["steps"]):
        return None
    task = re.sub(r"\b(?:your|our)\b", "my", match["task"])
    return f"How do I {task}?", match["steps"][0].upper() + match["steps"][1:] + "."


def _of_heading(title: str) -> str:
    asked = _ASKED.match(title)
    if asked:
        return asked["question"] if len(asked["question"].split()) >= 3 else ""
    if _POINTS_BACK.search(title) or title.endswith((":", ".")):
        return ""
    how = _HOW_TO.match(title)
    if how:
        return f"How do I {_lowered(how['rest'][0].lower() + how['rest'][1:])}?"
    first, _, rest = title.partition(" ")
    words = rest.split()
    if (
        first.lower() in GERUNDS
        and 1 <= len(words) <= 6
        and words[0].lower() not in ("and", "or", "with", "in")
    ):
        return f"How do I {GERUNDS[first.lower()]} {_lowered(rest)}?"
    return ""


def _lowered(text: str) -> str:
    """Return the words of a heading as they stand in a sentence."""
    words = re.sub(r"\b(?:your|our)\b", "my", text, flags=re.IGNORECASE).split()
    return " ".join(
        word.lower() if re.fullmatch(r"(?:A|An|The|And|Or|Of|For|To|In|With|From)", word) else word
        for word in words
    )


def _is_answer(text: str) -> bool:
    words = text.split()
    if not 4 <= len(words) <= _MOST_ANSWER_WORDS or not text.endswith((".", "!", ")", "。")) or "?" in text:
        return False
    return (
        re.match(
            r"(?:this|these|the following|in this|you can find|see|here|click here|for more|note)\b",
            text,
            re.IGNORECASE,
        )
        is None
    )


def _first_sentences(text: str) -> tuple[int, int]:
    """Return the span of the first sentence, or of the first two where the first says little."""
    spans = list(sentences(text))[:2]
    if not spans:
        return 0, 0
    start, end = spans[0]
    is_short = len(text[start:end].split()) < 6
    return (start, spans[1][1]) if is_short and len(spans) > 1 else (start, end)


def _pairs(part: Part) -> Iterator[Own]:
    document = part.document
    for match in _PAIR.finditer(document.text):
        answer = bare(match["answer"])
        if 1 <= len(answer.split()) <= _MOST_ANSWER_WORDS:
            yield Own(bare(match["question"]), answer, part.evidence(*match.span("answer")))
