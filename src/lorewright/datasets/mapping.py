"""Which column of a file means what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lorewright.datasets.column_words import asked_and_answered
from lorewright.datasets.preferences import as_preferred
from lorewright.errors import InvalidExamples

CHAT = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns")
PROMPT = ("prompt", "question", "query", "instruction", "input", "request", "user", "utterance", "source",
          "text", "problem", "message")  # fmt: skip
COMPLETION = ("completion", "answer", "output", "response", "reply", "target", "assistant", "label", "intent",
              "solution", "gold", "summary", "translation")  # fmt: skip
INSTRUCTED = ("instruction", "input", "context")
"""What an instruction is about stands in columns of its own: Alpaca's `input`, Dolly's `context`."""
SYSTEM = ("system", "system_prompt", "system_message")
IDS = ("id", "uid", "example_id")
DOCUMENT_IDS = ("document_ids", "doc_ids", "document_id", "doc_id", "documents")
ANSWERABLE = ("answerable", "is_answerable")
METADATA = ("meta", "metadata")
CHOSEN, REJECTED = "chosen", "rejected"


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnMapping:
    """Which column of a file means what; an empty name: the file has no such column.

    A conversation stands in `chat`; without one, `prompt` columns are joined by an empty line.
    """

    chat: str = ""
    prompt: tuple[str, ...] = ()
    completion: str = ""
    system: str = ""
    id: str = ""
    document_ids: str = ""
    answerable: str = ""
    metadata: str = ""
    rejected: str = ""

    def __str__(self) -> str:
        if self.chat:
            parts = [f"{self.chat} -> prompt and completion (the last message)"]
        else:
            parts = [f"{' + '.join(self.prompt)} -> prompt", f"{self.completion} -> completion"]
        named = (
            ("system", self.system),
            ("document_ids", self.document_ids),
            ("answerable", self.answerable),
        )
        return ", ".join(parts + [f"{column} -> {name}" for name, column in named if column])

    @property
    def columns(self) -> set[str]:
        """Return the columns that mean something; the others are metadata."""
        single = {self.chat, self.completion, self.system, self.id, self.document_ids, self.answerable}
        return (single | {self.metadata, *self.prompt}) - {""}


def map_columns(row: Mapping[str, Any]) -> ColumnMapping:
    """Return what the columns of a row mean, by their names.

    OpenAI chat (`messages`), ShareGPT (`conversations`), Alpaca (`instruction`, `input`,
    `output`), prompt and completion, and common names such as question and answer, in any case.
    Other names are taken by the words in them, such as `customer_message` and `agent_reply`; two columns
    of which no word tells are prompt and completion, in this order.
    Raises `InvalidExamples` where the names do not say what to learn.
    """
    row = as_preferred(row)
    names = {name.strip().lower(): name for name in row}
    mapping = ColumnMapping(
        system=_first(SYSTEM, names),
        id=_first(IDS, names),
        document_ids=_first(DOCUMENT_IDS, names),
        answerable=_first(ANSWERABLE, names),
        metadata=_first(METADATA, names),
    )
    chat = _first((name for name in CHAT if isinstance(row.get(names.get(name, "")), list)), names)
    if chat:
        return replace(mapping, chat=chat)
    if {CHOSEN, REJECTED} <= set(names):
        return _preferred(replace(mapping, rejected=names[REJECTED]), row, names)
    prompt_column, completion = _first(PROMPT, names), _first(COMPLETION, names)
    if "instruction" in names and completion:
        prompt = tuple(names[name] for name in INSTRUCTED if name in names)
        return replace(mapping, prompt=prompt, completion=names.get("output", completion))
    if prompt_column and completion:
        return replace(mapping, prompt=(prompt_column,), completion=completion)
    others = [name for name in row if name not in mapping.columns]
    asked, answered = asked_and_answered(others)
    if len(others) == 2:
        return replace(mapping, **_of_two(others, asked or prompt_column, answered or completion))
    # A name that is known only in part says more than a known one whose sister is missing.
    prompt_column, completion = asked or prompt_column, answered or completion
    if prompt_column and completion and prompt_column != completion:
        return replace(mapping, prompt=(prompt_column,), completion=completion)
    raise _unclear(list(row), prompt_column)


def _of_two(names: Sequence[str], asked: str, answered: str) -> dict[str, Any]:
    """Return which of two columns is asked: the one that is called so, or else the first."""
    first, last = names
    is_turned = asked == last or (answered == first and asked != first)
    return {"prompt": (last if is_turned else first,), "completion": first if is_turned else last}


def _preferred(mapping: ColumnMapping, row: Mapping[str, Any], names: Mapping[str, str]) -> ColumnMapping:
    """Return the columns of a pair: the preferred answer is learned, a whole chat or after its prompt."""
    prompt, chosen = _first(PROMPT, names), names[CHOSEN]
    if isinstance(row[chosen], list) and (not prompt or len(row[chosen]) > 1):
        return replace(mapping, chat=chosen)
    if prompt:
        return replace(mapping, prompt=(prompt,), completion=chosen)
    raise _unclear(list(row), prompt)


def _first(wanted: Iterable[str], names: Mapping[str, str]) -> str:
    """Return the column with the first wanted name, as the file spells it."""
    return next((names[name] for name in wanted if name in names), "")


def _unclear(columns: Sequence[str], prompt: str) -> InvalidExamples:
    missing = "the completion" if prompt else "the prompt"
    return InvalidExamples(
        f"It is unclear which of the columns {', '.join(map(repr, columns))} is {missing}.",
        hint=f"Name the columns prompt and completion (also recognized: {', '.join(PROMPT)} and "
        f"{', '.join(COMPLETION)}), or use OpenAI's chat format with messages.",
    )
