"""Examples from files, whatever their columns are called."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from lorewright.datasets.example import Example, example_id
from lorewright.datasets.mapping import ColumnMapping, map_columns
from lorewright.datasets.rows import OnBadLine, find_example_files, refuse, rows, short
from lorewright.errors import InvalidExamples
from lorewright.messages import Conversation, Message, conversation_from_json

SPEAKERS = {
    "human": "user",
    "gpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "developer": "system",
}


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How the columns of a file were understood, and for how many examples."""

    file: str
    columns: ColumnMapping
    n_examples: int

    def __str__(self) -> str:
        return f"{self.file}: {self.columns} ({self.n_examples} examples)"


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples in the order of their files, and how every file was understood."""

    examples: tuple[Example, ...]
    mappings: tuple[FileMapping, ...]


def read_examples(place: Path, *, on_bad_line: OnBadLine = refuse) -> Examples:
    """Return the examples in a file or a folder (.jsonl, .json, .csv, .tsv).

    OpenAI chat, prompt and completion, Alpaca, ShareGPT, or other columns mapped by their names.
    The last turn of a conversation is the completion. `meta` or `metadata`, and every column that
    means nothing else, is kept as metadata. A folder that does not exist holds no examples.
    A line that cannot be understood goes to `on_bad_line` as an `InvalidExamples` that names it,
    and is left out if that returns. No two examples share an id.
    """
    examples: dict[str, Example] = {}
    counts: Counter[tuple[str, ColumnMapping]] = Counter()
    for path in find_example_files(place):
        for where, row in rows(path, on_bad_line):
            try:
                columns = map_columns(row)
                example = example_from(row, columns)
                unused = unused_id(example, examples)
                examples[unused] = replace(example, id=unused)
                counts[path.name, columns] += 1
            except InvalidExamples as error:
                on_bad_line(InvalidExamples(f"{where}: {error}", hint=error.hint))
    mappings = tuple(FileMapping(file, columns, n) for (file, columns), n in counts.items())
    return Examples(tuple(examples.values()), mappings)


def unused_id(example: Example, taken: Container[str]) -> str:
    """Return the example's id; where another has it, the hash of what it says, numbered if need be."""
    said = example_id(example.prompt, example.completion)
    numbered = (f"{said}-{n}" for n in count(2))
    return next(name for name in chain((example.id, said), numbered) if name not in taken)


def example_from(row: Mapping[str, Any], columns: ColumnMapping | None = None) -> Example:
    """Return the example in one row; raise `InvalidExamples` where there is none."""
    columns = columns or map_columns(row)
    turns = _turns(row, columns)
    prompt, completion = turns[:-1], turns[-1].content.strip()
    if not completion:
        raise InvalidExamples(
            f"the completion of {short(prompt[-1].content)} is empty.",
            hint="Write what should be answered, or delete the line.",
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
        turns = conversation_from_json([_openai_turn(turn) for turn in row[columns.chat]])
    else:
        turns = (*_prompt(row, columns), Message("assistant", _completion(row[columns.completion])))
    system = str(row.get(columns.system) or "").strip()
    if system and turns and turns[0].role != "system":
        turns = (Message("system", system), *turns)
    if not turns or turns[-1].role != "assistant":
        raise InvalidExamples(
            f"there is no answer: the last of {len(turns)} turns is "
            f"{short(turns[-1].content) if turns else 'missing'}.",
            hint="The last turn is the assistant's: it is what the model learns to say.",
        )
    if not any(turn.role == "user" and turn.content.strip() for turn in turns[:-1]):
        raise InvalidExamples(
            f"nothing is asked before the answer {short(turns[-1].content)}.",
            hint="Give the user's turn that this answers.",
        )
    return turns


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
    raise InvalidExamples(f"{short(value)} is not a text.", hint="Prompt and completion are texts.")


def _openai_turn(turn: object) -> dict[str, Any]:
    """Return a turn in OpenAI's format: ShareGPT's from and value renamed, parts of text joined."""
    if not isinstance(turn, Mapping):
        raise InvalidExamples(f"the turn {short(turn)} has no role.", hint='Write {"role": …, "content": …}.')
    role = str(turn.get("role", turn.get("from")))
    content = turn.get("content", turn.get("value"))
    if isinstance(content, list) and all(isinstance(part, Mapping) and "text" in part for part in content):
        content = "".join(str(part["text"]) for part in content)
    return {"role": SPEAKERS.get(role, role), "content": content}


def _metadata(row: Mapping[str, Any], columns: ColumnMapping) -> dict[str, Any]:
    """Return the metadata column's fields and every column that means nothing else."""
    nested = row.get(columns.metadata)
    fields = dict(nested) if isinstance(nested, Mapping) else {}
    return fields | {name: value for name, value in row.items() if name not in columns.columns}


def _field(row: Mapping[str, Any], metadata: Mapping[str, Any], column: str, keys: Sequence[str]) -> Any:
    """Return a field from its column, else from the metadata."""
    return row[column] if column else next((metadata[key] for key in keys if key in metadata), None)


def _names(value: Any) -> tuple[str, ...]:
    """Return ids given as a list, or as a text divided by semicolons or commas."""
    listed = value.replace(";", ",").split(",") if isinstance(value, str) else value or ()
    if not isinstance(listed, Sequence):
        raise InvalidExamples(f"document ids are {short(value)}.", hint="Give a list of document ids.")
    return tuple(str(name).strip() for name in listed if str(name).strip())


def _is_true(value: Any) -> bool:
    return value is None or str(value).strip().lower() not in ("false", "no", "0", "f", "n")
