"""What the layers over the judge are fitted on; benchmarks/judge.py measures none of it."""

import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.judged_texts import (
    Given,
    is_fitted_task,
    is_held_back,
    mtrag_judged,
    rows,
    with_neighbours,
)
from training.judge.changed_questions import changed_question
from training.judge.near_misses import Ranking, of_pages, of_people
from training.judge.pairs import sentence_texts, tidy
from training.judge.recipe import SUPPORTED, Material, human_answers, made_claims
from training.judge.swaps import harmless

from lorewright.evaluation.tampering import exchange_name, exchange_number
from lorewright.knowledge.words import content_words

_N_PASSAGES = 700
_N_CHANGED = 170
_LONGEST_ANSWER = 900


def support_sets_to_fit(data: Path, seed: int) -> dict[str, list[Given]]:
    """Return sets of answers with their texts, good where the texts bear them."""
    material = Material(data, held_back=True)
    draw = random.Random(seed)
    made = [*human_answers(material, draw, whole=True), *made_claims(material, draw, n=500)]
    return {
        "begin-wow": [
            Given(tidy(row["response"]), (tidy(row["context"]),), row["label"] == "supported")
            for row in rows(data / "begin-wow/judged.jsonl")
        ],
        "made": [Given(pair.asked, (pair.text,), pair.support == SUPPORTED) for pair in made],
        "swaps": list(swapped_answers(material, random.Random(seed + 4))),
        "mtrag-judged": [given for task, given in mtrag_judged(data) if is_fitted_task(task)],
    }


def swapped_answers(material: Material, draw: random.Random) -> Iterator[Given]:
    """Yield answers of one to three sentences, each with itself after a name or number was exchanged."""
    for answer, text in [*_human(material), *_made(material, draw)]:
        ways = [exchange_name, exchange_name, exchange_number]
        draw.shuffle(ways)
        for way in ways:
            wrong = way(answer, text, (), draw)
            if wrong and wrong[0] != answer:
                yield Given(answer, (text,), is_good=True)
                yield Given(wrong[0], (text,), is_good=False)
                break


def questions_to_fit(data: Path, seed: int) -> dict[str, list[Given]]:
    """Return sets of questions with passages, good where one of these holds the answer."""
    documents = {row["id"]: row["text"] for row in rows(data / "clapnq/docs.jsonl")}
    found = {
        "clapnq": [
            with_neighbours(row, documents)
            for row in rows(data / "clapnq/questions.jsonl")
            if not is_held_back(row["doc_ids"][0])
        ]
    }
    documents = {row["id"]: f"{row['title']}\n{row['text']}" for row in rows(data / "nomiracl/docs.en.jsonl")}
    found["nomiracl"] = [
        Given(
            row["question"],
            tuple(documents[key] for key in row["doc_ids"] if key in documents),
            row["answerable"],
        )
        for row in rows(data / "nomiracl/questions.en.jsonl")
        if not is_held_back(row["doc_ids"][0])
    ]
    material = Material(data, held_back=True)
    found["changed"] = list(changed_by_rule(material, random.Random(seed + 9)))
    return found


def changed_by_rule(material: Material, draw: random.Random) -> Iterator[Given]:
    """Yield questions that people asked of documents that training left out, and the same changed.

    clapnq is not among them: it measures.
    """
    ranking = Ranking(material.passages)
    human = [
        *of_pages(material, draw),
        *(each for each in of_people(material, draw) if each.source != "clapnq"),
    ]
    for each in draw.sample(human, min(_N_CHANGED, len(human))):
        near = [part for part in ranking.nearest(each.question, 3) if part != each.text][:2]
        changed = changed_question(each.question, each.text, material.strangers, None, draw)
        if changed:
            yield Given(each.question, (each.text, *near), is_good=True)
            yield Given(changed[0], (each.text, *near), is_good=False)


def _human(material: Material) -> Iterator[tuple[str, str]]:
    """Yield answers that people wrote, mostly in the words of their passages, with these."""
    texts = {(name, key): text for name, key, _, text in material.passages}
    for name in ("clapnq", "mtrag-un", "claude-docs"):
        for row in material.questions(f"{name}/questions.jsonl"):
            found = [texts[name, key] for key in row["doc_ids"] if (name, key) in texts]
            if not found or not row["answerable"] or not row.get("answers"):
                continue
            answer, text = tidy(row["answers"][0]), "\n".join(found)
            said = set(content_words(answer))
            if len(answer) < _LONGEST_ANSWER and len(said & set(content_words(text))) > 0.6 * len(said):
                yield answer, text


def _made(material: Material, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Yield sentences that follow each other, said a little differently, with their passage."""
    for _, _, title, text in draw.sample(material.passages, _N_PASSAGES):
        said = list(sentence_texts(text))
        if len(said) > 2:
            first, n = draw.randrange(len(said) - 1), draw.choice((1, 1, 2, 3))
            yield " ".join(harmless(each, title, draw) for each in said[first : first + n]), text
