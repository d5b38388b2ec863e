"""Refuses where the documents hold no answer, and only there."""

import re
from collections.abc import Mapping, Sequence

from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.flows.refusals import is_refusal as holds_refusal
from lorewright.settings import DEFAULT_REFUSAL

_FIRST_SENTENCE = re.compile(r"\A.+?(?:[.!?。](?=\s|\Z)|\n|\Z)", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n+")
_NUMBER = re.compile(r"\d+")
_REFUSING = re.compile(
    r"\b(?:(?:i|we)(?:'m| am|'re| are)? ?(?:can ?not|can't|could ?n[o']t|unable to|not able to|do not|don't)"
    r" (?:answer|know|find|tell|determine|say|have (?:\w+ ){0,3}(?:information|details|answer))"
    r"|not (?:\w+ ){0,2}(?:mentioned|stated|specified|given|provided|found|contained|answered|covered)"
    r" (?:\w+ ){0,2}(?:in|by) (?:the|this|these|your|our|any)"
    r"|(?:there is|have|has|contains?) no (?:\w+ ){0,2}(?:information|mention|answer)"
    r"|(?:do|does|did) not (?:say|mention|state|contain|provide|specify|include|answer))\b"
)


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `right_refusal` for a question without an answer, else `over_refusal`."""
    refused = float(is_refusal(answer, context.refusals))
    return {"over_refusal": refused} if question.answerable else {"right_refusal": refused}


def beside_refusal(question: Question, answer: Answer, refusals: Sequence[str]) -> str:
    """Return what an answer says besides refusing; nothing where refusing is all it does.

    The names in a refusal, such as whom to ask instead, claim nothing about the documents. A number
    that the question did not bring stays a claim, wherever it stands.
    """
    phrases = (*refusals, DEFAULT_REFUSAL)
    own = {sentence for refusal in phrases for sentence in _sentences(refusal.casefold())}
    question_numbers = set(_NUMBER.findall("\n".join(turn.content for turn in question.conversation)))
    kept = [
        sentence
        for sentence in _sentences(answer.text)
        if sentence.casefold() not in own
        and (not _refuses(sentence, phrases) or set(_NUMBER.findall(sentence)) - question_numbers)
    ]
    return " ".join(kept)


def _sentences(text: str) -> list[str]:
    return [sentence for part in _SENTENCE_END.split(text) if (sentence := part.strip(" .\n"))]


def _refuses(sentence: str, refusals: Sequence[str]) -> bool:
    plain = sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()
    return holds_refusal(sentence, refusals) or bool(_REFUSING.search(plain))


def is_refusal(answer: Answer, refusals: Sequence[str]) -> bool:
    """Whether the answer refuses: it is empty, the arm says so, or its words do.

    The domain's own phrases count wherever they stand, the common English ones in the first
    sentence only: "It ends in 2025. I do not know the patch number." is an answer.
    """
    if answer.refused or not answer.text.strip() or holds_refusal(answer.text, refusals):
        return True
    first = _FIRST_SENTENCE.search(answer.text.strip())
    return bool(first and _refuses(first[0], ()))
