"""Calls of functions, for models whose template knows none and for choices that must hold."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from lorewright.errors import BadParameter
from lorewright.models.json_grammar import HEADER, rule_of

Turn = dict[str, Any]
Tool = Mapping[str, Any]

MOST_CALLS = 8
_ASK = 'Call a function with a line of JSON and nothing else: {"name": "…", "arguments": {…}}'
_QUESTIONS = frozenset({"query", "question", "q", "search_query", "user_query", "search_term"})
"""Names of arguments that stand for what the user asked."""
_BOUNDS = frozenset({"enum", "const", "pattern", "format", "maxLength"})
_IDENTIFIER = re.compile(r"\d{5,}|[A-Za-z]-?\d|\S@\S")
"""The number of an order, say: to be looked up alone."""
_MOST_QUESTION = 400
_ELSE = "Answer in words where no function helps."


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """The functions that may be called, whether one must be, and how many at once."""

    tools: tuple[Tool, ...]
    mode: Literal["none", "auto", "required"]
    most_calls: int

    @property
    def names(self) -> tuple[str, ...]:
        """The functions' names."""
        return tuple(str(tool["function"]["name"]) for tool in self.tools)


NO_TOOLS = ToolChoice((), "none", 0)


def choice_of(request: Mapping[str, Any]) -> ToolChoice:
    """Return what a chat's `tools`, `tool_choice` and `parallel_tool_calls` come to.

    Several calls at once are made only where `parallel_tool_calls` says so: a small model that may
    go on does. Raises `BadParameter` for a choice that is none, or of a function that is not there.
    """
    tools: tuple[Tool, ...] = tuple(request.get("tools") or ())
    choice: Any = request.get("tool_choice") or "auto"
    most = MOST_CALLS if request.get("parallel_tool_calls") else 1
    if choice == "required" and not tools:
        raise BadParameter("tool_choice", "tool_choice is required, but there are no tools.")
    if choice in ("none", "auto", "required"):
        return ToolChoice(tools, choice if tools else "none", most)
    kind = choice.get("type") if isinstance(choice, Mapping) else None
    if kind == "function":
        name = (choice.get("function") or {}).get("name", choice.get("name"))
        return ToolChoice(_named(tools, [name], "tool_choice.function.name"), "required", 1)
    if kind == "allowed_tools":
        return _allowed(tools, choice, most)
    raise BadParameter(
        "tool_choice", "tool_choice must be none, auto, required, a named function or allowed_tools."
    )


def tool_grammar(choice: ToolChoice, *, max_characters: int, answer: str = "", question: str = "") -> str:
    """Return the grammar of calls, or where none must be made also of a text, or of `answer`'s rule.

    A function that takes nothing but a question is called with `question` as it was asked, if there is one.
    """
    more = f' ("\\n" call){{0,{choice.most_calls - 1}}}' if choice.most_calls > 1 else ""
    calls = f"calls: call{more}"
    rules = [calls, "call: " + " | ".join(f"call_{place}" for place in range(len(choice.tools)))]
    for place, tool in enumerate(choice.tools):
        function, param = tool["function"], f"tools[{place}].function.parameters"
        schema = {"type": "object", "properties": {}, **(function.get("parameters") or {})}
        if schema["type"] != "object":
            raise BadParameter(f"{param}.type", f"{param}.type is {schema['type']!r}; it must be 'object'.")
        arguments = rule_of(
            schema,
            param=param,
            max_characters=max_characters,
            is_strict=bool(function.get("strict")),
        )
        if (argument := _question_argument(schema)) and _is_plain_question(question):
            asked = json.dumps({argument: question.strip()}, ensure_ascii=False)
            arguments = json.dumps(asked, ensure_ascii=False)
        begun = json.dumps(head_of(function["name"]))
        rules += [f'call_{place}: {begun} arguments_{place} "}}"', f"arguments_{place}: {arguments}"]
    start = "start: calls"
    if choice.mode == "auto":
        start += " | answer"
        rules.append(f"answer: {answer}" if answer else r"answer: /[^{\s](.|\n)*/")
    return "\n".join([HEADER + start, *rules])


def _question_argument(schema: Mapping[str, Any]) -> str:
    """Return the argument that stands for the question itself where a function needs no other, or ''."""
    properties = schema["properties"]
    needed = schema.get("required") or (list(properties) if len(properties) == 1 else [])
    if len(needed) != 1 or needed[0] not in _QUESTIONS:
        return ""
    held: Any = properties.get(needed[0])
    is_free = isinstance(held, Mapping) and held.get("type") == "string" and not _BOUNDS & held.keys()
    return str(needed[0]) if is_free else ""


