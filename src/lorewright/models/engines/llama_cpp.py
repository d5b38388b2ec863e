"""GGUF models in this process, through llama.cpp."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from lorewright.errors import UnknownModel
from lorewright.messages import Message
from lorewright.models.engine import Piece, Sampling, Stopped, Usage, never
from lorewright.models.engines.llama_chat import LlamaChat, sampling_of
from lorewright.models.engines.llama_server import Chunk, Listener, LlamaServer
from lorewright.models.engines.llama_text import LlamaText
from lorewright.models.gguf_file import GgufFacts, read_gguf_facts
from lorewright.models.tool_relevance import ToolRelevance
from lorewright.whole_files import sha256_of


class LlamaCpp:
    """A GGUF model, with an adapter or without, on the processor of this machine.

    The same prompt gives the same text, whatever was asked before, as measuring needs it: everything
    up to the last message is computed on its own and kept, then the rest; so examples and
    instructions that many prompts share are computed once, and a kept beginning holds the very
    numbers that a fresh one would.

    With a `prompt_cache_mb` conversations are kept, in their slots and in so much memory beyond
    them, and only what a turn adds is computed; the rounding of what is kept changed 2 of 12 greedy
    outputs.

    One server per adapter: switching adapters per request reuses another adapter's cache.

    With `n_slots` above 1 so many prompts are answered at once, each with the whole context for
    itself: more text a second, but what else is in a batch may change a greedy text in places, and
    without a `prompt_cache_mb` nothing is kept from one prompt to the next.
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
        prompt_cache_mb: int = 0,
        gpu_layers: int = -1,
        relevance: ToolRelevance | None = None,
    ) -> None:
        """Load the model; raise `UnknownModel` when a file is not one, `Permanent` when it cannot run."""
        facts = _read_facts(path, "model")
        self.name = name or path.stem
        if adapter is not None and (adapter_name := _read_facts(adapter, "adapter").name):
            self.name += f" with {adapter_name}"
        self.fingerprint = f"sha256:{sha256 or sha256_of(path)}"
        if adapter is not None:
            self.fingerprint += f"+sha256:{sha256_of(adapter)}"
        self.context_tokens = min(context_tokens, facts.context_tokens or context_tokens)
        self._keeps_prompts = prompt_cache_mb > 0
        self._is_one_by_one = not self._keeps_prompts and n_slots == 1
        self._beginning = ""
        self._server = LlamaServer(
            path,
            name=self.name,
            adapter=adapter,
            context_tokens=self.context_tokens,
            n_threads=n_threads,
            n_prompt_threads=n_prompt_threads,
            n_slots=n_slots,
            prompt_cache_mb=prompt_cache_mb,
            gpu_layers=gpu_layers,
        )
        self._chat = LlamaChat(
            self._server,
            name=self.name,
            forget=self._forget,
            keeps_prompts=self._keeps_prompts,
            relevance=relevance,
        )
        self._text = LlamaText(self._server, forget=self._forget, keeps_prompts=self._keeps_prompts)

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the completion piece by piece until it ends or `stopped()` is true.

        Raises `PromptTooLong` when the prompt is longer than the context.
        """
        finish_reason = "stop"
        chunks = self._server.chunks(lambda listener: self._generate(messages, sampling, listener), stopped)
        for chunk in chunks:
            for choice in chunk.get("choices", ()):
                finish_reason = choice.get("finish_reason") or finish_reason
                if text := choice["delta"].get("content"):
                    yield Piece(text)
            if "usage" in chunk:
                yield Piece("", _usage(chunk["usage"]), finish_reason)

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[Chunk]:
        """Yield the chunks of a chat completion, both in OpenAI's words.

        A form of the text and a call that is asked for are held by a grammar. Raises `BadParameter`
        for what cannot be held or is wrong, `RequestRefused` for what llama.cpp does not take, and
        `PromptTooLong` for a prompt longer than the context.
        """
        return self._chat.chunks(request, stopped)

    def complete(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[Chunk]:
        """Yield the chunks of a completion of a prompt, a text or tokens, as it is."""
        return self._text.chunks(request, stopped)

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text, without marks at its ends."""
        return self._server.tokens(text, add_special=False)

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; raise `ValueError` for an id that is none of the model's."""
        self._server.need_known(tokens)
        return self._server.text(list(tokens))

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt made of `messages` takes, the chat template included."""
        return len(self._server.tokens(self._prompt(messages)))

    def count_chat(self, request: Mapping[str, Any]) -> int:
        """Return how many tokens the prompt of a chat completion takes, with the tools it shows."""
        return len(self._server.tokens(self._chat.prompt(request)))

    def close(self) -> None:
        """Give back memory and threads; the engine cannot be used afterwards."""
        self._server.close()

    def _forget(self) -> None:
        """Keep in mind that the cache will hold another prompt."""
        self._beginning = ""

    def _generate(self, messages: Sequence[Message], sampling: Sampling, listener: Listener) -> None:
        if self._is_one_by_one:
            self._compute_beginning(messages)
        self._server.chat(
            {
                **sampling_of(sampling.more),
                "messages": [message.to_json() for message in messages],
                "max_tokens": sampling.max_tokens,
                "temperature": sampling.temperature,
                "seed": sampling.seed,
                "stop": list(sampling.stop),
                "stream": True,
                "stream_options": {"include_usage": True},
                "return_progress": True,  # a chance to stop while a long prompt is read
                "cache_prompt": self._is_one_by_one or self._keeps_prompts,
            },
            listener,
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
            if "error" in self._server.completed({**request, "cache_prompt": False}):
                return  # too long: the whole prompt will say so
            self._beginning = beginning
        self._server.completed({**request, "cache_prompt": True})

    def _shared_beginning(self, messages: Sequence[Message]) -> str:
        """Return what the prompt has in common with one that differs in its last message only."""
        *before, last = messages
        other = Message(last.role, "\x1f" + last.content)
        prompts = zip(self._prompt(messages), self._prompt([*before, other]), strict=False)
        return "".join(left for left, _ in takewhile(lambda pair: pair[0] == pair[1], prompts))

    def _prompt(self, messages: Sequence[Message]) -> str:
        return self._server.prompt({"messages": [message.to_json() for message in messages]})


def _read_facts(path: Path, kind: str) -> GgufFacts:
    """Return a file's facts; raise `UnknownModel` unless it is of this kind."""
    facts = read_gguf_facts(path)
    if facts.kind != kind:
        raise UnknownModel(
            f"{path} is a GGUF {facts.kind}, not a GGUF {kind}.", hint=f"Name the file of the {kind}."
        )
    return facts


def _usage(counted: dict[str, Any]) -> Usage:
    details = counted.get("prompt_tokens_details") or {}
    return Usage(
        prompt_tokens=counted["prompt_tokens"],
        completion_tokens=counted["completion_tokens"],
        cached_tokens=details.get("cached_tokens", 0),
    )
