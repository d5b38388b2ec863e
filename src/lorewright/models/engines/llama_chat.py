"""Chat completions of llama.cpp in OpenAI's words: tools and forms of the text that hold with any model."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from lorewright.errors import Permanent
from lorewright.models.call_reader import CallReader
from lorewright.models.chat_request import Turn, check_chat, text_turns
from lorewright.models.engine import OWN_TEMPERATURE, OWN_TOP_P, Stopped
from lorewright.models.engines.llama_server import Chunk, Listener, LlamaServer
from lorewright.models.joined_calls import calls_in
from lorewright.models.json_grammar import HEADER, misfit, rule_of
from lorewright.models.tool_calling import (
    NO_TOOLS,
    ToolChoice,
    answered_calls,
    choice_of,
    identity_of,
    tool_grammar,
    with_tools,
    without_calls,
)
from lorewright.models.tool_relevance import ToolRelevance

# OpenAI's names, and those of the servers that speak like it, for how the next token is drawn.
SAMPLING: Mapping[str, str] = {
    "temperature": "temperature", "top_p": "top_p", "top_k": "top_k", "min_p": "min_p", "seed": "seed",
    "stop": "stop", "presence_penalty": "presence_penalty", "frequency_penalty": "frequency_penalty",
    "repetition_penalty": "repeat_penalty", "logit_bias": "logit_bias", "ignore_eos": "ignore_eos",
    "max_tokens": "max_tokens", "max_completion_tokens": "max_tokens",
}  # fmt: skip
STREAMED: Mapping[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
Ask = Callable[[Mapping[str, Any], Listener], None]
_PROBE = {"type": "function", "function": {"name": "probe_of_tools", "parameters": {"type": "object"}}}


def sampling_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return how llama.cpp is to draw, of a request in OpenAI's words."""
    return {ours: request[name] for name, ours in SAMPLING.items() if request.get(name) is not None}


