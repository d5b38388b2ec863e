"""Open WebUI itself: its own server in front of Lorewright, called as its pages call it."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests
from checks import (
    ABOUT_A_TOWN,
    ABOUT_THE_WEATHER,
    EMBEDDING,
    GREETING,
    KEY,
    MODEL,
    QUESTION,
    RAG,
    TOWN_SCHEMA,
    URL,
    WANTED,
    WEATHER,
    WEATHER_SCHEMA,
    need,
    need_town,
    report,
)  # fmt: skip

PATIENCE_SECONDS = 500
PAGE = "The notice period is 3 months to the end of a month.\n"
TOOL = {
    "type": "function",
    "function": {"name": "weather", "description": "The weather of a town.", "parameters": WEATHER_SCHEMA},
}
SETTINGS = {
    "OPENAI_API_BASE_URL": f"{URL}/v1", "OPENAI_API_KEY": KEY, "ENABLE_OLLAMA_API": "false",
    "RAG_EMBEDDING_ENGINE": "openai", "RAG_EMBEDDING_MODEL": EMBEDDING,
    "RAG_OPENAI_API_BASE_URL": f"{URL}/v1", "RAG_OPENAI_API_KEY": KEY,
    "OFFLINE_MODE": "true", "HF_HUB_OFFLINE": "1", "WEBUI_SECRET_KEY": "of this check alone",
    "ANONYMIZED_TELEMETRY": "false", "DO_NOT_TRACK": "true", "SCARF_NO_ANALYTICS": "true",
}  # fmt: skip
"""What a user sets, and what keeps it from asking the internet for anything."""


@contextmanager
def open_webui() -> Iterator[str]:
    """Serve Open WebUI on a free port, with its state in a folder that goes with it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **SETTINGS, "DATA_DIR": folder}
        program = Path(sys.executable).with_name("open-webui")
        command = [program, "serve", "--host", "127.0.0.1", "--port", str(port)]
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=sys.stderr) as process:
            try:
                _wait(process, f"http://127.0.0.1:{port}")
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def _wait(process: subprocess.Popen, address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(f"{address}/health", timeout=10).ok:
                return
        time.sleep(1)
    raise RuntimeError("Open WebUI does not start")


class Browser:
    """A session of the first user, who signs up."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        person = {"name": "Ann", "email": "ann@example.com", "password": "a password of 1 person"}
        token = self.post("/api/v1/auths/signup", person)["token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        return self._read(self.session.get(f"{self.address}{path}", timeout=PATIENCE_SECONDS))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._read(self.session.post(f"{self.address}{path}", json=body, timeout=PATIENCE_SECONDS))

    def upload(self, name: str, text: str) -> Any:
        url = f"{self.address}/api/v1/files/?process=true&process_in_background=false"
        return self._read(self.session.post(url, files={"file": (name, text)}, timeout=PATIENCE_SECONDS))

    def say(self, model: str, messages: list, **how: Any) -> dict[str, Any]:
        body = {"model": model, "messages": messages, "max_tokens": 200, "stream": False, **how}
        return self.post("/api/chat/completions", body)["choices"][0]["message"]

    def said_in_pieces(self, model: str, text: str) -> Iterator[str]:
        body = {
            "model": model, "messages": asked(text), "max_tokens": 200, "stream": True,
            "stream_options": {"include_usage": True},
        }  # fmt: skip
        url = f"{self.address}/api/chat/completions"
        with self.session.post(url, json=body, stream=True, timeout=PATIENCE_SECONDS) as told:
            need(told.ok, f"{told.status_code}")
            for line in told.iter_lines():
                if line.startswith(b"data: {"):
                    piece = json.loads(line.removeprefix(b"data: "))
                    yield from (choice["delta"].get("content") or "" for choice in piece.get("choices", []))

    def _read(self, told: requests.Response) -> Any:
        need(told.ok, f"{told.request.path_url}: {told.status_code} {told.text[:200]}")
        return told.json()


def asked(text: str) -> list:
    return [{"role": "user", "content": text}]


def chat() -> None:
    names = [model["id"] for model in browser.get("/api/models")["data"]]
    need(MODEL in names and RAG in names, f"the models are {names}")
    messages = asked(GREETING)
    said = browser.say(MODEL, messages)["content"]
    need(said, "no text")
    # The title of a chat is what its page asks for after the first answer.
    body = {"model": MODEL, "messages": [*messages, {"role": "assistant", "content": said}]}
    need(browser.post("/api/v1/tasks/title/completions", body)["choices"], "no title")


def stream() -> None:
    need(sum(map(bool, browser.said_in_pieces(MODEL, GREETING))) > 1, "one piece only")
    need(WANTED in "".join(browser.said_in_pieces(RAG, QUESTION)), "the arm streams no answer")


def structured() -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "town", "schema": TOWN_SCHEMA, "strict": True}}
    need_town(json.loads(browser.say(MODEL, asked(ABOUT_A_TOWN), response_format=schema)["content"]))


def tool_call() -> None:
    messages = asked(ABOUT_THE_WEATHER)
    said = browser.say(MODEL, messages, tools=[TOOL], tool_choice="required")
    call = said["tool_calls"][0]
    need(call["function"]["name"] == "weather", f"{said}")
    result = {"role": "tool", "tool_call_id": call["id"], "content": WEATHER}
    need(browser.say(MODEL, [*messages, said, result])["content"], "no text after the tool's answer")


def embeddings() -> None:
    made = browser.post("/api/embeddings", {"model": EMBEDDING, "input": ["one", "two"]})
    need(len(made["data"]) == 2, "no two vectors")


def file_search() -> None:
    """Search its own knowledge, with the vectors of Lorewright, and let the model read what is found."""
    file = browser.upload("leaving.txt", PAGE)
    about = {"name": "Handbook", "description": "Rules of the house"}
    knowledge = browser.post("/api/v1/knowledge/create", about)
    browser.post(f"/api/v1/knowledge/{knowledge['id']}/file/add", {"file_id": file["id"]})
    query = {"collection_names": [knowledge["id"]], "query": QUESTION, "k": 3}
    found = browser.post("/api/v1/retrieval/query/collection", query)
    need(WANTED in json.dumps(found["documents"]), f"{found}")
    files = [{"type": "collection", "id": knowledge["id"]}]
    need(browser.say(MODEL, asked(QUESTION), files=files)["content"], "no text")


def rag() -> None:
    said = browser.say(RAG, asked(QUESTION))["content"]
    need(WANTED in said, said)


with open_webui() as address:
    browser = Browser(address)
    report(
        chat=chat, stream=stream, structured=structured, tool=tool_call, embeddings=embeddings,
        file_search=file_search, rag=rag,
    )  # fmt: skip
