"""Trying out the check of answers on this domain: what of tampered answers is noticed."""

import random
from collections.abc import Iterator

from lorewright.access import Caller
from lorewright.evaluation.meter import Grounded, Noticed, measure_meter
from lorewright.evaluation.refusal_threshold import RefusalThreshold, choose_threshold
from lorewright.flows import style_from
from lorewright.knowledge.answerable import hits_answerability
from lorewright.knowledge.verdict import can_judge
from lorewright.knowledge.words import content_words, sentences
from lorewright.workspace.dataset.material import LearningMaterial, read_material
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.workspace import Workspace

N_ANSWERS = 60
_N_CHUNKS = 5
_FEWEST_WORDS, _MOST_CHARS = 5, 600


def try_meter(workspace: Workspace, caller: Caller) -> list[Noticed]:
    """Return what is noticed of this domain's answers as they are, and of the same made wrong.

    The answers are the targets of its held-out questions, each held against the chunks that are
    found for it, and sentences of its documents where there are too few questions.
    """
    caller.need("evaluate")
    if not workspace.documents.count():
        return []
    material, seed = read_material(workspace), workspace.settings.tuning.seed
    style = style_from(material.train, workspace.settings)
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    answers = list(_targets(workspace, material))
    answers = draw.sample(answers, min(N_ANSWERS, len(answers)))
    if len(answers) < N_ANSWERS:
        quoted = list(_quoted(workspace, draw))
        answers += draw.sample(quoted, min(N_ANSWERS - len(answers), len(quoted)))
    judge = find_judge(workspace.settings).judge
    return measure_meter(answers, judge, style_words=style.style_words, seed=seed)


def fit_refusals(workspace: Workspace, caller: Caller) -> RefusalThreshold | None:
    """Return the `retrieval.min_answerability` that suits this domain's questions best.

    `None` where there are too few of them, or no judge that reads them.
    """
    caller.need("evaluate")
    judge = find_judge(workspace.settings).judge
    if judge is None or not workspace.documents.count():
        return None
    likeness = workspace.collection.likeness
    scores: dict[bool, list[float]] = {True: [], False: []}
    for question in read_material(workspace).questions:
        if can_judge(question.text):
            hits = workspace.collection.search(question.text, n=workspace.settings.retrieval.usual_n_kept)
            scores[question.answerable].append(
                hits_answerability(question.text, hits, judge, likeness=likeness)
            )
    return choose_threshold(scores[True], scores[False])


def _targets(workspace: Workspace, material: LearningMaterial) -> Iterator[Grounded]:
    for question in material.questions:
        target = next(iter(question.targets), "")
        if question.answerable and len(content_words(target)) >= _FEWEST_WORDS:
            yield Grounded(target, (*_found(workspace, f"{question.text} {target}"), question.text))


def _quoted(workspace: Workspace, draw: random.Random) -> Iterator[Grounded]:
    """Yield a sentence of some documents with the chunks that are found for it."""
    names = list(workspace.documents.states())
    for name in draw.sample(names, min(2 * N_ANSWERS, len(names))):
        document = workspace.documents.find(name)
        text = document.text if document else ""
        statements = [
            text[start:end]
            for start, end in sentences(text)
            if end - start < _MOST_CHARS and len(content_words(text[start:end])) >= _FEWEST_WORDS
        ]
        if statements:
            sentence = draw.choice(statements)
            yield Grounded(sentence, _found(workspace, sentence))


def _found(workspace: Workspace, query: str) -> tuple[str, ...]:
    return tuple(hit.chunk.context for hit in workspace.collection.search(query, n=_N_CHUNKS))
