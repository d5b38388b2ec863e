"""Answers as traces, as the SDK of OpenTelemetry receives them."""

from collections.abc import Sequence

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.fixtures.served import Served

HI: list[ChatCompletionMessageParam] = [
    {"role": "user", "content": "How many days of leave has an employee?"}
]


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """What the process exports; it has one provider, which cannot be taken back."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    trace.set_tracer_provider(provider)
    return kept


@pytest.fixture
def told(exporter: InMemorySpanExporter, served: Served) -> InMemorySpanExporter:
    """Nothing yet."""
    assert served
    exporter.clear()
    return exporter


def ours(told: InMemorySpanExporter) -> Sequence[ReadableSpan]:
    scopes = {span: span.instrumentation_scope for span in told.get_finished_spans()}
    return [span for span, scope in scopes.items() if scope and scope.name == "lorewright"]


@pytest.mark.parametrize("is_streamed", [False, True])
def test_an_answer_is_one_trace_with_a_span_for_every_node(
    told: InMemorySpanExporter, client: openai.OpenAI, is_streamed: bool
) -> None:
    answer = client.chat.completions.create(model="handbook/rag", messages=HI, stream=is_streamed)
    for _ in answer if is_streamed else ():
        pass
    spans = ours(told)
    (whole,) = [span for span in spans if span.name == "invoke_workflow rag"]
    nodes = [span for span in spans if span is not whole]
    kinds = [span.attributes["lorewright.node.kind"] for span in nodes if span.attributes]
    assert {"question", "retrieve", "prompt", "generate", "ground", "answer"} >= set(kinds)
    assert {"retrieve", "generate"} <= set(kinds)
    assert all(span.parent and span.parent.span_id == whole.context.span_id for span in nodes)
    assert len({span.context.trace_id for span in spans}) == 1


def test_a_trace_goes_on_from_the_one_of_the_caller(told: InMemorySpanExporter, served: Served) -> None:
    """W3C's header: an application sees what its question cost inside of the server."""
    with served.client() as client:
        client.chat.completions.create(
            model="handbook/rag", messages=HI,
            extra_headers={"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        )  # fmt: skip
    assert {f"{span.context.trace_id:032x}" for span in ours(told)} == {"0af7651916cd43dd8448eb211c80319c"}


def test_a_model_without_a_flow_is_traced_too(told: InMemorySpanExporter, client: openai.OpenAI) -> None:
    client.chat.completions.create(model="parrot", messages=HI)
    client.responses.create(model="parrot", input="Hello there")
    first, second = ours(told)
    assert first.name == second.name == "chat parrot"
    assert first.attributes is not None
    assert first.attributes["gen_ai.operation.name"] == "chat"
    assert first.attributes["gen_ai.request.model"] == "parrot"
    assert first.attributes["gen_ai.usage.output_tokens"] == 10
