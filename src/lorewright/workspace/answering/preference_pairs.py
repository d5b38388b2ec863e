"""Thumbs and corrections as preference pairs: a prompt, the answer to prefer, and the one to reject."""

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
from lorewright.tuning import Preference
from lorewright.workspace.answering.feedback_placing import KIND
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

REASONS: Mapping[str, str] = {
    "waiting": "corrections that nobody accepted yet",
    "no_text": "answers whose text was not stored or is no text alone",
    "held_out": "asked nearly as a held-out question, or kept to measure on",
    "contradictory": "preferred by one person and rejected by another",
}
"""Why feedback is not among the pairs, and how that is said after its number."""


@dataclass(frozen=True, slots=True)
class PreferencePairs:
    """What can be learned from feedback; `left_out` counts by reason what cannot."""

    pairs: tuple[Preference, ...]
    left_out: Mapping[str, int]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what was left out, a line for each reason."""
        return tuple(f"Left out: {n:,} {REASONS[reason]}." for reason, n in self.left_out.items())


def export_pairs(server: Server, caller: Caller) -> PreferencePairs:
    """Return the feedback that a caller may see as preference pairs, each once.

    An accepted correction is preferred to the answer that it corrects, an answer with a thumb up to one
    with a thumb down to the same prompt. Nothing comes of prompts that are held out, nor of answers made
    of documents that the caller may not read.
    """
    caller.need("tune")
    allowed = readable(server.workspace, caller)
    left_out = Counter[str]()
    judged = list(_judged(server.records(KIND).all(owner=owner_of(caller)), allowed, left_out))
    open_prompts = _open_prompts(server.workspace, judged)
    opinions: dict[Conversation, _Opinions] = {}
    for one in judged:
        if one.prompt not in open_prompts:
            left_out["held_out"] += 1
            continue
        opinions.setdefault(one.prompt, _Opinions()).add(one)
    candidates = [pair for prompt, given in opinions.items() for pair in given.pairs(prompt, left_out)]
    pairs = _agreed(candidates, left_out)
    audit(server.workspace, caller, Act.PAIRS_EXPORTED, "feedback", n=len(pairs))
    ordered = {reason: left_out[reason] for reason in REASONS if left_out[reason]}
    return PreferencePairs(pairs, ordered)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One person's opinion on one answer; `correction` is '' without an accepted one."""

    prompt: Conversation
    text: str
    thumb: str
    correction: str
    side: str


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
    liked: list[str] = field(default_factory=list)
    disliked: list[str] = field(default_factory=list)

    def add(self, one: _Judged) -> None:
        """Add one person's opinion."""
        if one.correction:
            self.corrected.append((one.correction, one.text))
            self.liked.append(one.correction)
        elif one.thumb == "up":
            self.liked.append(one.text)
        if one.thumb == "down":
            self.disliked.append(one.text)

    def pairs(self, prompt: Conversation, left_out: Counter[str]) -> Iterator[Preference]:
        """Yield the corrections, then every other text at least once, not each with each."""
        for right, text in self.corrected:
            yield Preference(prompt, right, text)
        liked, disliked = _by_words(self.liked), _by_words(self.disliked)
        disputed = liked.keys() & disliked.keys()
        left_out["contradictory"] += len(disputed)
        good = [text for words, text in liked.items() if words not in disputed]
        bad = [text for words, text in disliked.items() if words not in disputed]
        if good and bad:
            for place in range(max(len(good), len(bad))):
                yield Preference(prompt, good[place % len(good)], bad[place % len(bad)])


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