def _drawn(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a chat is drawn, also where it does not say."""
    return {"temperature": OWN_TEMPERATURE, "top_p": OWN_TOP_P, **sampling_of(request)}


class LlamaChat:
    """Answers chat completions.

    Where something must hold, the prompt is made first, and a grammar keeps what follows to it: a
    form of the text, a call that is asked for, or, where the model's template shows no tools, a text
    or a call. Tools that a model's own template shows and may call or not are left to llama.cpp; a
    model whose template shows none must call the one that the user's turn is plainly after.
    """

    def __init__(
        self,
        server: LlamaServer,
        *,
        name: str,
        forget: Callable[[], None],
        keeps_prompts: bool = False,
        relevance: ToolRelevance | None = None,
    ) -> None:
        """Take the server; `forget` is called, in its turn, before the cache holds another prompt.

        Unless it `keeps_prompts` from one to the next, the same request answers the same. Without
        `relevance` a model that may call or not decides that itself.
        """
        self._server = server
        self._forget = forget
        self._name = name
        self._relevance = relevance
        self._streamed = {**STREAMED, "cache_prompt": keeps_prompts}
        # Half of the context, at about two characters a token: room for more texts than one.
        self._max_characters = server.context_tokens // 2

    def chunks(self, request: Mapping[str, Any], stopped: Stopped) -> Iterator[Chunk]:
        """Yield the chunks of a chat completion."""
        check_chat(request)
        turns, choice = self._turns(request), choice_of(request)
        schema = _schema_of(request)
        if choice.mode == "none" and schema is None:
            return self._unheld(request, turns, stopped)
        if choice.mode == "auto" and schema is None and self._shows_tools:
            return self._unheld({**request, "tools": choice.tools, "tool_choice": "auto"}, turns, stopped)
        if choice.mode == "auto" and schema is None:
            choice = self._decided(request, turns, choice)
        chunks = self._held(request, turns, choice, schema, stopped)
        before = answered_calls(request["messages"]) if choice.mode == "auto" else frozenset()
        if not before:
            return chunks
        return self._not_again(chunks, before, lambda: self._held(request, turns, NO_TOOLS, schema, stopped))

    def _decided(self, request: Mapping[str, Any], turns: list[Turn], choice: ToolChoice) -> ToolChoice:
        """Return the choice that is left: a call must be made where a function does what is asked for."""
        if self._relevance is None or request["messages"][-1]["role"] != "user":
            return choice
        wanted = self._relevance.wanted(turns[-1]["content"], choice.tools)
        return replace(choice, tools=wanted, mode="required") if wanted else choice

    def prompt(self, request: Mapping[str, Any]) -> str:
        """Return the prompt of a chat completion."""
        check_chat(request)
        return self._prompt(self._turns(request), choice_of(request))

    @cached_property
    def _shows_tools(self) -> bool:
        """Whether the model's template shows the tools that it is given."""
        prompt = self._server.prompt({"messages": [{"role": "user", "content": "?"}], "tools": [_PROBE]})
        return "probe_of_tools" in prompt

    def _turns(self, request: Mapping[str, Any]) -> list[Turn]:
        turns = text_turns(request["messages"])
        has_calls = any(turn.get("tool_calls") or turn["role"] == "tool" for turn in turns)
        return without_calls(turns) if has_calls and not self._shows_tools else turns

    def _prompt(self, turns: list[Turn], choice: ToolChoice) -> str:
        if not choice.tools or choice.mode == "none":
            return self._server.prompt({"messages": turns})
        if self._shows_tools:
            return self._server.prompt({"messages": turns, "tools": choice.tools})
        return self._server.prompt({"messages": with_tools(turns, choice)})

    def _unheld(self, request: Mapping[str, Any], turns: list[Turn], stopped: Stopped) -> Iterator[Chunk]:
        """Yield what llama.cpp makes of a chat itself."""
        body = {
            **_drawn(request),
            **{
                name: request[name]
                for name in ("logprobs", "top_logprobs", "parallel_tool_calls")
                if name in request
            },
            **self._streamed,
            "messages": turns,
        }
        if request.get("tool_choice") == "auto":
            body |= {"tools": list(request["tools"]), "tool_choice": "auto"}
        return self._server.chunks(partial(self._begin, self._server.chat, body), stopped)

    def _held(
        self,
        request: Mapping[str, Any],
        turns: list[Turn],
        choice: ToolChoice,
        schema: Mapping[str, Any] | None,
        stopped: Stopped,
    ) -> Iterator[Chunk]:
        """Yield what follows the prompt under a grammar."""
        answer = ""
        if schema is not None:
            param = "response_format.json_schema.schema"
            answer = rule_of(schema, param=param, max_characters=self._max_characters)
        if choice.mode == "none":
            grammar = f"{HEADER}start: {answer}" if answer else ""
        else:
            grammar = tool_grammar(
                choice,
                max_characters=self._max_characters,
                answer=answer,
                question="" if self._shows_tools else _question_of(request),
            )
        body = {
            **_drawn(request),
            **self._streamed,
            "grammar": grammar,
            "prompt": self._prompt(turns, choice),
        }
        if request.get("logprobs"):
            body["logprobs"] = request.get("top_logprobs") or 1
        chunks = self._server.chunks(partial(self._begin, self._server.complete, body), stopped)
        n_top = int(request.get("top_logprobs") or 0)
        return self._read(chunks, choice, schema, n_top=n_top)

    def _begin(self, ask: Ask, body: Mapping[str, Any], listener: Listener) -> None:
        self._forget()
        ask(body, listener)

    def _read(
        self,
        chunks: Iterator[Chunk],
        choice: ToolChoice,
        schema: Mapping[str, Any] | None,
        *,
        n_top: int,
    ) -> Iterator[Chunk]:
        """Yield a text that was held, as the chunks of a chat; raise `Permanent` where it misses its form."""
        reader, text, begun = CallReader(choice.names), "", {"role": "assistant"}
        for chunk in chunks:
            for part in chunk.get("choices", ()):
                text += part.get("text") or ""
                reason = part.get("finish_reason")
                deltas = [*reader.hear(part.get("text") or ""), *(reader.rest() if reason else ())]
                for delta in deltas:
                    logprobs = _logprobs(part.get("logprobs"), n_top) if "content" in delta else None
                    yield _chunk({**begun, **delta}, logprobs=logprobs)
                    begun = {}
                if reason == "stop" and not reader.n_calls:
                    self._need_fit(choice, schema, text)
                if reason:
                    called = reason == "stop" and reader.n_calls
                    yield _chunk(begun, reason="tool_calls" if called else reason)
            if chunk.get("usage"):
                yield {"choices": [], "usage": chunk["usage"]}

    def _not_again(
        self, chunks: Iterator[Chunk], before: frozenset[str], otherwise: Callable[[], Iterator[Chunk]]
    ) -> Iterator[Chunk]:
        """Yield the chunks, or those of an answer in words where they call what was answered already.

        A small model that has seen one call in a conversation makes it again and again.
        """
        heard = list(chunks)
        calls = calls_in(heard)
        if calls and all(identity_of(*call) in before for call in calls):
            yield from otherwise()
        else:
            yield from heard

    def _need_fit(self, choice: ToolChoice, schema: Mapping[str, Any] | None, text: str) -> None:
        """Raise `Permanent` for a text that is no call though one was asked for, or misses its form.

        llama.cpp writes anything where a grammar is too large for it, and says nothing.
        """
        if choice.mode == "required":
            raise Permanent(f"{self._name} did not call a function.", hint="Simplify the functions' schemas.")
        wrong = misfit(schema, text) if schema is not None else ""
        if wrong:
            raise Permanent(f"{self._name} did not follow the schema: {wrong}.", hint="Simplify the schema.")


def _question_of(request: Mapping[str, Any]) -> str:
    """Return the user's turn where it is the last one, '' where a function has answered already."""
    last = text_turns(request["messages"][-1:])[0]
    return str(last["content"] or "") if last["role"] == "user" else ""


def _schema_of(request: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema that a text must keep to, `None` for any text."""
    form = request.get("response_format") or {"type": "text"}
    if form["type"] == "text":
        return None
    schema: Mapping[str, Any]
    schema = {"type": "object"} if form["type"] == "json_object" else form["json_schema"]["schema"]
    return schema


def _chunk(delta: Mapping[str, Any], *, reason: str | None = None, logprobs: Any = None) -> Chunk:
    choice: dict[str, Any] = {"index": 0, "delta": dict(delta), "finish_reason": reason}
    return {"choices": [choice | ({"logprobs": logprobs} if logprobs else {})]}


def _logprobs(given: Mapping[str, Any] | None, n_top: int) -> dict[str, Any] | None:
    """Return the log-probabilities of a piece with as many others as were asked for."""
    if not given:
        return None
    tokens = [{**token, "top_logprobs": token.get("top_logprobs", [])[:n_top]} for token in given["content"]]
    return {"content": tokens}
