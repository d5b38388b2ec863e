"""What a conversation is searched for: its last turn alone, and with what earlier turns carried over."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from lorewright.knowledge import Hit, Retriever, content_words, fuse, identifiers, root
from lorewright.messages import Message

N_WORDS = 30  # of a turn before: its beginning says what it is about
N_CARRIED = 4  # identifiers and names of earlier turns, the latest first
CARRIED_WEIGHT = 0.9
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|him|her|one|ones|same|other|again|there|"
    r"er|sie|es|das|dies\w*|ihn|ihm|davon|damit|dazu|il|elle|cela|celui|y|en|eso|esa|ese|lo|questo|quello)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 3
_ASKING = frozenset(
    {
        *("long", "many", "much", "often", "far", "old", "late", "early", "soon", "big", "high", "happen"),
        *("mean", "need", "want", "kind", "sort"),
    }
)
"""Words by which a question asks; they rarely stand where its answer does."""


def query_from(conversation: Sequence[Message]) -> str:
    """Return the last user turn twice, then the exchange before it and what else was named before.

    Twice, because its words must outweigh those that only say what the talk is about.
    """
    users = [place for place, turn in enumerate(conversation) if turn.role == "user"]
    if not users:
        return ""
    question = conversation[users[-1]].content
    if len(users) == 1:
        return question
    before = _shortened(conversation[users[-2]].content)
    answers = [turn.content for turn in conversation[users[-2] : users[-1]] if turn.role == "assistant"]
    named = _carried(conversation, users[-2])
    return "\n".join([question, question, before, *map(_shortened, answers), *named])


def carried_question(conversation: Sequence[Message]) -> str:
    """Return the last user turn; with what earlier ones named where it leans on them."""
    users = [place for place, turn in enumerate(conversation) if turn.role == "user"]
    question = conversation[users[-1]].content if users else ""
    if len(users) < 2 or not _leans(question):
        return question
    named = _carried(conversation, users[-1])
    return " ".join([question, *(named or [_shortened(conversation[users[-2]].content)])])


def find_for(conversation: Sequence[Message], retriever: Retriever, *, n: int) -> list[Hit]:
    """Return the hits for a conversation: those for its last turn and those for it with what went before.

    Both rank together, the latter counting most. Of 90 conversations each of dstc11-support and
    mtrag-un a right chunk was among the first three for .61 and .99, with the last turn alone for .22
    and .86. Where the last turn is about something else, its own hits take turns with those.
    """
    users = [turn.content for turn in conversation if turn.role == "user"]
    if len(users) < 2:
        return retriever.search(users[-1] if users else "", n=n)
    question = users[-1]
    carried = retriever.search(query_from(conversation), n=n)
    alone = retriever.search(question, n=n) if content_words(question) else []
    if not alone or not carried:
        return carried or alone
    if is_new_topic(question, alone[0], carried[0]):
        return _ranked([hit for pair in zip_longest(alone, carried) for hit in pair if hit], n)
    hits = {hit.chunk.id: hit for hit in (*carried, *alone)}
    fused = fuse(
        {hit.chunk.id: hit.score for hit in alone},
        {hit.chunk.id: hit.score for hit in carried},
        dense_weight=CARRIED_WEIGHT,
    )
    return _ranked([replace(hits[key], score=score) for key, score in fused], n)


def is_new_topic(question: str, alone: Hit, carried: Hit) -> bool:
    """Return whether a question has nothing to do with the talk before it.

    It does not lean on it ("it", "the other one"), and the best hit for it alone holds all of its
    words where the best one for the whole talk holds none.
    """
    question_words = {root(word) for word in content_words(question) if word not in _ASKING}
    if _LEANS.search(question) or not question_words:
        return False
    return question_words <= _roots(alone) and question_words.isdisjoint(_roots(carried))


def _roots(hit: Hit) -> set[str]:
    return {root(word) for word in content_words(hit.chunk.context)}


def _shortened(text: str) -> str:
    return " ".join(text.split()[:N_WORDS])


def _leans(question: str) -> bool:
    """Return whether a question hardly says what it is about by itself."""
    return len(content_words(question)) < _FEW_WORDS or _LEANS.search(question) is not None


def _carried(conversation: Sequence[Message], before: int) -> list[str]:
    """Return identifiers that turns before a place named, the latest first."""
    named: dict[str, None] = {}
    for turn in reversed(conversation[:before]):
        if turn.role != "system":
            named |= dict.fromkeys(identifiers(turn.content))
    return list(named)[:N_CARRIED]


def _ranked(hits: Sequence[Hit], n: int) -> list[Hit]:
    first = {hit.chunk.id: hit for hit in reversed(hits)}
    ordered = [first[key] for key in dict.fromkeys(hit.chunk.id for hit in hits)]
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered[:n], start=1)]
