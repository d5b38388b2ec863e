"""Questions to JSON, and back from any of the forms people write them in."""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from lorewright.datasets.rows import short
from lorewright.errors import InvalidExamples
from lorewright.evaluation.question import Question
from lorewright.json_text import read_json
from lorewright.messages import Conversation, Message, conversation_from_json

TEXT_KEYS = ("question", "query", "prompt", "input", "text")
TARGET_KEYS = ("targets", "answers", "target", "answer", "completion", "output", "response", "reference")
STALE_KEYS = ("stale_targets", "stale_answers", "stale_answer")
DOCUMENT_KEYS = ("document_ids", "doc_ids", "document_id", "doc_id")
ANSWERABLE_KEYS = ("answerable", "is_answerable")
_USED = {
    *(*TEXT_KEYS, *TARGET_KEYS, *STALE_KEYS, *DOCUMENT_KEYS, *ANSWERABLE_KEYS),
    *("id", "question_id", "messages", "history", "meta", "metadata"),
}
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


def question_to_json(question: Question) -> dict[str, Any]:
    """Return the question as JSON that `question_from_json` reads back."""
    return {
        "id": question.id,
        "messages": [turn.to_json() for turn in question.conversation],
        "targets": list(question.targets),
        "answerable": question.answerable,
        "stale_targets": list(question.stale_targets),
        "document_ids": list(question.document_ids),
        "meta": dict(question.metadata),
    }


def question_from_json(row: object) -> Question:
    """Return the question in a row: OpenAI chat, or a question with `history` before it.

    Of OpenAI messages a last assistant turn is the target. What a row does not hold may stand
    in its `meta`; without an id the question is known by a hash of its conversation. Raises
    `InvalidExamples` for anything else.
    """
    if not isinstance(row, Mapping):
        raise InvalidExamples(f"{short(row)} is not a JSON object.", hint="Write one JSON object per line.")
    meta = row.get("meta") or row.get("metadata") or {}
    known = {**meta, **row} if isinstance(meta, Mapping) else dict(row)
    conversation, chat_target = _conversation(row)
    targets = texts_under(TARGET_KEYS, known) or chat_target
    answerable = _truth(_first(ANSWERABLE_KEYS, known))
    if answerable and not targets:
        raise InvalidExamples(
            f"the question {short(conversation[-1].content)} has no answer.",
            hint='Add "answers", or "answerable": false if a refusal is right.',
        )
    return Question(
        id=str(_first(("id", "question_id"), row) or _digest(conversation)),
        conversation=conversation,
        targets=targets,
        answerable=answerable,
        stale_targets=tuple(text for text in texts_under(STALE_KEYS, known) if text not in targets),
        document_ids=texts_under(DOCUMENT_KEYS, known),
        metadata={key: value for key, value in known.items() if key not in _USED},
    )


def texts_under(keys: Sequence[str], row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the texts under the first of `keys` that holds any; a CSV cell may hold a JSON list."""
    value = _first(keys, row)
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = read_json(value)
        except ValueError:
            return (value,)
    listed = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return tuple(item if isinstance(item, str) else json.dumps(item) for item in listed if item is not None)


def _conversation(row: Mapping[str, Any]) -> tuple[Conversation, tuple[str, ...]]:
    """Return the turns up to the question, and what the assistant says after it, if anything."""
    if row.get("messages"):
        conversation = _turns(row["messages"])
        target: tuple[str, ...] = ()
        if conversation[-1].role == "assistant":
            conversation, target = conversation[:-1], (conversation[-1].content,)
        if not conversation or conversation[-1].role != "user":
            raise InvalidExamples(
                "the messages do not end with a user message before the answer.",
                hint="End messages with the question, or with the question and its answer.",
            )
        return conversation, target
    text = _first(TEXT_KEYS, row)
    if not isinstance(text, str) or not text.strip():
        raise InvalidExamples(
            f"no question found in the keys {', '.join(map(str, row)) or '(none)'}.",
            hint=f"Use one of the keys {', '.join(TEXT_KEYS)}, or OpenAI messages.",
        )
    return (*_turns(row.get("history") or ()), Message("user", text)), ()


def _turns(turns: object) -> Conversation:
    if not isinstance(turns, list | tuple) or not all(isinstance(turn, Mapping) for turn in turns):
        raise InvalidExamples(
            f"messages are {short(turns)}.", hint='It must be a list of {"role": …, "content": …}.'
        )
    return conversation_from_json(turns)


def _first(keys: Sequence[str], row: Mapping[str, Any]) -> Any:
    """Return the first value under one of `keys` that says something."""
    return next((row[key] for key in keys if row.get(key) not in (None, "", [])), None)


def _truth(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return value is not False
    text = str(value).strip().lower()
    if text not in _TRUE + _FALSE:
        raise InvalidExamples(f"answerable is {value!r}.", hint="It must be true or false.")
    return text in _TRUE


def _digest(conversation: Conversation) -> str:
    text = "\0".join(f"{turn.role}:{turn.content}" for turn in conversation)
    return blake2b(text.encode(), digest_size=8).hexdigest()
