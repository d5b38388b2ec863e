"""Which drafts are checked, in which order: spread over documents and kinds, the same every time."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lorewright.evaluation.suggested.checks import Checks
from lorewright.evaluation.suggested.draft import Draft, Kind
from lorewright.evaluation.suggested.grammars import grammar_of
from lorewright.evaluation.suggested.outline import hash_of
from lorewright.progress import Progress, quiet

SHARES: Mapping[Kind, float] = {
    "sentence": 0.26, "heading": 0.16, "table": 0.16, "field": 0.12, "definition": 0.08, "comparison": 0.04,
    "paraphrase": 0.08, "unanswerable": 0.1,
}  # fmt: skip
"""How the questions are divided among the kinds that the documents give; what one lacks the others get."""
_TRIES = 14
"""How many drafts are checked for each question that is wanted, at most."""


@dataclass(slots=True)
class Chosen:
    """The drafts that passed, and how many were dropped for which reason."""

    drafts: list[Draft] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)

    def drop(self, reason: str) -> None:
        """Count a draft that is dropped."""
        self.dropped[reason] = self.dropped.get(reason, 0) + 1


def choose(
    by_kind: Mapping[Kind, Sequence[Draft]],
    checks: Checks,
    *,
    n: int,
    is_known: Callable[[str], bool],
    on_chosen: Callable[[Draft], None] = lambda _: None,
    progress: Progress = quiet,
) -> Chosen:
    """Return up to `n` drafts that pass the checks, one document after the other in every kind.

    No two are made of one place, and few by one template. `is_known(question)` tells of a question that is
    nearly one of those
    that are there already; `on_chosen` is called with each draft that passes.
    """
    chosen = Chosen()
    lines = {kind: iter(_spread(drafts)) for kind, drafts in by_kind.items() if drafts}
    taken: dict[Kind, float] = defaultdict(float)
    per_document: dict[tuple[Kind, str], int] = defaultdict(int)
    places: set[tuple[str, int]] = set()
    forms: dict[str, int] = defaultdict(int)
    n_tried = 0
    while lines and len(chosen.drafts) < n and n_tried < _TRIES * n:
        kind = min(lines, key=lambda one: taken[one] / SHARES[one])
        draft = next(lines[kind], None)
        if draft is None:
            del lines[kind]
            continue
        place = (draft.evidence[0].document_id, draft.evidence[0].start)
        if draft.is_answerable and (place in places or per_document[kind, place[0]] >= max(2, n // 8)):
            continue
        if forms[_form(draft)] >= max(2, n // 10):
            continue
        n_tried += 1
        passed = checks.passed(draft)
        if isinstance(passed, str):
            chosen.drop(passed)
            taken[kind] += 0.12 if taken[kind] else 0.05  # a kind that hardly passes gives way
        elif is_known(passed.question):
            chosen.drop("known")
        else:
            chosen.drafts.append(passed)
            on_chosen(passed)
            taken[kind] += 1
            per_document[kind, place[0]] += 1
            forms[_form(passed)] += 1
            if draft.is_answerable:
                places.add(place)
        progress(min(len(chosen.drafts), n), n)
    return chosen


def _form(draft: Draft) -> str:
    """Return what a template's questions have in common: "Until when … support?"."""
    words = draft.question.split()
    if draft.kind == "comparison":
        return " ".join(words[:3])
    is_free = draft.kind in ("sentence", "heading", "definition")
    return draft.question if is_free else " ".join([draft.kind, *words[:2], words[-1]])


def rewordings(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Yield drafts asked in other words than their evidence has."""
    for draft in drafts:
        grammar = grammar_of(draft.language)
        other = grammar.reword(draft.question) if grammar else ""
        if other and draft.kind in ("sentence", "table", "field", "definition", "heading"):
            about = draft.closer.removesuffix(draft.question[1:])[:-1] if draft.closer else ""
            closer = f"{about}{other[0].lower()}{other[1:]}" if about else ""
            yield replace(draft, kind="paraphrase", question=other, closer=closer)


def _spread(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Yield the drafts of each document in turn, both in an order that follows from their words alone."""
    by_document: dict[str, list[Draft]] = defaultdict(list)
    for draft in sorted(drafts, key=lambda one: hash_of(one.question)):
        by_document[draft.evidence[0].document_id].append(draft)
    names = sorted(by_document, key=hash_of)
    for turn in range(max(map(len, by_document.values()), default=0)):
        for name in names:
            if turn < len(by_document[name]):
                yield by_document[name][turn]
