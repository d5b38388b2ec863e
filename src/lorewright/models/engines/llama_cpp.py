"""GGUF models in this process, through llama.cpp."""

import json
import os
import queue
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPConnection
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lorewright.errors import Permanent, PromptTooLong, UnknownModel
from lorewright.messages import Message
from lorewright.models.engine import Piece, Sampling, Stopped, Usage, never
from lorewright.models.gguf_file import GgufFacts, read_gguf_facts
from lorewright.whole_files import sha256_of

# Threads that wait by spinning steal the core from whatever else runs (benchmarks/generation.py:
# twice the CPU, half the speed on a busy machine). OpenMP reads this once, when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from xllamacpp import CommonAdapterLoraInfo, CommonParams, Server

_Heard = Callable[[dict[str, Any]], bool]
"""Told every chunk; returns whether to stop."""

_POLL_SECONDS = 0.1
_HTTP_SECONDS = 60.0
_BATCH_TOKENS = 512  # a prompt is read in steps of this many; between two of them it can be stopped


class LlamaCpp:
    """A GGUF model, with an adapter or without, on the processor of this machine.

    The same prompt gives the same text, whatever was asked before: everything up to the last
    message is computed on its own and kept, then the rest; so examples and instructions that many
    prompts share are computed once, and a kept beginning holds the very numbers that a fresh one
    would. (llama.cpp's own cache reuses whatever matches; it changed 2 of 12 greedy outputs.)

    One server per adapter: switching adapters per request reuses another adapter's cache.

    With `n_slots` above 1 so many prompts are answered at once, each with the whole context for
    itself: more text a second, but what else is in a batch may change a greedy text in places, and
    nothing is kept from one prompt to the next.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str = "",
        sha256: str = "",
        adapter: Path | None = None,
        context_tokens: int = 4096,
        n_threads: int = 1,
        n_prompt_threads: int = 2,
        n_slots: int = 1,
    ) -> None:
        """Load the model; raise `UnknownModel` when a file is not one, `Permanent` when it cannot run."""
        facts = _read_facts(path, "model")
        if adapter is not None:
            _read_facts(adapter, "adapter")
        self.name = name or path.stem
        self.fingerprint = f"sha256:{sha256 or sha256_of(path)}"
        if adapter is not None:
            self.fingerprint += f"+sha256:{sha256_of(adapter)}"
        self.context_tokens = min(context_tokens, facts.context_tokens or context_tokens)
        self._key = secrets.token_hex(16)
        self._n_slots = n_slots
        # With one slot, one prompt at a time: two would share the kept beginning.
        self._busy = threading.Semaphore(n_slots)
        self._beginning = ""
        self._server = self._start(path, adapter, n_threads, n_prompt_threads)

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the completion piece by piece until it ends or `stopped()` is true.

        Raises `PromptTooLong` when the prompt is longer than the context.
        """
        finish_reason = "stop"
        for chunk in self._chunks(lambda heard: self._generate(messages, sampling, heard), stopped):
            for choice in chunk.get("choices", ()):
                finish_reason = choice.get("finish_reason") or finish_reason
                if text := choice["delta"].get("content"):
                    yield Piece(text)
            if "usage" in chunk:
                yield Piece("", _usage(chunk["usage"]), finish_reason)

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a chat completion, both in OpenAI's words; llama.cpp knows most of them.

        Raises `PromptTooLong` for a prompt longer than the context, `Permanent` when a value is refused.
        """
        # Nothing is kept from one prompt to the next, so that the same request answers the same.
        asked = {**request, "stream": True, "stream_options": {"include_usage": True}, "cache_prompt": False}

        def generate(heard: _Heard) -> None:
            self._beginning = ""
            try:
                self._server.handle_chat_completions(asked, heard)
            except ValueError as error:
                heard({"error": {"message": str(error)}})

        return self._chunks(generate, stopped)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt made of `messages` takes, the chat template included."""
        return len(self._tokens(self._prompt(messages)))

    def count_chat(self, request: Mapping[str, Any]) -> int:
        """Return how many tokens the prompt of a chat completion takes, with the tools it shows."""
        asked = {name: request[name] for name in ("messages", "tools", "tool_choice") if name in request}
        return len(self._tokens(str(self._ask("/apply-template", asked)["prompt"])))

    def close(self) -> None:
        """Give back memory and threads; the engine cannot be used afterwards."""
        for _ in range(self._n_slots):  # those under way finish
            self._busy.acquire()
        del self._server

    def _chunks(self, generate: "Callable[[_Heard], None]", stopped: Stopped) -> Iterator[dict[str, Any]]:
        """Yield what the server says while `generate` runs; when nobody listens any more, it is stopped."""
        chunks: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        left = threading.Event()  # nobody listens any more

        def heard(chunk: dict[str, Any]) -> bool:
            chunks.put(chunk)
            return left.is_set()

        def work() -> None:
            try:
                with self._busy:
                    if not left.is_set():
                        generate(heard)
            finally:
                chunks.put(None)

        worker = threading.Thread(target=work, name="llama.cpp", daemon=True)
        worker.start()
        try:
            while not stopped():
                try:
                    chunk = chunks.get(timeout=_POLL_SECONDS)
                except queue.Empty:
                    continue
                if chunk is None:
                    return
                if "error" in chunk:
                    raise self._failed(chunk["error"])
                yield chunk
        finally:
            left.set()
            worker.join()

    def _generate(self, messages: Sequence[Message], sampling: Sampling, heard: "_Heard") -> None:
        if self._n_slots == 1:
            self._compute_beginning(messages)
        self._server.handle_chat_completions(
            {
                "messages": [message.to_json() for message in messages],
                "max_tokens": sampling.max_tokens,
                "temperature": sampling.temperature,
                "seed": sampling.seed,
                "stop": list(sampling.stop),
                "stream": True,
                "stream_options": {"include_usage": True},
                "return_progress": True,  # a chance to stop while a long prompt is read
                "cache_prompt": self._n_slots == 1,
            },
            heard,
        )

    def _compute_beginning(self, messages: Sequence[Message]) -> None:
        """Leave the server's cache holding the prompt up to the last message, and nothing else.

        The second request takes back what an earlier prompt added: it computes the last token
        again and forgets what followed it.
        """
        beginning = self._shared_beginning(messages)
        if not beginning:
            return
        request = {"prompt": beginning, "max_tokens": 0, "temperature": 0.0}
        if beginning != self._beginning:
            self._beginning = ""
            if "error" in self._server.handle_completions({**request, "cache_prompt": False}):
                return  # too long: the whole prompt will say so
            self._beginning = beginning
        self._server.handle_completions({**request, "cache_prompt": True})

    def _shared_beginning(self, messages: Sequence[Message]) -> str:
        """Return what the prompt has in common with one that differs in its last message only."""
        *before, last = messages
        other = Message(last.role, "\x1f" + last.content)
        prompts = zip(self._prompt(messages), self._prompt([*before, other]), strict=False)
        return "".join(left for left, _ in takewhile(lambda pair: pair[0] == pair[1], prompts))

    def _prompt(self, messages: Sequence[Message]) -> str:
        said = self._ask("/apply-template", {"messages": [message.to_json() for message in messages]})
        return str(said["prompt"])

    def _tokens(self, text: str) -> list[int]:
        said = self._ask("/tokenize", {"content": text, "add_special": True, "parse_special": True})
        tokens: list[int] = said["tokens"]
        return tokens

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return what the server says at `path`; template and tokens are to be had over HTTP only."""
        connection = HTTPConnection(self._address, timeout=_HTTP_SECONDS)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            said: dict[str, Any] = json.load(connection.getresponse())
        finally:
            connection.close()
        if "error" in said:
            raise self._failed(said["error"])
        return said

    def _start(self, path: Path, adapter: Path | None, n_threads: int, n_prompt_threads: int) -> Server:
        params = CommonParams()
        params.model.path = str(path)
        params.n_ctx = self.context_tokens * self._n_slots
        params.n_parallel = self._n_slots
        params.n_batch = params.n_ubatch = _BATCH_TOKENS
        params.cpuparams.n_threads = n_threads
        params.cpuparams_batch.n_threads = n_prompt_threads
        params.verbosity = -1  # llama.cpp writes to the terminal otherwise
        params.warmup = False
        params.fit_params = False
        params.cache_ram_mib = 0  # or prompts of the past come back into the cache
        params.cors_origins = "http://127.0.0.1"
        params.api_keys = [self._key]  # the server also listens on a port of this machine
        params.ui = False
        params.endpoint_slots = False
        if adapter is not None:
            params.lora_adapters = [CommonAdapterLoraInfo(str(adapter), 1.0)]
        try:
            server = Server(params)
        except RuntimeError as error:
            raise Permanent(
                f"llama.cpp cannot load {path}" + (f" with the adapter {adapter}." if adapter else "."),
                hint="The file may be half downloaded or its architecture too new, the adapter may belong "
                "to another model, or there may be too little memory.",
            ) from error
        self._address = urlsplit(server.listening_address).netloc
        return server

    def _failed(self, error: dict[str, Any]) -> Permanent:
        if error.get("type") == "exceed_context_size_error":
            return PromptTooLong(
                f"The prompt has {error['n_prompt_tokens']} tokens; the context of {self.name} holds "
                f"{self.context_tokens}.",
                hint="Raise models.context_tokens, or lower retrieval.n_kept or prompt.n_few_shot.",
            )
        return Permanent(f"llama.cpp refused the prompt: {error.get('message', error)}.")


def _read_facts(path: Path, kind: str) -> GgufFacts:
    """Return a file's facts; raise `UnknownModel` unless it is of this kind."""
    facts = read_gguf_facts(path)
    if facts.kind != kind:
        raise UnknownModel(
            f"{path} is no {kind}: it says it is a GGUF {facts.kind}.", hint=f"Name the {kind}."
        )
    return facts


def _usage(counted: dict[str, Any]) -> Usage:
    details = counted.get("prompt_tokens_details") or {}
    return Usage(
        prompt_tokens=counted["prompt_tokens"],
        completion_tokens=counted["completion_tokens"],
        cached_tokens=details.get("cached_tokens", 0),
    )
