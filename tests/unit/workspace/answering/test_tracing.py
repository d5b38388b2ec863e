"""Answers as OpenTelemetry spans."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, Tracer
from opentelemetry.util._decorator import _agnosticcontextmanager

from lorewright.documents import Document
from lorewright.flows import Answer, Style, arms
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Message
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.answering.tracing import run


class Told(NonRecordingSpan):
    """A span that remembers what it was told."""

    def __init__(self, name: str, number: int, parent: Span, said: dict[str, Any]) -> None:
        super().__init__(SpanContext(1, number, is_remote=False))
        self.name, self.parent = name, parent
        self.attributes: dict[str, Any] = dict(said.get("attributes") or {})
        self.start_ns: int = said["start_time"]
        self.end_ns = 0

    def end(self, end_time: int | None = None) -> None:
        self.end_ns = end_time or 0


class Listener(Tracer):
    """A tracer that remembers its spans."""

    def __init__(self) -> None:
        self.spans: list[Told] = []

    def start_span(self, name: str, context: Any = None, *_: Any, **said: Any) -> Span:
        span = Told(name, len(self.spans) + 1, trace.get_current_span(context), said)
        self.spans.append(span)
        return span

    @_agnosticcontextmanager
    def start_as_current_span(self, name: str, *_: Any, **said: Any) -> Iterator[Span]:
        yield self.start_span(name, **said)


def answered(tracer: Tracer | None) -> Answer:
    retriever = PlainRetriever([Document("leave.md", "Leave", "Every employee has 28 days of leave.")])
    parts = GivenParts({"": ScriptedEngine(lambda _: "28 days. [1]", name="parrot")}, retriever)
    question = (Message("user", "How many days of leave has an employee?"),)
    return run(
        arms(Style(instruction="", refusal="I cannot answer that."))["rag"], question, parts, tracer=tracer
    )


def test_an_answer_is_a_span_and_each_node_one_within() -> None:
    listener = Listener()
    answer = answered(listener)
    whole, *nodes = listener.spans
    assert whole.name == "invoke_workflow rag"
    assert whole.attributes["gen_ai.usage.output_tokens"] == answer.usage.completion_tokens
    assert [node.attributes["lorewright.node.kind"] for node in nodes] == [
        "question", "retrieve", "prompt", "generate", "ground", "answer",
    ]  # fmt: skip
    assert all(node.parent is whole for node in nodes)


def test_spans_of_nodes_lie_within_that_of_their_answer() -> None:
    listener = Listener()
    answered(listener)
    whole, *nodes = listener.spans
    assert nodes[0].start_ns == whole.start_ns
    assert all(one.end_ns == next_one.start_ns for one, next_one in pairwise(nodes))
    assert nodes[-1].end_ns <= whole.end_ns


def test_the_model_is_named_as_the_conventions_say() -> None:
    listener = Listener()
    answered(listener)
    (chat,) = [span for span in listener.spans if span.name == "chat parrot"]
    assert chat.attributes["gen_ai.operation.name"] == "chat"
    assert chat.attributes["gen_ai.request.model"] == "parrot"


def test_what_was_asked_and_said_is_not_in_the_spans() -> None:
    listener = Listener()
    answered(listener)
    told = str([(span.name, span.attributes) for span in listener.spans])
    assert "28 days" not in told
    assert "employee" not in told


def test_without_an_sdk_the_answer_is_the_same() -> None:
    assert answered(None).text == answered(Listener()).text
