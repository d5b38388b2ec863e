"""Drafts that a language model writes from chunks; what it says is checked like everything else."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lorewright.documents import Chunk
from lorewright.errors import EngineError
from lorewright.evaluation.compared import is_in
from lorewright.evaluation.suggested.draft import Draft, Evidence, Kind
from lorewright.json_text import read_json
from lorewright.knowledge.language import language_in
from lorewright.messages import Message
from lorewright.models import Engine, Sampling, complete
from lorewright.progress import Progress, quiet

_MOST_ANSWER_TOKENS = 700
_TRIES = 3
"""How many chunks in a row may come to nothing before the model is given up."""
_ORDER = """You write exam questions for a search assistant. Below is an excerpt from "{title}".
Write {n} questions that a user could ask without having seen the excerpt, and that the excerpt answers.
Name what each question is about; never write "the excerpt", "the text", "this section" or "mentioned".
Use other words than the excerpt where you can. Answer as briefly as possible, with the words of the excerpt.
Write one more question on the same subject that sounds just as natural and that the excerpt does not answer.
Write in the language of the excerpt. Reply with JSON alone:
{{"questions": [{{"question": "...", "answer": "...", "quote": "the sentence with the answer, word for
word"}}],
"unanswerable": ["..."]}}

Excerpt:
{text}"""
_POINTS = re.compile(
    r"\b(?:excerpt|the text|the passage|this section|mentioned|described above|the document)\b", re.IGNORECASE
)


def model_drafts(
    chunks: Sequence[Chunk], engine: Engine, *, n_each: int = 2, progress: Progress = quiet
) -> Iterator[Draft]:
    """Yield what the model asks about each chunk; a reply that is no JSON gives nothing.

    Raises what the engine raises. A model whose first replies all come to nothing is asked no more.
    """
    n_empty = 0
    for place, chunk in enumerate(chunks):
        progress(place, len(chunks))
        order = _ORDER.format(title=chunk.title, n=n_each, text=chunk.context)
        reply = complete(engine, [Message("user", order)], sampling=Sampling(max_tokens=_MOST_ANSWER_TOKENS))
        drafts = list(drafts_in(reply.text, chunk))
        n_empty = 0 if drafts else n_empty + 1
        if n_empty == _TRIES:
            raise EngineError(
                f"{engine.name} wrote no usable questions.",
                hint="Use a larger model, or suggest questions by templates: --how templates",
            )
        yield from drafts


def drafts_in(reply: str, chunk: Chunk) -> Iterator[Draft]:
    """Yield the drafts in a model's reply: those whose quote and answer stand in the chunk."""
    language = language_in(chunk.text) or "English"
    written = _json_in(reply)
    for one in _listed(written, "questions"):
        if not isinstance(one, dict):
            continue
        question, answer, quote = (
            str(one.get(name) or "").strip() for name in ("question", "answer", "quote")
        )
        span = _span(quote, chunk.text)
        if not question or not answer or _POINTS.search(question) or span is None:
            continue
        if is_in(answer, chunk.text[slice(*span)]) or is_in(answer, chunk.context):
            yield _draft("sentence", question, answer, chunk, span, language)
    for asked in _listed(written, "unanswerable"):
        if isinstance(asked, str) and asked.strip() and not _POINTS.search(asked):
            yield _draft("unanswerable", asked.strip(), "", chunk, (0, len(chunk.text)), language)


def _draft(
    kind: Kind, question: str, answer: str, chunk: Chunk, span: tuple[int, int], language: str
) -> Draft:
    evidence = Evidence(
        document_id=chunk.document_id, title=chunk.title,
        start=chunk.start + span[0], end=chunk.start + span[1],
        text=chunk.text[slice(*span)], headings=chunk.heading_path,
    )  # fmt: skip
    absent = (question,) if kind == "unanswerable" else ()
    return Draft(
        kind=kind, question=question, answer=answer, evidence=(evidence,), absent=absent, language=language
    )


def _span(quote: str, text: str) -> tuple[int, int] | None:
    """Return where a quote stands, white space and quotation marks aside."""
    words = re.findall(r"\S+", quote.strip("\"'“”… "))
    if len(words) < 2:
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), text, re.IGNORECASE)
    return match.span() if match else None


def _listed(written: dict[str, Any], name: str) -> list[Any]:
    value = written.get(name)
    return value if isinstance(value, list) else []


def _json_in(reply: str) -> dict[str, Any]:
    start, end = reply.find("{"), reply.rfind("}")
    try:
        written = read_json(reply[start : end + 1])
    except ValueError:
        return {}
    return written if isinstance(written, dict) else {}
