"""Examples from files, whatever their columns are called."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from lorewright.datasets.example import Example, example_id
from lorewright.datasets.mapping import ColumnMapping, map_columns
from lorewright.datasets.preferences import as_preferred
from lorewright.datasets.rows import OnBadLine, find_example_files, refuse, rows, short
from lorewright.datasets.tool_turns import as_text, is_call, uses_tools
from lorewright.errors import InvalidExamples
from lorewright.messages import Conversation, Message, conversation_from_json

HISTORY, _PAIR = "history", 2
LABEL = "label"
"""In data for KTO: whether the answer is a good one."""
SPEAKERS = {
    "human": "user",
    "gpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "developer": "system",
}


class NotLearned(InvalidExamples):
    """A row that holds no answer to learn, in a few words: `weight 0`, `the answer is a tool call`."""

    def __init__(self, message: str, *, hint: str = "", reason: str) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How the columns of a file were understood, and for how many examples.

    `left_out` says how many rows were not learned and why, `n_with_tools` how many speak of tools.
    """

    file: str
    columns: ColumnMapping
    n_examples: int
    left_out: tuple[tuple[str, int], ...] = ()
    n_with_tools: int = 0

    @property
    def n_not_learned(self) -> int:
        """How many rows were left out."""
        return sum(n for _, n in self.left_out)

    def __str__(self) -> str:
        parts = [f"{self.n_examples} examples", *(f"{n} left out: {why}" for why, n in self.left_out)]
        if self.n_with_tools:
            parts.append(f"tools of {self.n_with_tools} not offered to the model, their calls read as text")
        if self.columns.rejected:
            parts.append(f"{self.columns.rejected} not learned from")
        return f"{self.file}: {self.columns} ({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples in the order of their files, and how every file was understood."""

    examples: tuple[Example, ...]
    mappings: tuple[FileMapping, ...]


def read_examples(place: Path, *, on_bad_line: OnBadLine = refuse) -> Examples:
    """Return the examples in a file or a folder (.jsonl, .json, .csv, .tsv, .parquet, .xlsx, .xlsm).

    OpenAI chat, prompt and completion, Alpaca (with `history`), ShareGPT, pairs of a preferred and a
    rejected answer, or other columns mapped by their names.
    The last text of the assistant that is to be learned is the completion; rows with weight 0 alone, whose
    answers are all calls of tools, or that are marked as bad answers are left out and counted. `meta` or
    `metadata`, and every column that means nothing else, is kept as metadata. A folder that does not exist
    holds no examples.
    A line that cannot be understood goes to `on_bad_line` as an `InvalidExamples` that names it,
    and is left out if that returns. No two examples share an id.
    """
    examples: dict[str, Example] = {}
    counts: Counter[tuple[str, ColumnMapping]] = Counter()
    left_out: dict[tuple[str, ColumnMapping], Counter[str]] = defaultdict(Counter)
    with_tools: Counter[tuple[str, ColumnMapping]] = Counter()
    for path in find_example_files(place):
        for where, row in rows(path, on_bad_line):
            try:
                row = as_preferred(row)
                columns = map_columns(row)
                counts[path.name, columns] += 0
                example = example_from(row, columns)
                unused = unused_id(example, examples)
                examples[unused] = replace(example, id=unused)
                counts[path.name, columns] += 1
                with_tools[path.name, columns] += _uses_tools(row, columns)
            except NotLearned as error:
                left_out[path.name, columns][error.reason] += 1
            except InvalidExamples as error:
                on_bad_line(InvalidExamples(f"{where}: {error}", hint=error.hint))
    mappings = tuple(
        FileMapping(*understood, n, tuple(left_out[understood].items()), with_tools[understood])
        for understood, n in counts.items()
        if n or left_out[understood]
    )
    return Examples(tuple(examples.values()), mappings)