def _is_plain_question(text: str) -> bool:
    """Return whether a turn can be searched for as it stands: short, and not about a number of something."""
    return bool(text.strip()) and len(text) <= _MOST_QUESTION and not _IDENTIFIER.search(text)


def head_of(name: str) -> str:
    """Return what a call of a function begins with, up to its arguments."""
    return f'{{"name": {json.dumps(name)}, "arguments": '


def with_tools(turns: Sequence[Turn], choice: ToolChoice) -> list[Turn]:
    """Return the turns for a template that shows no tools: the functions stand in the system's turn."""
    if choice.mode == "none":
        return list(turns)
    functions = "\n".join(
        json.dumps(_described(tool["function"]), ensure_ascii=False) for tool in choice.tools
    )
    rule = _ASK + (f"\n{_ELSE}" if choice.mode == "auto" else "")
    instruction = f"{rule}\nFunctions:\n{functions}"
    first, *rest = turns
    if first["role"] == "system":
        return [{**first, "content": f"{first['content']}\n\n{instruction}"}, *rest]
    return [{"role": "system", "content": instruction}, *turns]


def without_calls(turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns for a template that shows no calls: what functions returned stands as a text.

    It stands in the user's turn, below the question, and the call itself is left out: a small model
    that sees a call writes it again. A call that nothing answered, or that came with words, is kept.
    """
    plain: list[Turn] = []
    names: dict[str, str] = {}
    for place, turn in enumerate(turns):
        calls = turn.get("tool_calls") or ()
        if calls:
            names |= {str(call.get("id")): str(call["function"]["name"]) for call in calls}
            is_answered = place + 1 < len(turns) and turns[place + 1]["role"] == "tool"
            written = [] if is_answered else [_written(call["function"]) for call in calls]
            if content := "\n".join(text for text in (turn["content"], *written) if text):
                plain.append({"role": "assistant", "content": content})
        elif turn["role"] == "tool":
            name = turn.get("name") or names.get(str(turn.get("tool_call_id")), "The function")
            result = f"{name} returned: {turn['content']}"
            if plain and plain[-1]["role"] == "user":
                asked = plain.pop()["content"]
                result = f"{asked}\n\n{result}"
            plain.append({"role": "user", "content": result})
        else:
            plain.append({name: turn[name] for name in ("role", "content")})
    return plain


def _written(function: Mapping[str, Any]) -> str:
    return f"{head_of(function['name'])}{function['arguments']}}}"


def answered_calls(turns: Sequence[Turn]) -> frozenset[str]:
    """Return the calls since the user's last turn, each by its name and arguments."""
    last = max((place for place, turn in enumerate(turns) if turn["role"] == "user"), default=-1)
    calls = (call["function"] for turn in turns[last + 1 :] for call in turn.get("tool_calls") or ())
    return frozenset(identity_of(call["name"], call["arguments"]) for call in calls)


def identity_of(name: str, arguments: str) -> str:
    """Return the same for two calls that ask the same."""
    with suppress(ValueError):  # cut off, or written by nobody's grammar: as it is
        arguments = json.dumps(json.loads(arguments), sort_keys=True)
    return f"{name} {arguments}"


def _described(function: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a model is shown of a function."""
    return {name: function[name] for name in ("name", "description", "parameters") if function.get(name)}


def _allowed(tools: tuple[Tool, ...], choice: Mapping[str, Any], most: int) -> ToolChoice:
    about = choice.get("allowed_tools") or choice
    mode, listed = about.get("mode", "auto"), about.get("tools")
    if mode not in ("auto", "required") or not isinstance(listed, list):
        raise BadParameter(
            "tool_choice.allowed_tools",
            "allowed_tools must have a mode, auto or required, and a list of tools.",
        )
    names = [
        (tool.get("function") or tool).get("name") if isinstance(tool, Mapping) else tool for tool in listed
    ]
    return ToolChoice(_named(tools, names, "tool_choice.allowed_tools.tools"), mode, most)


def _named(tools: tuple[Tool, ...], names: Sequence[Any], param: str) -> tuple[Tool, ...]:
    known = {tool["function"]["name"]: tool for tool in tools}
    for name in names:
        if name not in known:
            raise BadParameter(param, f"{name!r} is not one of the tools.")
    return tuple(known[name] for name in names)
