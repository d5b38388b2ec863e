"""aider, by its command line."""

import os
import subprocess
import sys
from pathlib import Path

from checks import KEY, MODEL, QUESTION, RAG, URL, WANTED, absent, need, report

command = [
    str(Path(sys.executable).parent / "aider"), "--openai-api-base", f"{URL}/v1", "--openai-api-key", KEY,
    "--no-git", "--yes-always", "--no-check-update", "--analytics-disable", "--no-show-model-warnings",
    "--no-pretty", "--no-detect-urls", "--map-tokens", "0", "--chat-mode", "ask",
]  # fmt: skip


environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}


def told(model: str, text: str, *more: str) -> str:
    done = subprocess.run(
        [*command, "--model", f"openai/{model}", *more, "--message", text],
        capture_output=True, text=True, timeout=300, check=True, env=environment,
    )  # fmt: skip
    return done.stdout


def chat() -> None:
    need("Tokens:" in told(MODEL, "Say hello.", "--no-stream"), "no answer was counted")


def stream() -> None:
    need("Tokens:" in told(MODEL, "Say hello.", "--stream"), "no answer was counted")


def rag() -> None:
    said = told(RAG, QUESTION, "--no-stream")
    need(WANTED in said, said[-500:])


report(
    chat=chat, stream=stream, structured=absent("aider asks for no schema"),
    tool=absent("aider calls no tools"), embeddings=absent("aider makes no embeddings"),
    file_search=absent("aider searches no vector stores"), rag=rag,
)  # fmt: skip
