"""Drafts that a language model writes."""

import json

import pytest

from lorewright.documents import Chunk
from lorewright.errors import EngineError
from lorewright.evaluation.suggested.by_model import drafts_in, model_drafts
from lorewright.models.fakes import ScriptedEngine

TEXT = "The harbour was dredged in 1931. Ships of 9 metres draught can enter since."
CHUNK = Chunk("c1", "harbour.md", "Harbour", 100, 100 + len(TEXT), TEXT)


def _reply(*questions: tuple[str, str, str], missing: str = "") -> str:
    listed = [{"question": one, "answer": two, "quote": three} for one, two, three in questions]
    written = {"questions": listed, "unanswerable": [missing] if missing else []}
    return f"Sure!\n```json\n{json.dumps(written)}\n```"


def test_only_what_stands_word_for_word_in_the_chunk_is_taken() -> None:
    """Models make up quotes; a made-up one would be measured with for ever."""
    reply = _reply(
        ("When was the port deepened?", "1931", "The harbour was dredged in 1931."),
        ("Who deepened it?", "A Dutch firm", "The harbour was dredged by a Dutch firm."),
        ("What does the excerpt mention?", "1931", "The harbour was dredged in 1931."),
        missing="What did the dredging cost?",
    )

    drafts = list(drafts_in(reply, CHUNK))

    assert [(draft.kind, draft.question, draft.answer) for draft in drafts] == [
        ("sentence", "When was the port deepened?", "1931"),
        ("unanswerable", "What did the dredging cost?", ""),
    ]
    assert (drafts[0].evidence[0].start, drafts[0].evidence[0].end) == (100, 132)


def test_a_model_that_writes_nothing_usable_is_given_up_soon() -> None:
    """Asking a small model a hundred times for nothing would take an hour."""
    n_asked = []

    def script(_messages: object) -> str:
        n_asked.append(1)
        return "I like ships."

    with pytest.raises(EngineError, match="no usable questions"):
        list(model_drafts([CHUNK] * 50, ScriptedEngine(script, name="small")))
    assert len(n_asked) < 5
