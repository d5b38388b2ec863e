"""Items of an OpenAI evaluation as held-out questions: which column is what, and the rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.datasets.mapping import COMPLETION, PROMPT
from lorewright.errors import InvalidExamples
from lorewright.evaluation.graders import fill, look_up
from lorewright.evaluation.question_json import TARGET_KEYS, TEXT_KEYS

ANSWERS = (*TARGET_KEYS, *COMPLETION, "correct", "correct_answer", "correct_label", "expected",
           "expected_output", "ground_truth", "ideal", "reference_answer")  # fmt: skip
_COLUMN = re.compile(r"\{\{\s*item\.([\w-]+)\s*\}\}")
_SPEAKERS = {"developer": "system"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemMapping:
    """Which columns of an item mean what.

    The question is a conversation: `turns` of role and template, or the column `conversation`
    that holds one.
    """

    answer: str
    turns: tuple[tuple[str, str], ...] = ()
    conversation: str = ""

    def __str__(self) -> str:
        return f"{' + '.join(dict.fromkeys(self.columns))} -> question, {self.answer} -> answer"

    @property
    def columns(self) -> list[str]:
        """Return the columns that the question is made of."""
        if self.conversation:
            return [self.conversation]
        templates = [template for _, template in self.turns]
        return [column for template in templates for column in _COLUMN.findall(template)]


def map_items(
    columns: Sequence[str],
    *,
    criteria: Sequence[Mapping[str, Any]] = (),
    messages: Sequence[Mapping[str, Any]] = (),
    question: str = "",
    answer: str = "",
) -> ItemMapping:
    """Return what the columns of items mean.

    `question` and `answer` name columns. Without them the answer is what the evaluation's
    `criteria` compare with, the question what a run asked (its `input_messages`) of columns that
    are there; else names such as question and answer decide, or that there is only one other
    column. Raises `InvalidExamples` where nothing does.
    """
    answer_column = answer or next(_references(criteria), "") or _first(ANSWERS, columns)
    if answer_column not in columns:
        raise _unclear("a reference answer", "--answer", columns)
    mappings = (_mapping_of_run(prompt, answer_column) for prompt in messages)
    fitting = next((mapping for mapping in mappings if set(mapping.columns) & set(columns)), None)
    if fitting is not None and not question:
        return fitting
    others = [column for column in columns if column != answer_column]
    column = question or _first((*TEXT_KEYS, *PROMPT), others) or (others[0] if len(others) == 1 else "")
    if column not in columns:
        raise _unclear("the question", "--question", columns)
    return ItemMapping(answer=answer_column, turns=(("user", f"{{{{ item.{column} }}}}"),))


def question_row(item: Mapping[str, Any], mapping: ItemMapping) -> dict[str, Any]:
    """Return an item as a row of a questions file; columns that mean nothing else become its `meta`.

    Raises `UserError` for an item that lacks a column.
    """
    scope = {"item": item, "sample": {}}
    turns = [
        {"role": _SPEAKERS.get(role, role), "content": fill(template, scope)}
        for role, template in mapping.turns
    ]
    answers = look_up(f"item.{mapping.answer}", scope)
    used = {mapping.answer, *mapping.columns}
    return {
        "messages": look_up(f"item.{mapping.conversation}", scope) if mapping.conversation else turns,
        "answers": answers if isinstance(answers, list) else [answers],
        "meta": {name: value for name, value in item.items() if name not in used},
    }


def _references(criteria: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the columns that outputs are compared with; one they must differ from is none of them."""
    for criterion in criteria:
        graders = criterion.get("graders")
        if isinstance(graders, Mapping):
            yield from _references(list(graders.values()))
        if criterion.get("operation") != "ne":
            yield from _COLUMN.findall(str(criterion.get("reference", "")))


def _mapping_of_run(messages: Mapping[str, Any], answer: str) -> ItemMapping:
    """Return what a run asked: a template, or a conversation that the items hold."""
    path = str(messages.get("item_reference") or "").removeprefix("item.")
    turns = messages.get("template") or ()
    prompt = tuple((str(turn.get("role")), _text(turn.get("content"))) for turn in turns)
    return ItemMapping(answer=answer, turns=prompt, conversation=path)


def _text(content: object) -> str:
    """Return a message's content: a text, a part, or parts of text."""
    parts = content if isinstance(content, list) else [content]
    return "".join(str(part.get("text", "")) if isinstance(part, Mapping) else str(part) for part in parts)


def _first(wanted: Sequence[str], columns: Sequence[str]) -> str:
    names = {column.strip().lower(): column for column in columns}
    return next((names[name] for name in wanted if name in names), "")


def _unclear(what: str, option: str, columns: Sequence[str]) -> InvalidExamples:
    return InvalidExamples(
        f"It is unclear which of the columns {', '.join(map(repr, columns))} contains {what}.",
        hint=f"Name the column with: {option} COLUMN",
    )