def unused_id(example: Example, used_ids: Container[str]) -> str:
    """Return the example's id; where another has it, the hash of what it says, numbered if need be."""
    content_id = example_id(example.prompt, example.completion)
    numbered = (f"{content_id}-{n}" for n in count(2))
    return next(name for name in chain((example.id, content_id), numbered) if name not in used_ids)


def example_from(row: Mapping[str, Any], columns: ColumnMapping | None = None) -> Example:
    """Return the example in one row; raise `InvalidExamples` where there is none, `NotLearned` by weight."""
    row = as_preferred(row)
    columns = columns or map_columns(row)
    turns = _turns(row, columns)
    prompt, completion = turns[:-1], turns[-1].content.strip()
    if not completion:
        raise InvalidExamples(
            f"the completion of {short(prompt[-1].content)} is empty.",
            hint="Add the answer, or delete the line.",
        )
    metadata = _metadata(row, columns)
    given = row[columns.id] if columns.id else metadata.pop("id", None)
    return Example(
        id=example_id(prompt, completion) if given in (None, "") else str(given),
        prompt=prompt,
        completion=completion,
        document_ids=_names(_field(row, metadata, columns.document_ids, ("document_ids", "doc_ids"))),
        answerable=_is_true(_field(row, metadata, columns.answerable, ("answerable",))),
        metadata=metadata,
    )


def _turns(row: Mapping[str, Any], columns: ColumnMapping) -> Conversation:
    """Return the whole conversation: at least one turn to answer, and the answer last."""
    if columns.chat:
        turns = conversation_from_json([_openai_turn(turn) for turn in _learned(row[columns.chat])])
    elif _has_weight_0(row[columns.completion]):
        raise _not_learned()
    elif row.get(LABEL) is False and columns.completion != LABEL:
        raise NotLearned(
            "the answer is marked as a bad one: it is not to be learned.", reason="marked as bad answers"
        )
    else:
        turns = (
            *_history(row),
            *_prompt(row, columns),
            Message("assistant", _completion(row[columns.completion])),
        )
    system = str(row.get(columns.system) or "").strip()
    if system and turns and turns[0].role != "system":
        turns = (Message("system", system), *turns)
    if not turns or turns[-1].role != "assistant":
        raise InvalidExamples(
            f"no answer: the last of {len(turns)} messages is "
            f"{short(turns[-1].content) if turns else 'missing'}.",
            hint="The last message must be the assistant's: the answer to learn.",
        )
    if not any(turn.role == "user" and turn.content.strip() for turn in turns[:-1]):
        raise InvalidExamples(
            f"no user message before the answer {short(turns[-1].content)}.",
            hint="Add the user message that this answers.",
        )
    return turns


def _learned(turns: object) -> Sequence[object]:
    """Return turns up to the last answer that is to be learned: OpenAI's weight 0 says which are not."""
    if not isinstance(turns, list):
        return []
    if not turns or not (_has_weight_0(turns[-1:]) or uses_tools({}, turns)):
        return turns
    has_call = False
    for last in range(len(turns) - 1, -1, -1):
        turn = turns[last]
        if _openai_turn(turn)["role"] == "assistant" and turn.get("weight") != 0:
            if not is_call(turn):
                return turns[: last + 1]
            has_call = True
    if has_call:
        raise _only_calls()
    if any(_openai_turn(turn)["role"] == "assistant" for turn in turns):
        raise _not_learned()
    return turns


def _has_weight_0(completion: object) -> bool:
    if not isinstance(completion, list) or len(completion) != 1:
        return False
    (turn,) = completion
    return isinstance(turn, Mapping) and turn.get("weight") == 0


def _not_learned() -> NotLearned:
    return NotLearned(
        "the answer has weight 0: it is not to be learned.",
        hint="Set weight to 1 to learn it.",
        reason="weight 0",
    )


def _only_calls() -> NotLearned:
    return NotLearned(
        "every answer is a call of a tool: only texts are learned.",
        hint="Add the answer in words that follows the call.",
        reason="every answer is a tool call",
    )


