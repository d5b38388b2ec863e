"""Instructor: values in the form of a class, with OpenAI's SDK below."""

import instructor
from checks import ABOUT_A_TOWN, GREETING, KEY, MODEL, QUESTION, RAG, URL, WANTED, absent, need, report
from openai import OpenAI
from pydantic import BaseModel, Field


class Town(BaseModel):
    name: str = Field(max_length=40)
    n_people: int


class Reply(BaseModel):
    text: str = Field(max_length=200)


openai = OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
by_schema = instructor.from_openai(openai, mode=instructor.Mode.JSON_SCHEMA)
by_tool = instructor.from_openai(openai, mode=instructor.Mode.TOOLS)


def chat() -> None:
    said = by_schema.create(
        model=MODEL, response_model=Reply, messages=[{"role": "user", "content": GREETING}]
    )
    need(said.text, "no text")


def stream() -> None:
    pieces = by_schema.create_partial(
        model=MODEL, response_model=Town, messages=[{"role": "user", "content": ABOUT_A_TOWN}]
    )
    need(len(list(pieces)) > 1, "one piece only")


def structured() -> None:
    town = by_schema.create(
        model=MODEL, response_model=Town, messages=[{"role": "user", "content": ABOUT_A_TOWN}]
    )
    need(isinstance(town, Town), f"{town}")


def tool_call() -> None:
    town = by_tool.create(
        model=MODEL, response_model=Town, messages=[{"role": "user", "content": ABOUT_A_TOWN}]
    )
    need(isinstance(town, Town), f"{town}")


def rag() -> None:
    said = by_schema.create(model=RAG, response_model=Reply, messages=[{"role": "user", "content": QUESTION}])
    need(WANTED in said.text, said.text)


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call,
    embeddings=absent("Instructor makes no embeddings"),
    file_search=absent("Instructor searches no files"), rag=rag,
)  # fmt: skip
