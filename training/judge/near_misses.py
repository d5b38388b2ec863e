"""Questions that a text nearly answers: something else is asked of it, or the right thing of the wrong text.

These are the second course of training, after the pairs of `recipe.py`: what makes a question unanswerable
is marked in the question itself, as the wrong words of a claim are.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from training.judge.changed_questions import PROPERTIES, changed_question
from training.judge.like_words import LikeWords
from training.judge.pairs import Pair, Span, best_window, places, sentence_texts, tidy
from training.judge.questions import asked_of
from training.judge.recipe import (
    Material,
    begin,
    clapnq,
    claude_docs,
    human_answers,
    made_claims,
    mtrag,
    nomiracl,
    pubmedqa,
    tatqa,
)

from lorewright.knowledge.windows import windows
from lorewright.knowledge.words import content_words

Passage = tuple[str, str, str, str]
_PRONOUN = re.compile(r"^(He|She|It|They|This|The (?:film|album|song|book|band|city|town|company|series))\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with a text that holds its answer, where people or rules say that it does."""

    question: str
    text: str
    source: str
    answer: tuple[Span, ...] | None
    hidden: tuple[str, ...] = ()
    """What a text must not contain to lack the answer."""


def near_miss_pairs(data: Path, trunk: Path, *, seed: int = 14) -> list[Pair]:
    """Return the pairs of the second course, in an order that `seed` fixes."""
    material, draw = Material(data), random.Random(seed)
    like, ranking = LikeWords(trunk), Ranking(material.passages)
    made = list(by_rule(material, draw))
    human = [*of_pages(material, draw), *of_people(material, draw)]
    found = [
        *(pair for each in made for pair in taught(each, material, like, draw)),
        *(pair for _ in range(3) for each in human for pair in taught(each, material, like, draw)),
        *(
            pair
            for each in draw.sample(made, min(len(made), 2500))
            for pair in retrieved(each, ranking, draw)
        ),
        *(pair for each in human if each.source != "tatqa" for pair in retrieved(each, ranking, draw)),
        *without_property(material, draw),
    ]
    for _ in range(2):
        found += [*clapnq(material, draw), *nomiracl(material), *mtrag(material, draw)]
    found += [*tatqa(material, draw), *claude_docs(material, draw), *pubmedqa(material, draw)]
    found += [*made_claims(material, draw), *begin(material), *human_answers(material, draw)]
    draw.shuffle(found)
    return found


def by_rule(material: Material, draw: random.Random, *, n_each: int = 2) -> Iterator[Asked]:
    """Yield questions by rule about sentences of the documents; "he" and "it" are called by the title."""
    for name, _, title, text in material.passages:
        said = list(sentence_texts(text))
        for sentence in draw.sample(said, min(n_each, len(said))):
            named = _PRONOUN.sub(lambda _, title=title: title, sentence) if title else sentence  # type: ignore[misc]
            if (made := asked_of(named, draw)) is None:
                continue
            question, (start, end) = made
            answer = named[start:end]
            window = best_window(text, sentence, size=draw.choice((200, 300, 400, 480)))
            spans = places(window, answer)
            if spans and answer.lower() not in question.lower():
                shown = _titled(title, window, draw)
                yield Asked(question, shown, name, None if title else spans[:1], (answer,))


def _titled(title: str, window: str, draw: random.Random) -> str:
    return f"{title}\n{window}" if title and title not in window and draw.random() < 0.5 else window


def of_pages(material: Material, draw: random.Random) -> Iterator[Asked]:
    """Yield the questions that people asked about annual reports, with the window that answers."""
    documents = material.documents["tatqa"]
    for row in material.questions("tatqa/questions.jsonl"):
        answers = [answer for answer in row["answers"] if answer]
        if row["answer_type"] not in ("span", "multi-span") or not answers:
            continue
        holding = [
            part
            for part in windows(documents[row["doc_ids"][0]][1], size=draw.choice((300, 400)))
            if all(places(part, answer) for answer in answers)
        ]
        if holding:
            asked = set(content_words(row["question"]))
            part = max(holding, key=lambda part: len(asked.intersection(content_words(part))))
            spans = tuple(span for answer in answers for span in places(part, answer))
            yield Asked(row["question"], part, "tatqa", spans if len(spans) <= 3 else None, tuple(answers))


