"""Texts that llama.cpp goes on with, and how likely each token of a given text is."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lorewright.errors import BadParameter
from lorewright.models.engine import Stopped
from lorewright.models.engines.llama_chat import STREAMED, sampling_of
from lorewright.models.engines.llama_server import Chunk, Listener, LlamaServer

_SURE = 1e9  # added to a token's logit: it is the next one, and its likelihood is told as it was


class LlamaText:
    """Goes on with prompts as they are, without a template."""

    def __init__(
        self, server: LlamaServer, *, forget: Callable[[], None], keeps_prompts: bool = False
    ) -> None:
        """Take the server; `forget` is called, in its turn, before the cache holds another prompt."""
        self._server = server
        self._forget = forget
        self._streamed = {**STREAMED, "cache_prompt": keeps_prompts}

    def chunks(self, request: Mapping[str, Any], stopped: Stopped) -> Iterator[Chunk]:
        """Yield the chunks of a completion: first the prompt, where `echo` asks for it, then what follows."""
        prompt = request["prompt"]
        tokens = self._server.tokens(prompt) if isinstance(prompt, str) else list(prompt)
        try:
            self._server.need_known(tokens)
        except ValueError as error:
            raise BadParameter("prompt", f"{error}.") from error
        if not tokens:
            raise BadParameter("prompt", "prompt is empty.")
        if len(tokens) >= self._server.context_tokens:
            raise BadParameter(
                "prompt",
                f"prompt has {len(tokens)} tokens; the context is limited to {self._server.context_tokens}.",
                code="context_length_exceeded",
            )

        def generate(listener: Listener) -> None:
            self._forget()
            if request.get("echo") and self._echo(request, tokens, listener):
                return
            if request.get("max_tokens") == 0:
                usage = {"prompt_tokens": len(tokens), "completion_tokens": 0, "total_tokens": len(tokens)}
                listener({"choices": [_choice("", reason="length")]})
                listener({"choices": [], "usage": usage})
                return
            body = {**sampling_of(request), **self._streamed, "prompt": tokens}
            if request.get("logprobs") is not None:
                body["logprobs"] = max(1, request["logprobs"])
            self._server.complete(body, listener)

        return self._server.chunks(generate, stopped)

    def _echo(self, request: Mapping[str, Any], tokens: Sequence[int], listener: Listener) -> bool:
        """Tell the prompt, token by token where their likelihood is asked for; return whether to stop."""
        if request.get("logprobs") is None:
            return listener({"choices": [_choice(self._server.text(list(tokens)))]})
        decoder = getincrementaldecoder("utf-8")("replace")  # a letter may take several tokens
        first = self._server.text([tokens[0]])
        logprobs: dict[str, Any] = {"token": first, "logprob": None, "top_logprobs": []}
        if listener({"choices": [_choice(first, [logprobs])]}):
            return True
        for place in range(1, len(tokens)):
            whole = self._server.completed({
                "prompt": list(tokens[:place]), "max_tokens": 1, "temperature": 0.0, "cache_prompt": True,
                "logprobs": max(1, request["logprobs"]), "logit_bias": [[tokens[place], _SURE]],
            })  # fmt: skip
            if "error" in whole:
                return listener(whole)
            content = whole["choices"][0]["logprobs"]["content"]
            if listener({"choices": [_choice(decoder.decode(bytes(content[0]["bytes"])), content)]}):
                return True
        return False


def _choice(text: str, tokens: Sequence[Mapping[str, Any]] = (), *, reason: str | None = None) -> Chunk:
    logprobs = {"content": list(tokens)} if tokens else None
    return {"index": 0, "text": text, "logprobs": logprobs, "finish_reason": reason}
