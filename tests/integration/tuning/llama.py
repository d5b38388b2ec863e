"""A GGUF model in llama.cpp, asked for text and for the token ids it sees."""

import json
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xllamacpp

from lorewright.messages import Message


class Llama:
    """llama.cpp's server in this process."""

    def __init__(self, model: Path, adapter: Path | None = None) -> None:
        params = xllamacpp.CommonParams()
        params.model.path = str(model)
        params.n_ctx = 512
        params.n_parallel = 1
        params.cpuparams.n_threads = 1
        params.verbosity = -1
        params.warmup = False
        if adapter is not None:
            lora = xllamacpp.CommonAdapterLoraInfo()
            lora.path, lora.scale = str(adapter), 1.0
            params.lora_adapters = [lora]
        self._server = xllamacpp.Server(params)

    def say(self, messages: Sequence[Message], *, n_tokens: int = 24) -> str:
        """Return the greedy completion."""
        asked = {"messages": _turns(messages), "max_tokens": n_tokens, "temperature": 0}
        answer = self._server.handle_chat_completions(asked)
        body: dict[str, Any] = json.loads(answer) if isinstance(answer, str) else answer
        return str(body["choices"][0]["message"]["content"])

    def prompt_ids(self, messages: Sequence[Message]) -> list[int]:
        """Return the ids of the prompt in the model's own chat template."""
        prompt = self._post("/apply-template", {"messages": _turns(messages)})["prompt"]
        tokens: list[int] = self._post(
            "/tokenize", {"content": prompt, "add_special": True, "parse_special": True}
        )["tokens"]
        return tokens

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self._server.listening_address + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())


def _turns(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [message.to_json() for message in messages]
