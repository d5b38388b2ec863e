"""Questions made of statements, by rule: the answer is taken out and a question word put in."""

import random
import re

from training.judge.pairs import Span
from training.judge.word_pairs import OPPOSITE, SYNONYMS

from lorewright.evaluation.tampering import names, numbers
from lorewright.knowledge.words import content_words

_MAIN = re.compile(
    r"^(?P<subject>[^,.;:]{2,70}?) "
    r"(?P<verb>is|are|was|were|has|have|had|can|will|may|must) (?P<rest>.+?)[.!]?$"
)
_YEAR = re.compile(r"[12]\d{3}")


def asked_of(sentence: str, draw: random.Random) -> tuple[str, Span] | None:
    """Return a question about a name or number of the sentence, and the span of its answer there."""
    spots = [(span, "number") for span in numbers(sentence)] + [(span, "name") for span in names(sentence)]
    if not spots:
        return None
    (start, end), kind = draw.choice(spots)
    answer = sentence[start:end]
    before, after = sentence[:start], sentence[end:]
    way = draw.random()
    if way < 0.45 and (made := _moved(before, answer, after, kind, draw)):
        question = made
    elif way < 0.8:
        question = _keywords(before, answer, after, kind, draw)
    else:
        question = f"{before}{_word(answer, kind, before, draw)}{after.rstrip('.!')}"
    question = _loosened(question, draw)
    if len(content_words(question)) < 2:
        return None
    return question, (start, end)


def made_unanswerable(question: str, strangers: list[str], draw: random.Random) -> str | None:
    """Return the question asking for something else: another name, number, or the opposite."""
    opposites = [each for each in re.finditer(r"[a-z]+", question) if each.group() in OPPOSITE]
    if opposites and draw.random() < 0.5:
        each = draw.choice(opposites)
        return question[: each.start()] + OPPOSITE[each.group()] + question[each.end() :]
    spots = [*names(question), *numbers(question)]
    if spots:
        start, end = draw.choice(spots)
        if question[start].isdigit():
            digit = draw.choice([d for d in "123456789" if d != question[end - 1]])
            return question[: end - 1] + digit + question[end:]
        return question[:start] + draw.choice(strangers) + question[end:]
    return None


def _moved(before: str, answer: str, after: str, kind: str, draw: random.Random) -> str | None:
    """Ask with the verb in front: "When was X founded"."""
    found = _MAIN.match(before + "\0" + after)
    if not found:
        return None
    subject, verb, rest = found["subject"], found["verb"], found["rest"]
    if "\0" in subject:
        if subject.strip("\0 ").lower() not in ("", "the", "a", "an"):
            return None
        return f"{'How many' if kind == 'number' else draw.choice(('Who', 'What', 'Which'))} {verb} {rest}"
    if "\0" not in rest:
        return None
    lead, _, tail = rest.partition("\0")
    lead = re.sub(r"\s+(?:in|on|at|by|of|to|from|for|with|the|a|an|as)\s*$", " ", lead + " ").strip()
    tail = tail if draw.random() < 0.5 else re.split(r"[,;(]", tail)[0]
    lowered = (
        subject[0].lower() + subject[1:]
        if re.match(r"(The|A|An|In|It|He|She|They|This|These|His|Her)\b", subject)
        else subject
    )
    return (
        f"{_word(answer, kind, rest[: rest.index(chr(0))], draw).capitalize()} {verb} {lowered} {lead} {tail}"
    )


def _keywords(before: str, answer: str, after: str, kind: str, draw: random.Random) -> str:
    """Ask as people type into a search box: a question word and what matters."""
    words = (before + " " + re.split(r"[;(]", after)[0]).split()
    near = len(before.split())
    kept = [
        word
        for place, word in enumerate(words)
        if (content_words(word) or draw.random() < 0.4)
        and draw.random() < (0.9 if abs(place - near) < 9 else 0.5)
    ]
    return f"{_word(answer, kind, before, draw)} {' '.join(kept)}"


def _word(answer: str, kind: str, before: str, draw: random.Random) -> str:
    """Return the question word that fits the answer."""
    if kind == "name":
        if re.search(r"\b(?:in|at|near|to|from)\s*$", before) and draw.random() < 0.6:
            return "where"
        return draw.choice(("who", "what", "which", "what is the name of the"))
    if _YEAR.search(answer) or (re.search(r"[a-z]{3}", answer.lower()) and re.search(r"\d", answer)):
        return draw.choice(("when", "what year", "when", "on what date"))
    if "$" in answer or "%" in answer:
        return draw.choice(("how much", "what percentage" if "%" in answer else "what amount"))
    return draw.choice(("how many", "what number of", "how much"))


def _loosened(question: str, draw: random.Random) -> str:
    """Return the question with a few words said otherwise or left out."""
    words = []
    for word in question.replace("\0", " ").split():
        plain = word.lower().strip(",.;:")
        if plain in SYNONYMS and draw.random() < 0.4:
            word = SYNONYMS[plain]
        if draw.random() > 0.04:
            words.append(word.strip('"`()'))
    said = " ".join(words).strip(" ,;:")[:160]
    if draw.random() < 0.4:
        said = said.lower()
    return said + ("?" if draw.random() < 0.6 else "")
