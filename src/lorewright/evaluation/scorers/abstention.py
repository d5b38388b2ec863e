"""Refuses where the documents hold no answer, and only there."""

import re
from collections.abc import Mapping, Sequence

from lorewright.evaluation.compared import words
from lorewright.evaluation.material import Material
from lorewright.evaluation.question import Question
from lorewright.flows import Answer

_FIRST_SENTENCE = re.compile(r"\A.+?(?:[.!?。](?=\s|\Z)|\n|\Z)", re.DOTALL)
_REFUSING = re.compile(
    r"\b(?:(?:i|we)(?:'m| am|'re| are)? ?(?:can ?not|can't|could ?n[o']t|unable to|not able to|do not|don't)"
    r" (?:answer|know|find|tell|determine|say|have (?:\w+ ){0,3}(?:information|details|answer))"
    r"|not (?:\w+ ){0,2}(?:mentioned|stated|specified|given|provided|found|contained|answered|covered)"
    r" (?:\w+ ){0,2}(?:in|by) (?:the|this|these|your|our|any)"
    r"|(?:there is|have|has|contains?) no (?:\w+ ){0,2}(?:information|mention|answer)"
    r"|(?:do|does|did) not (?:say|mention|state|contain|provide|specify|include|answer))\b"
)


def score(question: Question, answer: Answer, material: Material) -> Mapping[str, float]:
    """Return `right_refusal` for a question without an answer, else `over_refusal`."""
    refused = float(is_refusal(answer, material.refusals))
    return {"over_refusal": refused} if question.answerable else {"right_refusal": refused}


def is_refusal(answer: Answer, refusals: Sequence[str]) -> bool:
    """Whether the answer refuses: the arm says so, or its first sentence does.

    A first sentence refuses when it begins with one of `refusals` or uses one of the common
    English phrases; a later "I do not know the patch number" does not make an answer a refusal.
    """
    if answer.refused or not answer.text.strip():
        return True
    said = words(answer.text)
    if any(said[: len(wanted)] == wanted for wanted in map(words, refusals) if wanted):
        return True
    first = _FIRST_SENTENCE.search(
        answer.text.strip().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()
    )
    return bool(first and _REFUSING.search(first[0]))
