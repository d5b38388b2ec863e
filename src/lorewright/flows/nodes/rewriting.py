"""Questions in other words: what a model is asked for, and what of its text is used."""

import re
from collections.abc import Sequence
from typing import Literal

from lorewright.knowledge import unsupported
from lorewright.messages import Conversation, Message

Mode = Literal["standalone", "expand", "hyde"]

STANDALONE = (
    "Rewrite the last question so that it can be understood without the conversation before it. "
    "Put in what words like 'it' and 'that one' stand for. Do not answer it. Write the question alone."
)
EXPAND = (
    "Write {n} short search queries that would find the answer to the question, one a line: other words "
    "for the same, and the words that a document about it would use. Write the queries alone."
)
HYDE = (
    "Write one short paragraph of a document that answers the question. "
    "Write the paragraph alone; nobody will read it, it is only searched for."
)
N_TURNS = 6
_MOST_WORDS_A_QUERY = 16
_LEAD = re.compile(
    r"^\s*(?:[-*•]|\d+[.)])?\s*(?:(?:standalone |rewritten )?(?:question|query)\s*:)?\s*", re.I
)


def request_for(mode: Mode, turns: Sequence[Message], *, n: int) -> Conversation:
    """Return what the model is shown: an instruction, and the turns up to the question as one text."""
    instruction = {"standalone": STANDALONE, "expand": EXPAND.replace("{n}", str(n)), "hyde": HYDE}[mode]
    question = turns[-1].content
    if mode == "standalone":
        before = "\n".join(f"{turn.role}: {turn.content}" for turn in turns[-N_TURNS:-1])
        question = f"{before}\n\nLast question: {question}"
    return (Message("system", instruction), Message("user", question))


def standalone_in(reply: str, turns: Sequence[Message]) -> str | None:
    """Return the question in a model's text, or `None` where it is none that can be trusted.

    It is not trusted where it is much longer than what was asked, leaves out a number or a name of
    the question, or brings in one that nobody said.
    """
    question = turns[-1].content
    line = _line(reply)
    longest = 3 * len(question.split()) + 20
    if not line or len(line.split()) > longest or unsupported(question, [line]):
        return None
    return None if unsupported(line, [turn.content for turn in turns]) else line


def queries_in(reply: str, question: str, *, n: int) -> list[str]:
    """Return at most `n` queries of a model's text, each once, without the question itself."""
    known, queries = {question.lower()}, list[str]()
    for text in reply.splitlines():
        line = _line(text)
        if line and line.lower() not in known and len(line.split()) <= _MOST_WORDS_A_QUERY:
            known.add(line.lower())
            queries.append(line)
    return queries[:n]


def _line(text: str) -> str:
    """Return the first line without its bullet, its label and its quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return _LEAD.sub("", first, count=1).strip().strip("\"'“”").strip()
