"""Structured output of a model with an adapter: answered in words first, then put into the form."""

import json
from collections.abc import Sequence
from typing import Any

from lorewright.flows import Style, arms, run
from lorewright.flows.fakes import GivenParts
from lorewright.flows.options import AnswerOptions
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Conversation, Message
from lorewright.models import READER
from lorewright.models.fakes import ScriptedEngine
from lorewright.settings import Retrieval

FLOW = arms(
    Style(
        instruction="You are the desk.",
        refusal="I do not know.",
        retrieval=Retrieval(n_kept=2, min_cosine=0.0),
    )
)["rag"]
FORM: Any = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}
SAID = "Node.js 22 gets fixes until 30 Apr 2027 [1]."


def filled(messages: Sequence[Message]) -> str:
    """Put the turn before the last one into JSON, as a model does."""
    return json.dumps({"answer": messages[-2].content})


def test_an_adapter_answers_in_words_and_the_base_fills_the_form(
    retriever: PlainRetriever, asked: Conversation
) -> None:
    """The reader writes citation markers into every string when it is made to write JSON itself."""
    base = ScriptedEngine(filled, fingerprint="weights")
    reader = ScriptedEngine(lambda _: SAID, fingerprint="weights+reader")
    options = AnswerOptions({"response_format": FORM})

    answer = run(FLOW, asked, GivenParts({"": base, READER: reader}, retriever), options=options)

    assert json.loads(answer.text) == {"answer": "Node.js 22 gets fixes until 30 Apr 2027."}
    assert answer.citations[0].document_id == "node.md"
    assert base.seen[0][0].content == asked[-1].content
    assert answer.usage.completion_tokens > len(SAID.split())


def test_a_model_without_an_adapter_writes_the_form_at_once(
    retriever: PlainRetriever, asked: Conversation
) -> None:
    """Two answers for one would cost a user of a larger model time and money."""
    base = ScriptedEngine(lambda _: '{"answer": "30 Apr 2027"}', fingerprint="weights")
    options = AnswerOptions({"response_format": FORM})

    run(FLOW, asked, GivenParts({"": base}, retriever), options=options)

    assert len(base.seen) == 1
