"""Drafts of questions from documents: every template over every sentence, table, field and heading."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lorewright.documents import Document
from lorewright.evaluation.suggested.draft import Draft, Evidence, Kind
from lorewright.evaluation.suggested.english_clause import Spelling
from lorewright.evaluation.suggested.fields import fields
from lorewright.evaluation.suggested.grammars import Grammar, grammar_of
from lorewright.evaluation.suggested.headings import how_to, own_questions
from lorewright.evaluation.suggested.outline import Part, bare, hash_of, parts
from lorewright.evaluation.suggested.tables import Cell, cells
from lorewright.evaluation.suggested.values import amount_of, day_of
from lorewright.knowledge.language import language_in
from lorewright.knowledge.words import sentences

READ_CHARS = 150_000
"""So much of a document is read: a longer one has questions enough in that."""
_MOST_PARTS = 3000


def drafts_of(document: Document) -> tuple[list[Draft], list[Cell]]:
    """Return the drafts that one document gives, and the properties of things that stand in it.

    A document in a language without a grammar gives only the questions that it asks itself; properties
    are those of English documents, which alone are compared and missed.
    """
    if len(document.text) > READ_CHARS:
        document = _shortened(document)
    language = language_in(document.text) or "English"
    grammar = grammar_of(language)
    found: list[Draft] = []
    properties: list[Cell] = []
    blocks = list(parts(document))[:_MOST_PARTS]
    found += [
        _draft("heading", own.question, own.answer, own.evidence, language=language)
        for own in own_questions(blocks)
    ]
    if grammar is None:
        return found, []
    spelling = Spelling.of(document.text)
    for part in blocks:
        here = [*cells(part), *fields(part)]
        properties += here if language == "English" else []
        found += _of_cells(here, grammar, language)
        if part.block.kind in ("paragraph", "item"):
            found += _of_sentences(part, grammar, spelling, language)
    return found, properties


def comparisons(properties: Sequence[Cell], *, most: int) -> Iterator[Draft]:
    """Yield questions that need two rows, of two documents where there are such (English)."""
    by_column: dict[str, list[Cell]] = {}
    for cell in properties:
        by_column.setdefault(cell.column.lower(), []).append(cell)
    n_made = 0
    for cells_of_column in by_column.values():
        ordered = sorted(cells_of_column, key=lambda cell: hash_of(cell.evidence.document_id + cell.label))
        for left, right in pairwise(ordered):
            draft = _comparison(left, right)
            if draft and n_made < most:
                n_made += 1
                yield draft


def _comparison(left: Cell, right: Cell) -> Draft | None:
    from lorewright.evaluation.suggested.english_cells import compare, entity_name

    is_one_table = left.is_row and left.evidence.document_id == right.evidence.document_id
    names = [entity_name(cell.topic, cell.label_name, cell.label) for cell in (left, right)]
    if not all(names) or names[0].lower() == names[1].lower():
        return None
    days = day_of(left.value), day_of(right.value)
    amounts = amount_of(left.value), amount_of(right.value)
    is_more = hash_of(" ".join(names)) % 2 == 0
    if days[0] and days[1]:
        is_first, is_date = days[0] > days[1], True
        is_tie = days[0] == days[1]
    elif (
        amounts[0]
        and amounts[1]
        and amounts[0][1] == amounts[1][1]
        and not _has_year(left, right)
        and (is_one_table or not left.is_row)
    ):
        is_first, is_date = amounts[0][0] > amounts[1][0], False
        is_tie = amounts[0][0] == amounts[1][0]
    else:
        return None
    question = "" if is_tie else compare(names[0], names[1], left.column, is_date=is_date, is_more=is_more)
    if not question:
        return None
    answer = names[0] if is_first == is_more else names[1]
    evidence = (left.evidence, right.evidence)
    return Draft(kind="comparison", question=question, answer=answer, evidence=evidence)


def _has_year(left: Cell, right: Cell) -> bool:
    """Whether the numbers look like years: which is more is no question then."""
    return any(1500 <= (amount_of(cell.value) or (0.0, ""))[0] <= 2100 for cell in (left, right))


def _of_cells(found: Sequence[Cell], grammar: Grammar, language: str) -> Iterator[Draft]:
    for cell in found:
        entity = grammar.entity_name(cell.topic, cell.label_name, cell.label)
        question = grammar.ask_value(entity, cell.column, cell.value) if entity else ""
        if not question:
            continue
        closer = grammar.about(question, cell.topic) if cell.topic and cell.topic not in question else ""
        kind: Kind = "table" if cell.is_row else "field"
        yield _draft(kind, question, cell.value, cell.evidence, closer=closer, language=language)


def _of_sentences(part: Part, grammar: Grammar, spelling: Spelling, language: str) -> Iterator[Draft]:
    text = part.text
    for start, end in sentences(text):
        sentence = bare(text[start:end])
        evidence = part.evidence(part.block.start + start, part.block.start + end)
        task = how_to(sentence) if language == "English" else None
        if task:
            yield _draft("heading", *task, evidence)
            continue
        for asked in grammar.ask(sentence, spelling):
            kind: Kind = "definition" if asked.is_definition else "sentence"
            is_named = part.topic.lower() in asked.question.lower()
            closer = "" if is_named or not part.topic else grammar.about(asked.question, part.topic)
            yield _draft(kind, asked.question, asked.answer, evidence, closer=closer, language=language)


def _draft(
    kind: Kind, question: str, answer: str, evidence: Evidence, *, closer: str = "", language: str = "English"
) -> Draft:
    asked = " ".join(question.split())
    return Draft(
        kind=kind, question=asked[0].upper() + asked[1:], answer=" ".join(answer.split()),
        evidence=(evidence,),
        closer=closer, language=language,
    )  # fmt: skip


def _shortened(document: Document) -> Document:
    from dataclasses import replace

    end = document.text.rfind("\n", 0, READ_CHARS)
    return replace(document, text=document.text[: end if end > 0 else READ_CHARS])