def of_people(material: Material, draw: random.Random) -> Iterator[Asked]:
    """Yield other questions that people asked, with the window that answers."""
    for row in material.questions("clapnq/questions.jsonl"):
        text = material.documents["clapnq"][row["doc_ids"][0]][1]
        evidence = [tidy(each) for each in row["evidence"]]
        for part in windows(text, size=draw.choice((300, 400))):
            spans = tuple(span for each in evidence for span in places(part, each))
            if spans:
                yield Asked(row["question"], part, "clapnq", spans, tuple(evidence))
    for name in ("claude-docs", "pubmedqa", "mtrag-un"):
        documents = material.documents[name]
        for row in material.questions(f"{name}/questions.jsonl"):
            answer = row.get("long_answer") or next(iter(row.get("answers") or ()), "")
            if not answer or not row["answerable"] or row.get("label") == "maybe" or row.get("history"):
                continue
            texts = [documents[key][1] for key in row["doc_ids"] if key in documents]
            if texts:
                parts = [best_window(text, answer) for text in texts]
                text = max(parts, key=lambda part, answer=answer: _shared(answer, part))  # type: ignore[misc]
                yield Asked(row["question"], text, name, None, (text[:60],))


def taught(each: Asked, material: Material, like: LikeWords, draw: random.Random) -> Iterator[Pair]:
    """Yield the question with its text, and one that was changed so that the text does not answer it."""
    if draw.random() < 0.95:
        yield _pair(each, each.question, each.text, 1.0, each.answer, ())
    changed = changed_question(each.question, each.text, material.strangers, like, draw)
    if changed and draw.random() < 0.95:
        yield _pair(each, changed[0], each.text, 0.0, (), (changed[1],))


def _pair(each: Asked, question: str, text: str, answerable: float, answer: object, wrong: object) -> Pair:
    return Pair(
        asked=question, text=text, source=f"{each.source}-changed", relevance=1.0 if answerable else None,
        answerable=answerable, answer=answer, wrong=wrong,  # type: ignore[arg-type]
    )  # fmt: skip


class Ranking:
    """Ranks windows of the documents by the words that they share, rare ones first (BM25 without lengths)."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.windows = [part for _, _, title, text in passages for part in _parts(title, text)]
        self._where: dict[str, list[int]] = defaultdict(list)
        for place, part in enumerate(self.windows):
            for word in set(content_words(part)):
                self._where[word].append(place)

    def nearest(self, question: str, n: int) -> list[str]:
        """Return the `n` windows that share the rarest words with the question."""
        score = np.zeros(len(self.windows), dtype=np.float32)
        for word in set(content_words(question)):
            found = self._where.get(word, [])
            if found:
                score[found] += np.log(1 + len(self.windows) / len(found))
        return [self.windows[place] for place in score.argsort(kind="stable")[::-1][:n]]


def _parts(title: str, text: str) -> list[str]:
    return [f"{title}\n{part}" if title and title not in part else part for part in windows(text)]


def retrieved(each: Asked, ranking: Ranking, draw: random.Random) -> Iterator[Pair]:
    """Yield the question with windows that a search finds first and that lack its answer."""
    lacking = [
        part
        for part in ranking.nearest(each.question, 6)
        if part not in each.text and each.text not in part
        and not any(hidden.lower() in part.lower() for hidden in each.hidden)
        and _shared(each.text, part) < 0.5
    ]  # fmt: skip
    for part in lacking[: 1 + (draw.random() < 0.5)]:
        yield Pair(
            asked=each.question, text=part, source=f"{each.source}-retrieved", answerable=0.0, answer=()
        )


def _shared(words: str, text: str) -> float:
    said = set(content_words(words))
    return len(said.intersection(content_words(text))) / (len(said) or 1)


def without_property(material: Material, draw: random.Random) -> Iterator[Pair]:
    """Yield questions about the title of a text for a property of which the text says nothing."""
    for name, _, title, text in material.passages:
        is_chosen = draw.random() >= 0.5 and title and len(title) <= 60
        if not is_chosen or name not in ("nomiracl", "clapnq", "mtrag-un"):
            continue
        window = draw.choice(windows(text) or [text[:400]])
        for asked, words, said in draw.sample(PROPERTIES, 2):
            if re.search(said, f"{title} {text}", re.IGNORECASE):
                continue
            question = asked.format(title if draw.random() < 0.5 else title.lower())
            question += "?" if draw.random() < 0.5 else ""
            at = question.find(words)
            yield Pair(
                asked=question, text=_titled(title, window, draw), source=f"{name}-property",
                answerable=0.0, answer=(), wrong=((at, at + len(words)),),
            )  # fmt: skip
            break
