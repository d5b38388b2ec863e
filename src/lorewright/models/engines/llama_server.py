"""llama.cpp's server in this process: what it is asked, and what comes out of it or goes wrong in it."""

import json
import os
import queue
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lorewright.errors import LorewrightError, Permanent, PromptTooLong, RequestRefused
from lorewright.models.engine import Stopped, never

# Threads that wait by spinning steal the core from whatever else runs (benchmarks/generation.py:
# twice the CPU, half the speed on a busy machine). OpenMP reads this once, when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from xllamacpp import CommonAdapterLoraInfo, CommonParams, Server

Chunk = dict[str, Any]
Listener = Callable[[Chunk], bool]
"""Called with every chunk; returns whether to stop."""

_POLL_SECONDS = 0.1
_HTTP_SECONDS = 60.0
_BATCH_TOKENS = 512  # a prompt is read in steps of this many; between two of them it can be stopped
_CLIENTS_MISTAKES = range(400, 500)


class LlamaServer:
    """One model of llama.cpp, with an adapter or without; `n_slots` prompts at once.

    What was computed for a prompt stays in its slot, and up to `prompt_cache_mb` of what left its
    slot in memory: a request that says `cache_prompt` goes on from where its beginning is known.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        adapter: Path | None,
        context_tokens: int,
        n_threads: int,
        n_prompt_threads: int,
        n_slots: int,
        prompt_cache_mb: int = 0,
        gpu_layers: int = -1,
    ) -> None:
        self.context_tokens = context_tokens
        self._name = name
        self._key = secrets.token_hex(16)
        self._n_slots = n_slots
        # With one slot, one prompt at a time: two would share the kept beginning.
        self._busy = threading.Semaphore(n_slots)
        self._prompt_cache_mb = prompt_cache_mb
        self._gpu_layers = gpu_layers
        self._server = self._start(path, adapter, n_threads, n_prompt_threads)
        self._address = urlsplit(self._server.listening_address).netloc

    def chat(self, request: Mapping[str, Any], listener: Listener) -> None:
        """Tell the listener every chunk of a chat completion."""
        self._server.handle_chat_completions(dict(request), listener)

    def complete(self, request: Mapping[str, Any], listener: Listener) -> None:
        """Tell the listener every chunk of a completion."""
        self._server.handle_completions(dict(request), listener)

    def completed(self, request: Mapping[str, Any]) -> Chunk:
        """Return a whole completion, or the error that kept it from being made."""
        whole: Chunk = self._server.handle_completions(dict(request))
        return whole

    def prompt(self, request: Mapping[str, Any]) -> str:
        """Return the text that the model's template makes of a chat."""
        return str(self._ask("/apply-template", request)["prompt"])

    def tokens(self, text: str, *, add_special: bool = True) -> list[int]:
        """Return the tokens of a text."""
        body = {"content": text, "add_special": add_special, "parse_special": True}
        tokens: list[int] = self._ask("/tokenize", body)["tokens"]
        return tokens

    def text(self, tokens: list[int]) -> str:
        """Return the text of tokens."""
        return str(self._ask("/detokenize", {"tokens": tokens})["content"])

    def need_known(self, tokens: Sequence[int]) -> None:
        """Raise `ValueError` for an id that is none of the model's: llama.cpp would read past its table."""
        unknown = next((token for token in tokens if not 0 <= token < self._n_tokens), None)
        if unknown is not None:
            raise ValueError(
                f"{unknown} is not a token ID of {self._name}, which has {self._n_tokens} tokens"
            )

    @cached_property
    def _n_tokens(self) -> int:
        listed = self._ask("/v1/models", None)
        return int(listed["data"][0]["meta"]["n_vocab"])

    def chunks(self, generate: Callable[[Listener], None], stopped: Stopped = never) -> Iterator[Chunk]:
        """Yield what `generate` tells its listener, in a thread; when nobody reads any more, it is stopped.

        Whatever goes wrong in the thread is raised here.
        """
        heard: queue.SimpleQueue[Chunk | BaseException | None] = queue.SimpleQueue()
        is_left = threading.Event()  # nobody reads any more

        def listener(chunk: Chunk) -> bool:
            heard.put(chunk)
            return is_left.is_set()

        def work() -> None:
            try:
                with self._busy:
                    if not is_left.is_set():
                        generate(listener)
                heard.put(None)
            except BaseException as error:  # noqa: BLE001 - raised where the chunks are read
                heard.put(error)

        worker = threading.Thread(target=work, name="llama.cpp", daemon=True)
        worker.start()
        has_begun = False
        try:
            while not stopped():
                try:
                    chunk = heard.get(timeout=_POLL_SECONDS)
                except queue.Empty:
                    continue
                if chunk is None:
                    return
                if isinstance(chunk, BaseException):
                    raise self._broken(chunk, has_begun=has_begun)
                if "error" in chunk:
                    raise self._failed(chunk["error"])
                has_begun = has_begun or bool(chunk.get("choices"))
                yield chunk
        finally:
            is_left.set()
            worker.join()

    def close(self) -> None:
        """Give back memory and threads; those under way finish."""
        for _ in range(self._n_slots):
            self._busy.acquire()
        del self._server

    def _ask(self, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what the server says at `path`; template and tokens are to be had over HTTP only."""
        connection = HTTPConnection(self._address, timeout=_HTTP_SECONDS)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            if body is None:
                connection.request("GET", path, headers=headers)
            else:
                connection.request("POST", path, json.dumps(body), headers)
            reply: dict[str, Any] = json.load(connection.getresponse())
        finally:
            connection.close()
        if "error" in reply:
            raise self._failed(reply["error"])
        return reply

    def _start(self, path: Path, adapter: Path | None, n_threads: int, n_prompt_threads: int) -> Server:
        params = CommonParams()
        params.model.path = str(path)
        params.n_ctx = self.context_tokens * self._n_slots
        params.n_parallel = self._n_slots
        params.n_batch = params.n_ubatch = _BATCH_TOKENS
        params.cpuparams.n_threads = n_threads
        params.cpuparams_batch.n_threads = n_prompt_threads
        params.n_gpu_layers = self._gpu_layers
        params.verbosity = -1  # llama.cpp writes to the terminal otherwise
        params.warmup = False
        params.fit_params = False
        params.cache_ram_mib = self._prompt_cache_mb  # above 0, prompts of the past come back into the cache
        params.cors_origins = "http://127.0.0.1"
        params.api_keys = [self._key]  # the server also listens on a port of this machine
        params.ui = False
        params.endpoint_slots = False
        if adapter is not None:
            params.lora_adapters = [CommonAdapterLoraInfo(str(adapter), 1.0)]
        try:
            server = Server(params)
            # Its loop begins in a thread of its own: a server dropped before that never ends, for it
            # waits for a loop that begins after it was told to end. An answer shows that it has begun.
            server.handle_completions({"prompt": [0], "n_predict": 0})
            return server
        except RuntimeError as error:
            raise Permanent(
                f"llama.cpp cannot load {path}" + (f" with the adapter {adapter}." if adapter else "."),
                hint="The download may be incomplete, its architecture too new, the adapter may belong "
                "to another model, or there may be too little memory.",
            ) from error

    def _broken(self, error: BaseException, *, has_begun: bool) -> BaseException:
        """Return an exception of the worker's thread as what it means.

        llama.cpp raises `ValueError` and `RuntimeError` for a request that it cannot read, before it
        says anything.
        """
        if isinstance(error, LorewrightError) or not isinstance(error, ValueError | RuntimeError):
            return error
        if has_begun:
            return Permanent(f"{self._name} failed while answering: {_line(error)}.")
        return RequestRefused(f"{self._name} cannot process this request: {_line(error)}.")

    def _failed(self, error: Mapping[str, Any]) -> Permanent:
        if error.get("type") == "exceed_context_size_error":
            return PromptTooLong(
                f"The prompt has {error['n_prompt_tokens']} tokens; the context of {self._name} is limited "
                f"to {self.context_tokens}.",
                hint="Raise models.context_tokens, or lower retrieval.n_kept or prompt.n_few_shot.",
            )
        message = _line(error.get("message", error))
        if error.get("code") in _CLIENTS_MISTAKES:
            return RequestRefused(f"{self._name} cannot process this request: {message}.")
        return Permanent(f"{self._name} failed: {message}.")


def _line(message: object) -> str:
    """Return the first of what llama.cpp says, in one line."""
    return " ".join(str(message).split())[:400].rstrip(".")
