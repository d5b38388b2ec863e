"""Thumbs, corrections and votes as preferences: pairs of answers to one prompt, or answers with a label."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.datasets import Example, is_held_out, near_duplicates
from lorewright.datasets.split import normalised
from lorewright.errors import BadParameter
from lorewright.evaluation import held_out_texts
from lorewright.messages import Conversation
from lorewright.storage import Record
from lorewright.tuning import Preference, RatedRow
from lorewright.workspace.answering.feedback import documents_behind
from lorewright.workspace.answering.feedback_placing import KIND
from lorewright.workspace.answering.kept_answers import stored_answer
from lorewright.workspace.answering.messages import conversation_from
from lorewright.workspace.dataset.at_hand import material_at_hand
from lorewright.workspace.dataset.material import MOST_BY_MEANING
from lorewright.workspace.dataset.sources import MADE_OF
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of

VOTES = "vote"
"""The kind of records of votes, as chats keep them."""
REASONS: Mapping[str, str] = {
    "waiting": "corrections that nobody accepted yet",
    "no_text": "answers whose text was not stored or is no text alone",
    "held_out": "asked nearly as a held-out question, or kept to measure on",
    "contradictory": "preferred by one person and rejected by another",
}
"""Why feedback is not among the pairs, and how that is said after its number."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What can be learned from feedback; `left_out` counts by reason what cannot."""

    left_out: Mapping[str, int]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what was left out, a line for each reason."""
        return tuple(f"Left out: {n:,} {REASONS[reason]}." for reason, n in self.left_out.items())


@dataclass(frozen=True, slots=True)
class PreferencePairs(Exported):
    """Pairs of answers to one prompt."""

    pairs: tuple[Preference, ...]


@dataclass(frozen=True, slots=True)
class RatedAnswers(Exported):
    """Answers that are good or bad, each on its own."""

    rows: tuple[RatedRow, ...]


def export_pairs(server: Server, caller: Caller) -> PreferencePairs:
    """Return the feedback that a caller may see as preference pairs, each once.

    An accepted correction is preferred to the answer that it corrects, an answer with a thumb up to one
    with a thumb down to the same prompt, and the answer that won a vote to the others. Nothing comes of
    prompts that are held out, nor of answers made of documents that the caller may not read.
    """
    caller.need("tune")
    left_out = Counter[str]()
    opinions = _opinions(server, caller, left_out)
    candidates = [pair for prompt, given in opinions.items() for pair in given.pairs(prompt, left_out)]
    pairs = _agreed(candidates, left_out)
    _note_export(server, caller, len(pairs))
    return PreferencePairs(_in_order(left_out), pairs)


def export_rated(server: Server, caller: Caller) -> RatedAnswers:
    """Return the feedback that a caller may see as answers that are good or bad, each once.

    Good are answers with a thumb up and accepted corrections, bad those with a thumb down and those that
    were corrected: no second answer to the same prompt is needed. Votes say only which answer is better.
    """
    caller.need("tune")
    left_out = Counter[str]()
    opinions = _opinions(server, caller, left_out)
    rows = tuple(row for prompt, given in opinions.items() for row in given.rated(prompt, left_out))
    _note_export(server, caller, len(rows))
    return RatedAnswers(_in_order(left_out), rows)


def _note_export(server: Server, caller: Caller, n: int) -> None:
    audit(server.workspace, caller, Act.PAIRS_EXPORTED, "feedback", n=n)


def _opinions(server: Server, caller: Caller, left_out: Counter[str]) -> "dict[Conversation, _Opinions]":
    """Return by prompt what people thought of answers, where a caller may learn from it."""
    allowed = readable(server.workspace, caller)
    judged = [
        *_judged(server.records(KIND).all(owner=owner_of(caller)), allowed, left_out),
        *_voted(server, caller, allowed, left_out),
    ]
    open_prompts = _open_prompts(server.workspace, judged)
    opinions: dict[Conversation, _Opinions] = {}
    for one in judged:
        if one.prompt not in open_prompts:
            left_out["held_out"] += 1
            continue
        opinions.setdefault(one.prompt, _Opinions()).add(one)
    return opinions


def _in_order(left_out: Counter[str]) -> dict[str, int]:
    return {reason: left_out[reason] for reason in REASONS if left_out[reason]}


@dataclass(frozen=True, slots=True)
class _Judged:
    """One person's opinion on one answer; `correction` is '' without an accepted one.

    `worse` are the answers that a vote placed behind it.
    """

    prompt: Conversation
    text: str
    thumb: str = ""
    correction: str = ""
    side: str = ""
    worse: tuple[str, ...] = ()


def _judged(records: Iterable[Record], allowed: Readable, left_out: Counter[str]) -> Iterator[_Judged]:
    """Yield the opinions that can become pairs."""
    for record in records:
        body: Mapping[str, Any] = record.body
        if body["status"] == "rejected" or not (body["thumb"] or body["right"]):
            continue
        if not allowed.covers(body.get(MADE_OF)):
            continue  # not counted either: for them it does not exist
        prompt = _prompt_of(body)
        if not prompt or not (body["text"] or "").strip():
            left_out["no_text"] += 1
            continue
        right = (body["right"] or "").strip()
        is_correction = bool(right) and _words(right) != _words(body["text"])
        is_accepted = body["status"] == "placed"
        left_out["waiting"] += is_correction and not is_accepted
        yield _Judged(
            prompt=prompt,
            text=body["text"].strip(),
            thumb=body["thumb"] or "",
            correction=right if is_correction and is_accepted else "",
            side=body["side"] or "",
        )


def _voted(server: Server, caller: Caller, allowed: Readable, left_out: Counter[str]) -> Iterator[_Judged]:
    """Yield the answers that won a vote, with those that lost it."""
    for vote in server.records(VOTES).all(owner=owner_of(caller)):
        models, winner = vote.body["models"], vote.body["winner"]
        if winner is None or not all(caller.may_use_model(model) for model in models):
            continue
        ids = vote.body["answers"]
        answers = [stored_answer(server, answer_id) if answer_id else None for answer_id in ids]
        kept = [answer.body for answer in answers if answer is not None]
        if not all(allowed.covers(documents_behind(body)) for body in kept):
            continue  # not counted either: for them it does not exist
        first = answers[vote.body.get("place", models.index(winner))]
        prompt = _prompt_of(first.body) if first else ()
        best = (first.body["text"] or "").strip() if first else ""
        others = [(body["text"] or "").strip() for body in kept if _prompt_of(body) == prompt]
        worse = {_words(text): text for text in others if text and _words(text) != _words(best)}
        if not prompt or not best or not worse:
            left_out["no_text"] += 1
            continue
        yield _Judged(prompt, best, worse=tuple(worse.values()))


def _prompt_of(body: Mapping[str, Any]) -> Conversation:
    """Return what was asked, () where it is not all text or ends with somebody else's turn."""
    turns = body["messages"] or ()
    if any(turn.get("tool_calls") or turn.get("role") in ("tool", "function") for turn in turns):
        return ()
    try:
        prompt = conversation_from(turns)
    except BadParameter:
        return ()
    is_asked = bool(prompt) and prompt[-1].role == "user" and bool(prompt[-1].content.strip())
    return prompt if is_asked else ()


