"""The end of a run: its text with citations, and what it can say when it ends early."""

import json
import time
from collections.abc import Mapping
from typing import Any

from lorewright.agents.driver import ask_driver, asks_model
from lorewright.agents.outcome import Outcome, RunState, found_so_far
from lorewright.agents.prompts import SentPrompts
from lorewright.agents.setting import Setting
from lorewright.agents.steering import Halt
from lorewright.errors import LorewrightError
from lorewright.knowledge import check_claims, cite
from lorewright.knowledge.markers import cited_by_markers

_ANSWER_NOW = (
    "Answer the task from the numbered passages alone, in a few sentences. Put the number of a passage "
    "in brackets behind what you take from it. Say what is missing."
)


def answered(task: str, setting: Setting, said: str | Mapping[str, Any]) -> Outcome:
    """Return the outcome of a run whose driver has answered."""
    if isinstance(said, Mapping):
        text = json.dumps(said, ensure_ascii=False)
        return Outcome(state="finished", text=text, data=dict(said), hits=setting.sources.hits)
    return _cited(task, setting, setting.redact(said))


def unsupported_in(task: str, setting: Setting, text: str) -> tuple[str, ...]:
    """Return the numbers and names of a text that neither a passage nor the task holds.

    Fixed steps write nothing of their own: they quote, and compute with tools.
    """
    hits = setting.sources.hits
    if not hits or not asks_model(setting.driver):
        return ()
    plain, _ = cited_by_markers(text, hits)
    chunks = [f"{hit.chunk.document_id}\n{hit.chunk.context}" for hit in hits]
    return check_claims(plain, chunks, said=[task]).wrong


def early_answer(task: str, setting: Setting, agent: str, halt: Halt) -> Outcome:
    """Return the outcome of a run that ends before its driver was done.

    Where there is something left to ask with, the driver answers once more from the passages; else how
    these begin is told.
    """
    hits = setting.sources.hits
    if agent:
        return Outcome(state="stopped", reason=halt.reason, text=found_so_far(hits, halt.reason))
    text = ""
    if hits and halt.can_answer and not setting.stopped():
        text = _answer_now(task, setting)
    state: RunState = (
        "stopped" if hits or text or not halt.reason.startswith("The driver failed") else "failed"
    )
    outcome = _cited(task, setting, text or found_so_far(hits, halt.reason))
    return Outcome(
        state=state, reason=halt.reason, text=outcome.text, citations=outcome.citations, hits=hits,
        unsupported=outcome.unsupported,
    )  # fmt: skip


def _answer_now(task: str, setting: Setting) -> str:
    passages = setting.sources.shown(hit.chunk for hit in setting.sources.hits[:6])
    request = {
        "messages": [
            {"role": "system", "content": _ANSWER_NOW},
            {"role": "user", "content": setting.redact(f"{passages}\n\nTask: {task}")},
        ]
    }
    started = time.perf_counter()
    try:
        asked = ask_driver(setting.driver, request, setting.limits, setting.stopped)
    except (LorewrightError, LookupError):
        return ""
    text = setting.redact(asked.reply.text.strip())
    facts = setting.paid(asked.reply.usage, time.perf_counter() - started)
    sent = SentPrompts().kept(asked.request) if asks_model(setting.driver) else {}
    setting.write("closing", "", text=text, **facts, **sent)
    return text


def _cited(task: str, setting: Setting, text: str) -> Outcome:
    hits = setting.sources.hits
    plain, citations = cited_by_markers(text, hits, question=task)
    if not citations and hits and asks_model(setting.driver):  # fixed steps cite what they take
        citations = cite(plain, hits, question=task)
    return Outcome(
        state="finished", text=plain, citations=citations, hits=hits,
        unsupported=unsupported_in(task, setting, text),
    )  # fmt: skip
