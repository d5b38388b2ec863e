"""What a caller asks of a flow besides a question: mapped once, for every API."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lorewright.errors import BadParameter
from lorewright.flows import AnswerOptions, Flow
from lorewright.flows.prompts import RULE
from lorewright.messages import Conversation, last_user_turn
from lorewright.models.chat_request import check_chat
from lorewright.workspace.answering.messages import conversation_from

Turns = Sequence[Mapping[str, Any]]

# How the model is asked, in the words of a chat completion; llama.cpp and servers like OpenAI's know these.
PASSED_ON = frozenset({
    "frequency_penalty", "ignore_eos", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens",
    "min_p", "parallel_tool_calls", "presence_penalty", "repetition_penalty", "response_format", "seed",
    "stop", "temperature", "tool_choice", "tools", "top_k", "top_logprobs", "top_p",
})  # fmt: skip
FUNCTIONS_RULE = f"Call a function where one can tell what is asked. Else: {RULE}"


def flow_options(params: Mapping[str, Any], messages: Turns, *, model: str) -> AnswerOptions:
    """Return how a flow's answer is to be written; raise `BadParameter` for what it cannot keep to."""
    wanted = {name: value for name, value in params.items() if name in PASSED_ON and value is not None}
    check_chat({**wanted, "messages": messages})
    for name in ("logprobs", "top_logprobs"):
        if wanted.pop(name, None):
            raise BadParameter(
                name,
                f"{model} is a flow: its answers are checked and cited afterwards, so {name} is not "
                f"supported.",
            )
    if not last_user_turn(spoken(messages)).strip():
        raise BadParameter("messages", "messages must contain a user message with text.")
    return AnswerOptions(wanted, since_question(messages))


def flow_with_functions(flow: Flow, options: AnswerOptions) -> Flow:
    """Return a flow that asks its model whatever was found, where the caller brings functions.

    A text that rests on what functions gave back is cited where it can be, and never refused.
    """
    if not options.params.get("tools") and not options.since:
        return flow
    changes: Mapping[str, Mapping[str, Any]] = {
        "prompt": {"rule": FUNCTIONS_RULE},
        "ground": {"uncovered": "ask"} | ({"policy": "flag"} if options.since else {}),
    }
    nodes = (replace(node, params={**node.params, **changes.get(node.kind, {})}) for node in flow.nodes)
    return replace(flow, nodes=tuple(nodes))


def spoken(messages: Turns) -> Conversation:
    """Return what was said up to the user's last turn, without functions and what they gave back."""
    upto = len(messages) - len(since_question(messages))
    turns = [turn for turn in messages[:upto] if turn.get("role") != "tool" and turn.get("content")]
    return conversation_from(turns)


def since_question(messages: Turns) -> Turns:
    """Return the turns after the user's last one: calls of functions and what they gave back.

    None where nothing was called: what the model said itself is part of the conversation.
    """
    last = max((place for place, turn in enumerate(messages) if turn.get("role") == "user"), default=-1)
    since = messages[last + 1 :]
    has_calls = any(turn.get("tool_calls") or turn.get("role") == "tool" for turn in since)
    return since if has_calls else []
