"""`llm`, the command line and library, with a model in its extra-openai-models.yaml."""

import json
import os
from pathlib import Path

from checks import (
    ABOUT_A_TOWN,
    GREETING,
    KEY,
    MODEL,
    QUESTION,
    RAG,
    TOWN_SCHEMA,
    URL,
    WANTED,
    absent,
    need,
    need_town,
    report,
)  # fmt: skip

home = Path(os.environ["HOME"]) / "llm"
home.mkdir()
os.environ["LLM_USER_PATH"] = str(home)
entry = """
- model_id: {name}
  model_name: {model}
  api_base: {url}/v1
  api_key_name: lorewright
  supports_schema: true
  supports_tools: true
"""
(home / "keys.json").write_text(json.dumps({"lorewright": KEY}))
(home / "extra-openai-models.yaml").write_text(
    entry.format(name="small", model=MODEL, url=URL) + entry.format(name="arm", model=RAG, url=URL)
)

import llm  # noqa: E402 - it reads its files as it is imported


def chat() -> None:
    need(llm.get_model("small").prompt(GREETING, stream=False, max_tokens=40).text(), "no text")


def stream() -> None:
    need(len(list(llm.get_model("small").prompt(GREETING, max_tokens=40))) > 1, "one piece only")


def structured() -> None:
    said = llm.get_model("small").prompt(ABOUT_A_TOWN, schema=TOWN_SCHEMA, stream=False)
    need_town(json.loads(said.text()))


def rag() -> None:
    said = llm.get_model("arm").prompt(QUESTION, stream=False).text()
    need(WANTED in said, said)


report(
    chat=chat, stream=stream, structured=structured,
    tool=absent("llm cannot force a tool: its models have no tool_choice"),
    embeddings=absent("its embedding models have no setting for an address"),
    file_search=absent("llm has no vector stores of a server"), rag=rag,
)  # fmt: skip
