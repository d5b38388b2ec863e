"""Rules that a text must keep."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.nodes.json_schema import misfit, need_schema
from lorewright.flows.nodes.patterns import is_found, need_pattern
from lorewright.flows.nodes.side_question import short_answer
from lorewright.knowledge.markers import has_marker
from lorewright.messages import Message
from lorewright.settings import DEFAULT_REFUSAL


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """Refuses a draft that breaks a rule, or has the model rewrite it, told what is wrong.

    A refusal passes. What is written once more is not grounded: put this node before a ground node,
    where markers such as [1] count as citations.
    """

    pattern: str = parameter("", "A regular expression that the text must match somewhere.")
    schema: str = parameter("", "A JSON Schema (2020-12); the text must be JSON that is valid against it.")
    max_words: int = parameter(0, "The maximum number of words; 0 for no limit.", low=0)
    must_cite: bool = parameter(default=False, description="Whether the text must have a citation.")
    banned: tuple[str, ...] = parameter((), "Words and phrases that the text must not contain.")
    on_failure: Literal["refuse", "regenerate"] = parameter(
        "refuse", "What to do with a text that breaks a rule; rewriting needs the messages."
    )
    refusal: str = parameter(DEFAULT_REFUSAL, "The text of a refusal.")
    max_tokens: int = parameter(256, "The length limit of a rewritten text, in tokens.", low=1)
    adapter: str = parameter("", "Adapter to apply when the text is rewritten.")

    about: ClassVar[About] = About("Check", "Logic")
    inputs: ClassVar[Mapping[str, Port]] = {
        "draft": Port("draft"),
        "messages": Port("messages", is_required=False),
    }
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def __post_init__(self) -> None:
        """Raise `InvalidFlow` for a pattern or a schema that cannot be used."""
        need_pattern(self.pattern)
        need_schema(self.schema)

    @property
    def needed(self) -> tuple[str, ...]:
        """The optional ports that these parameters cannot do without."""
        return ("messages",) if self.on_failure == "regenerate" else ()

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the draft, another one, or a refusal."""
        draft: Draft = take("draft")
        complaint = "" if draft.refused else self.complaint(draft)
        messages = take("messages") if complaint and self.on_failure == "regenerate" else None
        if messages:
            retry = (
                *messages,
                Message("assistant", draft.text),
                Message("user", f"{complaint} Answer again."),
            )
            text = short_answer(running, self.adapter, retry, max_tokens=self.max_tokens)
            draft = replace(draft, text=text, citations=(), unsupported=())
            complaint = self.complaint(draft)
        if complaint:
            draft = replace(draft, text=self.refusal, citations=(), refused=True)
        return {"draft": draft}

    def complaint(self, draft: Draft) -> str:
        """Return what is wrong with a draft as a sentence to its author; empty where nothing is."""
        text = draft.text
        if not text:
            return "The answer is empty."
        if self.max_words and len(text.split()) > self.max_words:
            return f"The answer has {len(text.split())} words; at most {self.max_words} are allowed."
        if self.pattern and not is_found(self.pattern, text):
            return f"The answer must match the pattern {self.pattern}."
        if self.must_cite and not draft.citations and not has_marker(text):
            return "The answer must end with the number of the text it rests on, like [1]."
        for phrase in self.banned:
            if phrase and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE):
                return f"The answer must not say {phrase!r}."
        return misfit(self.schema, text) if self.schema.strip() else ""