def _uses_tools(row: Mapping[str, Any], columns: ColumnMapping) -> bool:
    turns = row[columns.chat] if columns.chat else ()
    return uses_tools(row, turns if isinstance(turns, list) else ())


def _history(row: Mapping[str, Any]) -> Conversation:
    """Return the turns before the prompt: Alpaca's `history` of pairs, or a list of turns."""
    told = row.get(HISTORY)
    if not isinstance(told, list):
        return ()
    if all(isinstance(pair, list | tuple) and len(pair) == _PAIR for pair in told):
        pairs = [(str(asked), str(answer)) for asked, answer in told]
        return tuple(
            turn for asked, answer in pairs for turn in (Message("user", asked), Message("assistant", answer))
        )
    if all(isinstance(turn, Mapping) for turn in told):
        return conversation_from_json([_openai_turn(turn) for turn in told])
    return ()


def _prompt(row: Mapping[str, Any], columns: ColumnMapping) -> Conversation:
    """Return the prompt columns as one user turn, or the conversation that one of them holds."""
    values = [row[column] for column in columns.prompt]
    if len(values) == 1 and isinstance(values[0], list):
        return conversation_from_json([_openai_turn(turn) for turn in values[0]])
    text = "\n\n".join(part for part in (_text(value).strip() for value in values) if part)
    return (Message("user", text),)


def _completion(value: object) -> str:
    """Return the completion: a text, a label, or the assistant's turn in a list of one."""
    if isinstance(value, list) and len(value) == 1:
        return conversation_from_json([_openai_turn(value[0])])[0].content
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool | int | float):
        return str(value)
    if value is None or isinstance(value, str):
        return value or ""
    raise InvalidExamples(f"{short(value)} is not a string.", hint="Prompt and completion must be strings.")


def _openai_turn(turn: object) -> dict[str, Any]:
    """Return a turn in OpenAI's format: ShareGPT's from and value renamed, parts of text joined."""
    if not isinstance(turn, Mapping):
        raise InvalidExamples(
            f"the message {short(turn)} has no role.", hint='Write {"role": …, "content": …}.'
        )
    turn = as_text(turn)
    role = str(turn.get("role", turn.get("from")))
    content = turn.get("content", turn.get("value"))
    if isinstance(content, list) and all(isinstance(part, Mapping) for part in content):
        if other := next((str(part.get("type")) for part in content if "text" not in part), ""):
            raise InvalidExamples(
                f"a message holds a part of type {other!r}: only texts are learned.",
                hint="Say in words what it shows, or delete the row.",
            )
        content = "".join(str(part["text"]) for part in content)
    return {"role": SPEAKERS.get(role, role), "content": content}


def _metadata(row: Mapping[str, Any], columns: ColumnMapping) -> dict[str, Any]:
    """Return the metadata column's fields and every column that means nothing else."""
    nested = row.get(columns.metadata)
    fields = dict(nested) if isinstance(nested, Mapping) else {}
    used = columns.columns | ({HISTORY} if _is_history(row, columns) else set())
    return fields | {name: value for name, value in row.items() if name not in used}


def _is_history(row: Mapping[str, Any], columns: ColumnMapping) -> bool:
    return not columns.chat and HISTORY not in columns.columns and bool(_history(row))


def _field(row: Mapping[str, Any], metadata: Mapping[str, Any], column: str, keys: Sequence[str]) -> Any:
    """Return a field from its column, else from the metadata."""
    return row[column] if column else next((metadata[key] for key in keys if key in metadata), None)


def _names(value: Any) -> tuple[str, ...]:
    """Return ids given as a list, or as a text divided by semicolons or commas."""
    listed = value.replace(";", ",").split(",") if isinstance(value, str) else value or ()
    if not isinstance(listed, Sequence):
        raise InvalidExamples(f"document ids are {short(value)}.", hint="It must be a list of document ids.")
    return tuple(str(name).strip() for name in listed if str(name).strip())


def _is_true(value: Any) -> bool:
    return value is None or str(value).strip().lower() not in ("false", "no", "0", "f", "n")
