"""DSPy."""

import asyncio
import contextlib

import dspy
from checks import (
    ABOUT_THE_WEATHER,
    EMBEDDING,
    GREETING,
    KEY,
    MODEL,
    QUESTION,
    RAG,
    URL,
    WANTED,
    WEATHER_SCHEMA,
    NotApplicable,
    absent,
    need,
    report,
)  # fmt: skip
from dspy.lm15 import AccessPolicy, ModelSupport, OpenAIChatCompat, ProviderDefinition, register_provider
from dspy.utils.exceptions import AdapterParseError

at = {"api_base": f"{URL}/v1", "api_key": KEY, "cache": False, "num_retries": 0}
small = dspy.LM(f"openai/{MODEL}", max_tokens=200, **at)


def declared() -> dspy.LM:
    """Return a model of a provider that is declared to DSPy, with what it can do.

    Of a model that its catalogue does not know, DSPy believes that it takes no schema, and asks in
    words alone for JSON: what comes is then the model's luck.
    """
    access = AccessPolicy(provider="lorewright", base_url=f"{URL}/v1")
    provider = ProviderDefinition.chat(access, compat=OpenAIChatCompat.preset("openai"))
    register_provider(provider, supports=ModelSupport(function_calling=True, response_schema=True))
    return dspy.LM(f"lorewright/{MODEL}", max_tokens=200, **at)


class Town(dspy.Signature):
    """Describe a town."""

    text: str = dspy.InputField()
    name: str = dspy.OutputField()
    n_people: int = dspy.OutputField()


def chat() -> None:
    need(small(GREETING)[0], "no text")


def stream() -> None:
    pieces = []

    async def read() -> None:
        listener = dspy.streaming.StreamListener(signature_field_name="answer")
        with dspy.context(lm=small, adapter=dspy.JSONAdapter()):
            program = dspy.streamify(dspy.Predict("question -> answer"), stream_listeners=[listener])
            async for piece in program(question=GREETING):
                pieces.append(piece)  # noqa: PERF401 - what came before it broke counts

    # Streaming, DSPy leaves the schema out: that the small model keeps to its format is not what is tried.
    with contextlib.suppress(AdapterParseError):
        asyncio.run(read())
    if not pieces:
        raise NotApplicable("DSPy streams fields of its own format; the default model does not keep to it")


def structured() -> None:
    with dspy.context(lm=declared(), adapter=dspy.JSONAdapter()):
        town = dspy.Predict(Town)(text="Paris is a town in France with 2000000 people.")
    need(isinstance(town.n_people, int), f"{town}")


def tool_call() -> None:
    tool = {"type": "function", "function": {"name": "weather", "parameters": WEATHER_SCHEMA}}
    said = small(
        messages=[{"role": "user", "content": ABOUT_THE_WEATHER}], tools=[tool], tool_choice="required"
    )
    call = said[0]["tool_calls"][0]
    need(call.function.name == "weather", f"{said}")


def embeddings() -> None:
    embed = dspy.Embedder(f"openai/{EMBEDDING}", api_base=f"{URL}/v1", api_key=KEY, caching=False)
    need(len(embed(["one", "two"])) == 2, "no two vectors")


def rag() -> None:
    said = dspy.LM(f"openai/{RAG}", **at)(QUESTION)[0]
    need(WANTED in said, said)


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call, embeddings=embeddings,
    file_search=absent("DSPy has no vector stores of a server"), rag=rag,
)  # fmt: skip
