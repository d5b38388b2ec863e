"""Rows to learn reading from: the very prompts of the `rag` arm, over the live retriever's hits."""

import random
import re
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from training.reader.sets import Asked, read_documents

from lorewright.documents import Chunk, Document
from lorewright.flows import Style, arms
from lorewright.flows.nodes.prompt import PromptNode
from lorewright.flows.parameters import build
from lorewright.flows.query import carried_question, query_from
from lorewright.knowledge import Collection, Hit, excerpts
from lorewright.knowledge.quoting import N_READ
from lorewright.models import EmbeddingModel
from lorewright.settings import DEFAULT_REFUSAL, Retrieval
from lorewright.tuning import Row

N_SEARCHED = 12
N_CHUNKS = (1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 5)  # the arm's default is 3; fewer cost less
RANKED_SHARE = 0.5  # of the prompts keep the retriever's order; in the others the answer is at any rank
MAX_QUESTIONS = 12  # about the same chunks
INSTRUCTIONS = (
    *[""] * 6,
    "You are a helpful assistant.",
    "You answer questions of our customers.",
    "You answer questions about our documents.",
    "Answer briefly and to the point.",
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A question with the chunk that answers it, and where its answer begins there."""

    asked: Asked
    chunk: Chunk


def opened(folder: Path, index: Path, embedder: EmbeddingModel) -> Collection:
    """Return the documents of a set as the product indexes them, indexed where they are not yet."""
    return opened_with(read_documents(folder), index, embedder)


def opened_with(documents: Sequence[Document], index: Path, embedder: EmbeddingModel) -> Collection:
    """Return documents as the product indexes them, indexed where they are not yet."""
    collection = Collection(index, embedder, Retrieval())
    here = collection.text_hashes()
    collection.add([each for each in documents if here.get(each.id) != each.text_hash])
    return collection


def rows_from(questions: Sequence[Asked], collection: Collection, *, seed: int) -> list[list[Row]]:
    """Return a row for every question whose answer one chunk holds; those of a list show the same chunks.

    A question's chunk is shown with the retriever's other hits for it, and whatever else is asked
    about the chunks shown comes along, asked before or not. What is drawn depends on the seed alone.
    """
    draw = random.Random(seed)
    placed = [one for asked in questions if (one := _placed(asked, collection))]
    by_chunk: dict[str, list[_Placed]] = defaultdict(list)
    for one in placed:
        if not one.asked.history:
            by_chunk[one.chunk.id].append(one)
    draw.shuffle(placed)
    groups, done = [], set[int]()
    for first in placed:
        if id(first) in done:
            continue
        chunks = _shown(first, by_chunk.keys(), collection, draw)
        group = [first]
        if not first.asked.history:
            asked_too = [one for chunk in chunks for one in by_chunk[chunk.id] if one is not first]
            asked_too.sort(key=lambda one: id(one) in done)  # stable: those not asked before come first
            group += asked_too[: MAX_QUESTIONS - 1]
        done.update(map(id, group))
        prompt = _prompt(draw.choice(INSTRUCTIONS))
        groups.append([_row(one, chunks, prompt) for one in group])
    return groups


def excerpt_rows(questions: Sequence[Asked], collection: Collection, *, seed: int) -> list[list[Row]]:
    """Return a row for every question whose answer stands in the excerpts that the arm shows for it.

    A list each: excerpts are chosen for one question. Where the retriever misses the chunk with the
    answer, it takes a place among the first.
    """
    draw = random.Random(seed)
    groups = []
    for asked in questions:
        placed = _placed(asked, collection)
        if placed is None:
            continue
        found = collection.search(query_from(asked.conversation), n=N_SEARCHED)
        hits = [hit for hit in found if not asked.is_alone or hit.chunk.document_id == asked.document_id][
            :N_READ
        ]
        if all(hit.chunk.id != placed.chunk.id for hit in hits):
            hits.insert(draw.randrange(min(3, len(hits) + 1)), Hit(placed.chunk, score=0.5, rank=1))
        shown = excerpts(carried_question(asked.conversation), hits, likeness=collection.likeness)
        chunks = [hit.chunk for hit in shown]
        own = [chunk for chunk in chunks if chunk.id == placed.chunk.id and _holds(chunk, placed.asked)]
        others = [chunk for chunk in chunks if chunk.id != placed.chunk.id and not _answers(chunk, asked)]
        if own:
            order = [chunk for chunk in chunks if chunk in own or chunk in others]
            groups.append([_row(placed, order, _prompt(draw.choice(INSTRUCTIONS)))])
    return groups


def _holds(chunk: Chunk, asked: Asked) -> bool:
    """Return whether an excerpt holds the answer, at its place where that is known."""
    at_place = asked.start < 0 or chunk.start <= asked.start < chunk.end
    return at_place and all(answer in chunk.text for answer in asked.answers)


def _shown(
    first: _Placed, asked_about: Container[str], collection: Collection, draw: random.Random
) -> list[Chunk]:
    """Return the chunks to show: the one with the answer, chunks that answer others, other hits."""
    own, n = first.chunk, draw.choice(N_CHUNKS)
    found = [hit.chunk for hit in collection.search(query_from(first.asked.conversation), n=N_SEARCHED)]
    if first.asked.is_alone:
        of_document = [chunk for chunk in collection.chunks_of(own.document_id) if chunk.id != own.id]
        found = draw.sample(of_document, min(n - 1, len(of_document)))
    others = [chunk for chunk in found if chunk.id != own.id and not _answers(chunk, first.asked)]
    others.sort(key=lambda chunk: chunk.id not in asked_about)  # stable: by rank within both
    chosen = [own, *others[: n - 1]]
    if draw.random() < RANKED_SHARE:
        order = [chunk.id for chunk in found]
        return sorted(chosen, key=lambda chunk: order.index(chunk.id) if chunk.id in order else len(order))
    draw.shuffle(chosen)
    return chosen


def _placed(asked: Asked, collection: Collection) -> _Placed | None:
    """Return the question with the chunk that holds its whole answer, or else its first part, if one does."""
    chunks = collection.chunks_of(asked.document_id)
    for answers in (asked.answers, asked.answers[:1]) if asked.joined_by == " " else (asked.answers,):
        holding = [chunk for chunk in chunks if all(answer in chunk.text for answer in answers)]
        if asked.start >= 0:
            holding = [chunk for chunk in holding if chunk.start <= asked.start < chunk.end]
        wanted = set(_words(asked.question))
        if holding:
            best = max(holding, key=lambda chunk: len(wanted & set(_words(chunk.context))))
            return _Placed(replace(asked, answers=answers), best)
    return None


def _answers(chunk: Chunk, asked: Asked) -> bool:
    """Return whether another chunk holds the answer too: then its number would be as right."""
    return all(answer.lower() in chunk.text.lower() for answer in asked.answers)


def _row(placed: _Placed, chunks: Sequence[Chunk], prompt: PromptNode) -> Row:
    asked = placed.asked
    number = next(at for at, chunk in enumerate(chunks, start=1) if chunk.id == placed.chunk.id)
    hits = [Hit(chunk, score=0.0, rank=at) for at, chunk in enumerate(chunks, start=1)]
    said = asked.joined_by.join(answer.strip() for answer in asked.answers)
    said = f"{said} {asked.unit}" if asked.unit and asked.unit in placed.chunk.context.lower() else said
    return Row(prompt.messages(asked.conversation, hits), f"{said} [{number}]")


def _prompt(instruction: str) -> PromptNode:
    """Return what the `rag` arm shows a model under this instruction."""
    style = Style(instruction=instruction, refusal=DEFAULT_REFUSAL, reads_excerpts=True)
    flow = arms(style)["rag"]
    node = build(next(node for node in flow.nodes if node.kind == "prompt"))
    return cast(PromptNode, node)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
