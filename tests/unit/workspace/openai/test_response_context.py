"""What of a conversation fits into a model's context."""

from collections.abc import Sequence
from typing import Any

from lorewright.messages import Message
from lorewright.workspace.openai.responses.context import fitting

RULES = {"role": "system", "content": "Be brief."}
OLD = [{"role": "user", "content": "old " * 40}, {"role": "assistant", "content": "yes"}]
NEW: list[dict[str, Any]] = [{"role": "user", "content": "new"}]
CALLED: list[dict[str, Any]] = [
    {"role": "assistant", "content": "", "tool_calls": [{"id": "1"}]},
    {"role": "tool", "tool_call_id": "1", "content": "out"},
]


def words(messages: Sequence[Message]) -> int:
    return sum(len(message.content.split()) for message in messages)


def test_what_fits_stays_whole() -> None:
    assert fitting([RULES, *OLD, *NEW], words, room=1000) == [RULES, *OLD, *NEW]


def test_the_oldest_turns_go_and_the_instructions_stay() -> None:
    assert fitting([RULES, *OLD, *NEW], words, room=10) == [RULES, *NEW]


def test_the_last_turn_stays_with_all_after_it_whatever_the_room() -> None:
    assert fitting([*OLD, *NEW, *CALLED], words, room=1) == [*NEW, *CALLED]