def _open_prompts(workspace: Workspace, judged: Sequence[_Judged]) -> set[Conversation]:
    """Return the prompts that may be learned from.

    Held out are those placed among the questions, those near to one, and those that a correction would
    put there: pairs made before it would otherwise teach what is measured later.
    """
    share = workspace.settings.evaluation.holdout_share
    sides: dict[Conversation, set[str]] = {}
    for one in judged:
        sides.setdefault(one.prompt, set()).add(one.side)
    prompts = [
        prompt
        for prompt, given in sides.items()
        if "questions" not in given and ("examples" in given or not is_held_out(prompt, test_share=share))
    ]
    asked = [Example(str(place), prompt, "") for place, prompt in enumerate(prompts)]
    questions = held_out_texts(material_at_hand(workspace).questions)
    embed = workspace.cached_embedder if len(asked) + len(questions) <= MOST_BY_MEANING else None
    near = {pair.dropped_id for pair in near_duplicates(asked, questions, embed=embed)} if questions else ()
    return {one.prompt for one in asked if one.id not in near}


@dataclass(slots=True)
class _Opinions:
    """What people thought of the answers to one prompt; texts in the order they were judged."""

    corrected: list[tuple[str, str]] = field(default_factory=list)
    voted: list[tuple[str, str]] = field(default_factory=list)
    liked: list[str] = field(default_factory=list)
    disliked: list[str] = field(default_factory=list)

    def add(self, one: _Judged) -> None:
        """Add one person's opinion."""
        self.voted += [(one.text, text) for text in one.worse]
        if one.correction:
            self.corrected.append((one.correction, one.text))
            self.liked.append(one.correction)
        elif one.thumb == "up":
            self.liked.append(one.text)
        if one.thumb == "down":
            self.disliked.append(one.text)

    def pairs(self, prompt: Conversation, left_out: Counter[str]) -> Iterator[Preference]:
        """Yield the corrections and votes, then every other text at least once, not each with each."""
        for right, text in (*self.corrected, *self.voted):
            yield Preference(prompt, right, text)
        good, bad = self._undisputed(self.disliked, left_out)
        if good and bad:
            for place in range(max(len(good), len(bad))):
                yield Preference(prompt, good[place % len(good)], bad[place % len(bad)])

    def rated(self, prompt: Conversation, left_out: Counter[str]) -> Iterator[RatedRow]:
        """Yield every text that is good or bad, once."""
        good, bad = self._undisputed([*self.disliked, *(text for _, text in self.corrected)], left_out)
        yield from (RatedRow(prompt, text, is_good=True) for text in good)
        yield from (RatedRow(prompt, text, is_good=False) for text in bad)

    def _undisputed(self, disliked: Sequence[str], left_out: Counter[str]) -> tuple[list[str], list[str]]:
        """Return the good texts and the bad ones, without those that are both."""
        good, bad = _by_words(self.liked), _by_words(disliked)
        disputed = good.keys() & bad.keys()
        left_out["contradictory"] += len(disputed)
        return (
            [text for words, text in good.items() if words not in disputed],
            [text for words, text in bad.items() if words not in disputed],
        )


def _agreed(candidates: Sequence[Preference], left_out: Counter[str]) -> tuple[Preference, ...]:
    """Return the pairs, none twice, and none that another one contradicts."""
    by_key = {_key(pair): pair for pair in reversed(candidates)}
    agreed = [
        pair
        for (prompt, chosen, rejected), pair in reversed(by_key.items())
        if (prompt, rejected, chosen) not in by_key
    ]
    left_out["contradictory"] += len(by_key) - len(agreed)
    return tuple(agreed)


def _key(pair: Preference) -> tuple[Conversation, str, str]:
    return pair.messages, _words(pair.completion), _words(pair.rejected)


def _by_words(texts: Iterable[str]) -> dict[str, str]:
    """Return texts by their words, of those with the same words the first."""
    return {_words(text): text for text in reversed(list(texts))}


def _words(text: str) -> str:
    return normalised(text) or text
