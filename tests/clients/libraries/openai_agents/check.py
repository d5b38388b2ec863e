"""OpenAI's Agents SDK, over chat completions and over responses."""

import asyncio

from agents import (
    Agent,
    FileSearchTool,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)  # fmt: skip
from agents.exceptions import ModelBehaviorError
from checks import (
    ABOUT_A_TOWN,
    ABOUT_THE_WEATHER,
    GREETING,
    KEY,
    MODEL,
    QUESTION,
    RAG,
    STORE,
    URL,
    WANTED,
    WEATHER,
    absent,
    need,
    report,
)  # fmt: skip
from openai import AsyncOpenAI
from pydantic import BaseModel, Field

set_tracing_disabled(True)
settings = ModelSettings(max_tokens=60)


class Town(BaseModel):
    name: str = Field(max_length=40)
    n_people: int


def models(name: str) -> list:
    """Return a model over each of the two APIs; a client belongs to the loop that runs it."""
    return [
        kind(model=name, openai_client=AsyncOpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0))
        for kind in (OpenAIChatCompletionsModel, OpenAIResponsesModel)
    ]


def run(agent: Agent, text: str):
    return asyncio.run(Runner.run(agent, text, max_turns=4))


def chat() -> None:
    for model in models(MODEL):
        need(run(Agent(name="a", model=model, model_settings=settings), GREETING).final_output, "no text")


def stream() -> None:
    async def kinds(model) -> list[str]:
        told = Runner.run_streamed(Agent(name="a", model=model, model_settings=settings), GREETING)
        return [event.data.type async for event in told.stream_events() if event.type == "raw_response_event"]

    for model in models(MODEL):
        need(asyncio.run(kinds(model)).count("response.output_text.delta") > 1, "one piece only")


def structured() -> None:
    for model in models(MODEL):
        town = run(Agent(name="a", model=model, output_type=Town), ABOUT_A_TOWN).final_output
        need(isinstance(town, Town), f"{town}")


def tool_call() -> None:
    for model in models(MODEL):
        towns = []

        @function_tool
        def weather(town: str) -> str:
            """The weather of a town."""
            towns.append(town)  # noqa: B023 - called before the next model's turn
            return WEATHER

        agent = Agent(
            name="a", model=model, tools=[weather],
            model_settings=ModelSettings(tool_choice="required", max_tokens=200),
        )  # fmt: skip
        try:
            need(run(agent, ABOUT_THE_WEATHER).final_output, "no text after the tool's answer")
        except ModelBehaviorError as error:
            # To this SDK an answer that reaches max_tokens is an error; a small model's often does.
            need("max_output_tokens" in str(error), str(error))
        need(towns, "no tool was called")


def file_search() -> None:
    agent = Agent(name="a", model=models(MODEL)[1], tools=[FileSearchTool(vector_store_ids=[STORE])])
    said = run(agent, QUESTION).final_output
    need(WANTED in said, said)


def rag() -> None:
    for model in models(RAG):
        said = run(Agent(name="a", model=model), QUESTION).final_output
        need(WANTED in said, said)


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call,
    embeddings=absent("agents make no embeddings"), file_search=file_search, rag=rag,
)  # fmt: skip
