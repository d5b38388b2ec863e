"""From open sets to pairs: what the judge learns, and the parts of each set that it never sees."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.judged_texts import is_held_back, rows
from training.judge.pairs import Pair, best_window, places, sentence_texts, tidy
from training.judge.questions import asked_of, made_unanswerable
from training.judge.swaps import harmless, swapped

from lorewright.evaluation.tampering import names
from lorewright.knowledge.windows import windows
from lorewright.knowledge.words import content_words, sentences

CONTRADICTED, NOT_STATED, SUPPORTED = 0, 1, 2


class Material:
    """The documents that may be learned from, by set; what `faith-swap` holds is left out of claims."""

    def __init__(self, data: Path, *, held_back: bool = False) -> None:
        self.data = data
        self._held_back = held_back
        self.documents = {
            name: {row["id"]: (tidy(row.get("title") or ""), tidy(row["text"])) for row in rows(data / path)}
            for name, path in {
                "clapnq": "clapnq/docs.jsonl",
                "nomiracl": "nomiracl/docs.en.jsonl",
                "mtrag-un": "mtrag-un/docs.jsonl",
                "tatqa": "tatqa/docs.jsonl",
                "pubmedqa": "pubmedqa/docs.jsonl",
                "claude-docs": "claude-docs/docs.jsonl",
            }.items()
        }
        held = {tidy(row["context"])[:80] for row in rows(data / "faith-swap/judged.jsonl")}
        self.passages = [
            (name, key, title, text)
            for name, documents in self.documents.items()
            for key, (title, text) in documents.items()
            if is_held_back(key) == held_back and not (name == "clapnq" and text[:80] in held)
        ]
        self.strangers = sorted({text[s:e] for _, _, _, text in self.passages[::7] for s, e in names(text)})

    def questions(self, path: str) -> list[dict[str, Any]]:
        """Return the questions whose first document is not held back."""
        return [
            row
            for row in rows(self.data / path)
            if is_held_back((row.get("doc_ids") or [row["id"]])[0]) == self._held_back
        ]


def all_pairs(data: Path, *, seed: int = 13) -> list[Pair]:
    """Return every pair to learn from, in an order that `seed` fixes."""
    material, draw = Material(data), random.Random(seed)
    found = [
        *made_claims(material, draw),
        *begin(material),
        *human_answers(material, draw),
        *made_questions(material, draw),
        *clapnq(material, draw),
        *nomiracl(material),
        *tatqa(material, draw),
        *mtrag(material, draw),
        *claude_docs(material, draw),
        *pubmedqa(material, draw),
    ]
    draw.shuffle(found)
    return found


def made_claims(material: Material, draw: random.Random, *, n: int = 5200) -> Iterator[Pair]:
    """Sentences of the documents, changed without harm or with one thing made wrong."""
    passages = draw.sample(material.passages, min(n, len(material.passages)))
    for name, _, title, text in passages:
        said = list(sentence_texts(text))
        if len(said) < 2:
            continue
        sentence = draw.choice(said)
        window = best_window(text, sentence, size=draw.choice((160, 250, 400)))
        calm = harmless(sentence, title, draw)
        choice = draw.random()
        if choice < 0.42:
            yield _claim(calm, window, name, SUPPORTED, ())
        if 0.2 < choice < 0.8:
            if (
                made := swapped(calm if draw.random() < 0.7 else sentence, text, material.strangers, draw)
            ) is not None:
                yield _claim(made[0], window, name, CONTRADICTED, made[1])
        elif choice >= 0.8:
            yield _claim(calm, _without(window, sentence, text), name, NOT_STATED, None)
        if choice > 0.93:
            other = draw.choice(said)
            link = draw.choice(("because", "and", "so", "while"))
            added = f"{calm.rstrip('.')}, {link} {other[0].lower()}{other[1:]}"
            if other != sentence and other not in window:
                yield _claim(added, window, name, NOT_STATED, ((len(calm.rstrip(".")) + 2, len(added)),))


def _claim(claim: str, text: str, source: str, support: int, wrong: Any) -> Pair:
    return Pair(asked=claim, text=text, source=f"{source}-claim", support=support, wrong=wrong)


def _without(window: str, sentence: str, text: str) -> str:
    """Return the window without the sentence, or another one if too little is left."""
    left = " ".join(window.replace(sentence, " ").split())
    if len(left) > 80:
        return left
    return next((other for other in windows(text) if sentence not in other), "Nothing else is said here.")


def begin(material: Material) -> Iterator[Pair]:
    """What people judged of the answers of several models (the training part)."""
    for row in rows(material.data / "begin-wow/judged.jsonl"):
        good = row["label"] == "supported"
        yield Pair(
            asked=tidy(row["response"]), text=tidy(row["context"]), source="begin-wow",
            support=SUPPORTED if good else NOT_STATED, wrong=() if good else None,
        )  # fmt: skip


def human_answers(material: Material, draw: random.Random, *, whole: bool = False) -> Iterator[Pair]:
    """Answers that people wrote from a passage, and the same with one thing made wrong.

    The text is the closest window, or the `whole` passages: that is what a verdict is given later.
    """
    texts = {(name, key): text for name, key, _, text in material.passages}
    for name in ("clapnq", "mtrag-un", "claude-docs"):
        for row in material.questions(f"{name}/questions.jsonl"):
            found = [texts[name, key] for key in row["doc_ids"] if (name, key) in texts]
            if not found or not row["answerable"] or not row.get("answers"):
                continue
            answer = tidy(row["answers"][0])
            for start, end in list(sentences(answer))[:4]:
                sentence = answer[start:end]
                if len(content_words(sentence)) < 4:
                    continue
                text = _read_with(sentence, "\n".join(found), whole=whole, draw=draw)
                overlap = len(set(content_words(sentence)) & set(content_words(text))) / len(
                    set(content_words(sentence))
                )
                if overlap > 0.55:
                    yield _claim(sentence, text, name, SUPPORTED, ())
                    for _ in range(2):
                        if (made := swapped(sentence, text, material.strangers, draw)) is not None:
                            yield _claim(made[0], text, name, CONTRADICTED, made[1])
                elif overlap < 0.3:
                    yield _claim(sentence, text, name, NOT_STATED, None)


def _read_with(sentence: str, text: str, *, whole: bool, draw: random.Random) -> str:
    return text if whole else best_window(text, sentence, size=draw.choice((250, 400)))


def made_questions(material: Material, draw: random.Random, *, n: int = 5200) -> Iterator[Pair]:
    """Questions by rule about the sentences of the documents, with near misses."""
    passages = draw.sample(material.passages, min(n, len(material.passages)))
    for place, (name, _, _title, text) in enumerate(passages):
        said = list(sentence_texts(text))
        if len(said) < 2:
            continue
        sentence = draw.choice(said)
        if (made := asked_of(sentence, draw)) is None:
            continue
        question, (start, end) = made
        answer = sentence[start:end]
        window = best_window(text, sentence, size=draw.choice((200, 300, 480)))
        choice = draw.random()
        if choice < 0.55:
            at = window.find(sentence)
            span = ((at + start, at + end),) if at >= 0 else places(window, answer)[:1]
            yield _question(question, window, name, 1.0, 1.0, span)
        if 0.4 < choice < 0.72:
            yield _question(question, _without(window, sentence, text), name, None, 0.0, ())
        elif choice >= 0.72 and (other := made_unanswerable(question, material.strangers, draw)):
            yield _question(other, window, name, None, 0.0, ())
        if choice > 0.8:
            stranger = passages[(place + 1) % len(passages)]
            near = best_window(_similar(question, passages, draw) or stranger[3], question)
            if answer not in near:
                yield _question(question, near, name, 0.0, 0.0, ())


def _similar(question: str, passages: Sequence[tuple[str, str, str, str]], draw: random.Random) -> str | None:
    """Return of some passages the one that shares most words with the question."""
    some = draw.sample(passages, min(200, len(passages)))
    return max((text for _, _, _, text in some), key=lambda text: _shared(question, text), default=None)


def _question(question: str, text: str, source: str, relevance: Any, answerable: Any, answer: Any) -> Pair:
    return Pair(
        asked=question, text=text, source=source, relevance=relevance, answerable=answerable, answer=answer
    )


def clapnq(material: Material, draw: random.Random) -> Iterator[Pair]:
    """Questions that people asked a search engine, with the sentences that answer them."""
    documents = material.documents["clapnq"]
    for row in material.questions("clapnq/questions.jsonl"):
        _, text = documents[row["doc_ids"][0]]
        parts = windows(text)
        evidence = [tidy(each) for each in row["evidence"]]
        for part in parts:
            spans = tuple(span for each in evidence for span in places(part, each))
            if spans:
                yield _question(row["question"], part, "clapnq", 1.0, 1.0, spans)
            elif row["answerable"]:
                yield _question(row["question"], part, "clapnq", None, 0.0, ())
        if not row["answerable"]:
            for part in sorted(parts, key=lambda part: -_shared(row["question"], part))[:2]:
                yield _question(row["question"], part, "clapnq-none", None, 0.0, ())
        other = draw.choice(list(documents.values()))[1]
        yield _question(row["question"], best_window(other, row["question"]), "clapnq", 0.0, 0.0, ())


def _shared(question: str, text: str) -> int:
    return len(_words(question) & _words(text))


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(content_words(text))


def nomiracl(material: Material) -> Iterator[Pair]:
    """Questions with ten passages of which people found none to hold the answer.

    Where one of the ten does, nobody says which; the closest is taken only when its words say so.
    """
    documents = material.documents["nomiracl"]
    for row in material.questions("nomiracl/questions.en.jsonl"):
        found = [" ".join(documents[key]) for key in row["doc_ids"] if key in documents]
        ranked = sorted(found, key=lambda text: -_shared(row["question"], text))
        if not row["answerable"]:
            for text in ranked[:5]:
                yield _question(
                    row["question"], best_window(text, row["question"]), "nomiracl-none", 0.0, 0.0, ()
                )
            continue
        wanted = max(1, len(set(content_words(row["question"]))))
        if _shared(row["question"], ranked[0]) / wanted > 0.6:
            yield _question(
                row["question"], best_window(ranked[0], row["question"]), "nomiracl", 1.0, None, None
            )
        if _shared(row["question"], ranked[-1]) / wanted < 0.4:
            yield _question(
                row["question"], best_window(ranked[-1], row["question"]), "nomiracl", 0.0, 0.0, ()
            )


def tatqa(material: Material, draw: random.Random, *, n: int = 900) -> Iterator[Pair]:
    """Questions about pages of annual reports: spans of paragraphs and cells of tables."""
    documents = material.documents["tatqa"]
    questions = [
        row
        for row in material.questions("tatqa/questions.jsonl")
        if row["answer_type"] in ("span", "multi-span")
    ]
    for row in draw.sample(questions, min(n, len(questions))):
        text = documents[row["doc_ids"][0]][1]
        answers = [answer for answer in row["answers"] if answer and answer in text]
        if not answers:
            continue
        holding = [part for part in windows(text) if all(places(part, answer) for answer in answers)]
        if holding:
            part = max(holding, key=lambda part: _shared(row["question"], part))
            spans = tuple(span for answer in answers for span in places(part, answer))
            yield _question(row["question"], part, "tatqa", 1.0, 1.0, spans if len(spans) <= 3 else None)
        lacking = [part for part in windows(text) if not any(places(part, answer) for answer in answers)]
        if lacking:
            yield _question(
                row["question"],
                max(lacking, key=lambda part: _shared(row["question"], part)),
                "tatqa",
                None,
                0.0,
                (),
            )
        other = draw.choice(list(documents.values()))[1]
        if not any(answer in other for answer in answers):
            yield _question(row["question"], best_window(other, row["question"]), "tatqa", 0.0, 0.0, ())


def mtrag(material: Material, draw: random.Random) -> Iterator[Pair]:
    """Last turns of conversations with the passages that people took, or that held nothing."""
    documents = material.documents["mtrag-un"]
    for row in material.questions("mtrag-un/questions.jsonl"):
        users = [turn["content"] for turn in row["history"] if turn["role"] == "user"]
        question = f"{users[-1]} {row['question']}" if users else row["question"]
        found = [documents[key][1] for key in row["doc_ids"] if key in documents]
        if row["answerable"] and found and row.get("answers"):
            text = max(
                (best_window(text, row["answers"][0]) for text in found),
                key=lambda part: _shared(row["answers"][0], part),
            )
            yield _question(question, text, "mtrag-un", 1.0, 1.0, None)
        elif found and not row["answerable"]:
            yield _question(question, best_window(found[0], question), "mtrag-un", None, 0.0, ())
        other = draw.choice(list(documents.values()))[1]
        yield _question(question, best_window(other, question), "mtrag-un", 0.0, 0.0, ())


def claude_docs(material: Material, draw: random.Random) -> Iterator[Pair]:
    """Questions about a product's documentation, and headings as the questions of their sections."""
    documents = material.documents["claude-docs"]
    for row in material.questions("claude-docs/questions.jsonl"):
        answer = row["answers"][0]
        for key in row["doc_ids"]:
            if key in documents:
                yield _question(
                    row["question"],
                    best_window(documents[key][1], answer + " " + row["question"]),
                    "claude-docs",
                    1.0,
                    1.0,
                    None,
                )
        for _ in range(3):
            key = draw.choice(list(documents))
            if key not in row["doc_ids"]:
                yield _question(
                    row["question"],
                    best_window(documents[key][1], row["question"]),
                    "claude-docs",
                    0.0,
                    0.0,
                    (),
                )
    for name, titled in material.documents.items():
        for key, (title, text) in titled.items():
            if len(title) < 8 or is_held_back(key) or draw.random() > (0.12 if name == "nomiracl" else 0.6):
                continue
            body = text.removeprefix(title).strip()
            yield _question(
                draw.choice(("{}", "what is {}", "tell me about {}", "{}?")).format(title),
                best_window(body, title),
                name,
                1.0,
                None,
                None,
            )
            other = draw.choice(list(titled.values()))
            if other[0] != title:
                yield _question(title, best_window(other[1], title), name, 0.0, 0.0, ())


def pubmedqa(material: Material, draw: random.Random) -> Iterator[Pair]:
    """Questions of biomedical papers; "maybe" means that the abstract does not answer."""
    documents = material.documents["pubmedqa"]
    for row in material.questions("pubmedqa/questions.jsonl"):
        text = documents[row["doc_ids"][0]][1]
        holds = row["label"] != "maybe"
        yield _question(
            row["question"],
            best_window(text, row["long_answer"]),
            "pubmedqa",
            1.0,
            1.0 if holds else None,
            None,
        )
        other = draw.choice(list(documents.values()))[1]
        yield _question(row["question"], best_window(other, row["question"]), "pubmedqa", 0.0, 0.0, ())
