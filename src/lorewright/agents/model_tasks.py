"""Tasks for models of the settings: a marked text, and what is to be done with it one after another."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from lorewright.agents.values import words_of

_QUOTED = re.compile(r"[“„«\"](?P<text>[^“”„«»\"]{3,})[”“»\"]|:\s*\n+(?P<below>.{3,})\Z", re.DOTALL)
_BEHIND = re.compile(
    r":[ \t]+(?P<text>\S+(?:\s+\S+){2,}?)\s*"
    r"(?:(?<=[.!?])\s+(?=(?:and\s+)?(?:then|afterwards|dann|danach)\b)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_SORTING = re.compile(
    r"\b(?:classif\w+|categori\w+|label\w*|tag|triage|which (?:kind|type|class|team|department|topic)"
    r"|what (?:kind|type) of|intent|sentiment|urgency|klassifizier\w*|kategori\w+|ordne|einordnen"
    r"|welche (?:art|abteilung)|welches thema)\b",
    re.IGNORECASE,
)
_WRITING = re.compile(
    r"\b(?:write|rewrite|reword|rephrase|draft|phrase|formulate|reply|respond|translate|shorten|tone|voice"
    r"|schreib\w*|umschreib\w*|formulier\w*|antworte|verfass\w*|entwirf|übersetz\w*|tonfall|stil)\b",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"\b(?:writ\w+|rewrit\w+|repl\w+|draft\w*|phras\w+|letters?|mails?|voice|tone|style|translat\w+|wording"
    r"|schreib\w*|formulier\w*|antwort\w*|tonfall|stil|übersetz\w*)\b",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\b(?:rules?|polic(?:y|ies)|procedures?|guidelines?|terms|conditions|handbook|manual|documents?|applies"
    r"|look(?: \w+){0,3} up|find|search|regel(?:n|ung)?|richtlinien?|vorschrift(?:en)?|gilt|bedingungen"
    r"|handbuch|such\w*|finde|schlage?)\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[?!.;]+\s+|[?!.;]+$"
    r"|(?:\s*,?\s+(?:and|then|und|dann|sowie|anschließend)|,)\s+(?:(?:then|dann|also|auch)\s+)?"
    r"(?=(?:(?:by|until|from|to|in|for|under|at|bis|ab|unter) )?(?:look|find|search|quote|cite|tell|say"
    r"|state|give|show|name|write|rewrite|draft|reply|respond|answer"
    r"|phrase|translate|classify|what|which|when|how|who|where|whether"
    r"|nenne|such|finde|schlage?|sag|schreib|formulier|antworte|verfass|klassifizier|was|welche|wann|wie|wer)\w*\b)",
    re.IGNORECASE,
)
_THEN = re.compile(r"^(?:(?:and|und)\s+)?(?:then|afterwards|dann|danach)\s+", re.IGNORECASE)
_THING = (
    r"(?:ticket|case|message|mail|e-?mail|request|complaint|letter|text|problem|issue|question|comment|review"
    r"|customer|inquiry|fall|nachricht|anfrage|meldung|beschwerde|anliegen)"
)
_SORT = r"(?:category|kind|type|class|label|topic|state|kategorie|art|thema|klasse)"
_LABEL_IN = re.compile(
    rf"\b(?:(?:the|its|this|that|der|die|das|diese[rsnm]?)\s+{_SORT}"
    r"(?:\s+(?:of|von|der|des)\s+(?:the|this|that|dieser?|dieses)\s+\w+)?"
    rf"|(?:this|that|such an?|the|diese[rsnm]?|de[rnm]|das)\s+{_THING}s?|(?<=for )(?:it|that|this)\b"
    r"|\b(?:it|this|that|them|es)\b(?=\s*[?.]?$)|dafür|dazu)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"(?:please\s+|bitte\s+)?(?:tell|say|state|give|show|name|quote|cite|explain|sag|nenne|zeig|erklär"
    r"|(?:by|until|from|to|in|for|under|at|ab|bis|in|unter)?\s*(?:what|which|when|how|who|where|whether|was|welche[rsnm]?"
    r"|wann|wie|wer|wo)|is|are|does|do|can|may|must|darf|muss|kann|ist|gibt)\w*\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"^(?:please\s+|bitte\s+)?(?:look\s+up|find(?:\s+out)?|search\s+for|tell(?:\s+me)?|say|state|give(?:\s+me)?|show|name"
    r"|quote|cite|suche?|finde?|nenne?|zeige?|sage?)\s+",
    re.IGNORECASE,
)
_GERMAN = re.compile(r"(?:der|die|das|den|dem|welche|unsere?)\b", re.IGNORECASE)
_ASKS = re.compile(r"(?:what|which|when|how|who|where|was|welche[rs]?|wann|wie|wer|wo)\b", re.IGNORECASE)
_FOR = {"dafür": "für", "dazu": "zu"}
_LEAST_SHARED = 2
"""How many words of its description a task must share with a model that no verb of it asks for."""


@dataclass(frozen=True, slots=True)
class ModelStep:
    """One step of such a task: a model that gets the text, or a question to the documents.

    A model that `writes` gets what was found beside the text, and says the answer.
    """

    kind: Literal["model", "question"]
    name: str
    writes: bool = False


@dataclass(frozen=True, slots=True)
class ModelTask:
    """A marked text, and the steps to be done with it in order."""

    text: str
    steps: tuple[ModelStep, ...]


def model_task(task: str, tools: Sequence[Mapping[str, Any]]) -> ModelTask | None:
    """Return what a task wants models to do with a text, `None` where it wants nothing of them.

    Only a text that the task marks is handed on: in quotation marks, below a line that ends in a colon, or
    behind a colon where what stands before it names what a model does. Each clause is a step: for the model
    whose description has most to do with it, or else a question for the documents.
    """
    models = [
        (str(function["name"]), f"{function['name']} {function.get('description', '')}".replace("_", " "))
        for function in (tool["function"] for tool in tools)
        if str(function["name"]).startswith("model_")
    ]
    match = _marked(task) if models else None
    if match is None:
        return None
    text = next(group for group in match.groups() if group).strip()
    around = f"{task[: match.start()]}. {task[match.end() :]}"
    clauses = [_THEN.sub("", part.strip(" ,:\n")) for part in _CLAUSES.split(around)]
    steps: list[ModelStep] = []
    for clause in filter(None, clauses):
        steps += _steps_of(clause, models, has_model=any(step.kind == "model" for step in steps))
    if not any(step.kind == "model" for step in steps):
        return None
    return ModelTask(text, tuple(steps))


def resolved(question: str, label: str) -> str:
    """Return a question with a label in the place of what it calls the text, or the text's category.

    "Look up the rule for it" asks what the rule is: that is how documents are asked.
    """
    words = " ".join(_words_in(label))

    def named(match: re.Match[str]) -> str:
        before = _FOR.get(match.group().lower(), "")
        return f"{before} {words}".strip()

    asked, n = _LABEL_IN.subn(named, question, count=1) if words else (question, 1)
    return _asked(asked if n else f"{question.rstrip('?')}: {words}")


def _asked(text: str) -> str:
    """Return what a text tells to be looked up as a question."""
    plain = _TOLD.sub("", text).rstrip(" ?.")
    if _ASKS.match(plain):
        return f"{plain}?"
    if plain == text.rstrip(" ?."):
        return text
    is_german = _GERMAN.match(plain)
    return f"{'Wie lautet' if is_german else 'What is'} {plain}?"


def _marked(task: str) -> re.Match[str] | None:
    if match := _QUOTED.search(task):
        return match
    match = _BEHIND.search(task)
    before = task[: match.start()] if match else ""
    return match if _SORTING.search(before) or _WRITING.search(before) else None


def _steps_of(clause: str, models: Sequence[tuple[str, str]], *, has_model: bool) -> list[ModelStep]:
    """Return the steps of a clause: a model, a question, or a model and a question about what it said."""
    is_question = bool(_RULE.search(clause))
    if _WRITING.search(clause) and not _SORTING.search(clause):
        writers = [model for model in models if _WRITES.search(model[1])]
        if name := _closest(clause, writers, least=0):
            return [ModelStep("model", name, writes=True)]
    others = [model for model in models if not _WRITES.search(model[1])] or list(models)
    least = 1 if _SORTING.search(clause) or (is_question and _LABEL_IN.search(clause)) else _LEAST_SHARED
    if len(others) == 1 and _SORTING.search(clause):
        least = 0
    name = "" if has_model and is_question else _closest(clause, others, least=least)
    is_asked = is_question or (not name and _LEADS.match(clause))  # "a customer writes" asks for nothing
    question = [ModelStep("question", clause)] if is_asked else []
    return [*([ModelStep("model", name)] if name else []), *question]


def _closest(clause: str, models: Sequence[tuple[str, str]], *, least: int) -> str:
    wanted = words_of(clause)
    scored = [(len(wanted & words_of(about)), -place, name) for place, (name, about) in enumerate(models)]
    score, _, name = max(scored, default=(-1, 0, ""))
    return name if score >= least else ""


def _words_in(label: str) -> list[str]:
    """Return what a model told as words: a label, or the texts of an object of labels."""
    with suppress(ValueError):
        told = json.loads(label)
        if isinstance(told, dict):
            return [value.replace("_", " ") for value in told.values() if isinstance(value, str)]
    return label.replace("_", " ").split()
