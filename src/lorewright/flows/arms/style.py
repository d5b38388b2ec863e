"""How a domain speaks, read off its examples: all that the arms' prompts have in common."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from lorewright.datasets import Example
from lorewright.datasets.closed_answers import closed_answers
from lorewright.flows.arms.few_shot import choose
from lorewright.flows.arms.shown import ShownChunks
from lorewright.flows.labels import labels_of
from lorewright.flows.prompts import CHUNK_FORMAT, RULE
from lorewright.flows.refusals import refusal_phrases
from lorewright.settings import DEFAULT_REFUSAL, ExampleChoice, Retrieval, Settings, Tuning

MIN_OWN_REFUSALS = 3
WORD_SHARE, MIN_WORD = 0.01, 3  # of the completions hold a word that their questions lack: it is style
NUMBER_SHARE = 0.5  # a number must recur in most completions to be no fact
ONE_SYSTEM_SHARE = 0.9  # system messages this much alike are one instruction

_WORD = re.compile(r"\w+(?:[-.:/]\w+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """What the prompts of all arms have in common.

    `style_words` are lower-cased words that recur in completions whatever is asked: not facts.
    `has_own_refusals`: the examples teach how to refuse, recognised by `refusal_phrases`.
    `labels` are all the answers there are, where they are chosen from a closed set.
    `is_classified`: the arm `tuned` is a classifier, since answers are chosen from closed sets.
    `keeps_system`: conversations bring different system messages, and each keeps its own.
    `reads_excerpts`: the chat model is the small one with a reader, which is shown the sentences of the
    chunks that may answer.
    `shown` says what of the chunks the model tuned on them is shown.
    `asks_on_one_day`: all questions name the same day, so that answers must be learned to compare with it;
    tuning finds out.
    """

    instruction: str
    refusal: str
    few_shot: tuple[Example, ...] = ()
    example_choice: ExampleChoice = "nearest"
    style_words: frozenset[str] = frozenset()
    retrieval: Retrieval = field(default_factory=Retrieval)
    max_answer_tokens: int = 256
    context_tokens: int = 4096
    has_own_refusals: bool = False
    refusal_phrases: tuple[str, ...] = ()
    keeps_system: bool = False
    reads_excerpts: bool = False
    labels: tuple[str, ...] = ()
    is_classified: bool = False
    shown: ShownChunks = field(default_factory=ShownChunks)
    asks_on_one_day: bool = False

    @property
    def fingerprint(self) -> str:
        """Identify what the tuned arms learn and are sent; retrieval thresholds do not matter to it."""
        parts = [
            self.instruction,
            self.refusal,
            self.keeps_system,
            self.has_own_refusals,
            self.retrieval.usual_n_kept,
            sorted(self.style_words),
            RULE,
            CHUNK_FORMAT,
        ]
        return sha256(json.dumps(parts).encode()).hexdigest()


def style_from(examples: Sequence[Example], settings: Settings) -> Style:
    """Return how the domain speaks; without examples, what the settings say."""
    systems = Counter(example.system for example in examples if example.system)
    common, n_common = systems.most_common(1)[0] if systems else ("", 0)
    instruction = settings.prompt.instruction or common
    refusals = [example.completion for example in examples if not example.answerable]
    has_own_refusals = len(refusals) >= MIN_OWN_REFUSALS
    answers = [example.completion for example in examples if example.answerable]
    return Style(
        instruction=instruction,
        refusal=_refusal(refusals, settings.prompt.refusal),
        few_shot=choose(examples, settings.prompt.n_few_shot),
        example_choice=settings.prompt.example_choice,
        style_words=_style_words(examples) | _words_without_digits(instruction),
        retrieval=settings.in_prompt,
        max_answer_tokens=settings.prompt.max_answer_tokens,
        context_tokens=settings.models.context_tokens,
        has_own_refusals=has_own_refusals,
        refusal_phrases=refusal_phrases(refusals, answers) if has_own_refusals else (),
        labels=labels_of(examples),
        is_classified=is_classified(examples, settings.tuning),
        keeps_system=not settings.prompt.instruction and n_common < ONE_SYSTEM_SHARE * systems.total(),
        reads_excerpts=settings.models.has_reader and not settings.serve.adapters_at,
    )


def is_classified(examples: Sequence[Example], tuning: Tuning) -> bool:
    """Return whether the arm `tuned` is a classifier: it is set, or answers are labels and nothing is set."""
    if tuning.method == "auto":
        return closed_answers(examples).answers is not None
    return tuning.method == "classifier"


def _refusal(refusals: Sequence[str], set_refusal: str) -> str:
    """Return the refusal that was set; where none was, the one that most refusing examples use."""
    common, n_common = Counter(refusals).most_common(1)[0] if refusals else ("", 0)
    is_one = n_common >= MIN_OWN_REFUSALS and 2 * n_common > len(refusals)
    return common if is_one and set_refusal == DEFAULT_REFUSAL else set_refusal


def _style_words(examples: Sequence[Example]) -> frozenset[str]:
    """Return the words that recur in completions though their questions lack them."""
    counts: Counter[str] = Counter()
    for example in examples:
        question_words = {word for turn in example.turns for word in _words(turn.content)}
        counts.update(_words(example.completion) - question_words)
    n_words = max(MIN_WORD, WORD_SHARE * len(examples))
    n_numbers = max(MIN_WORD, NUMBER_SHARE * len(examples))
    return frozenset(
        word for word, count in counts.items() if count >= (n_numbers if _has_digit(word) else n_words)
    )


def _words_without_digits(text: str) -> frozenset[str]:
    return frozenset(word for word in _words(text) if not _has_digit(word))


def _words(text: str) -> set[str]:
    """Return the words of a text, those with inner signs also in parts: "ending-soon", "ending", "soon"."""
    whole = {word.lower() for word in _WORD.findall(text)}
    return whole | {part for word in whole for part in _parts(word)}


def _parts(word: str) -> Iterable[str]:
    return [] if _has_digit(word) else re.findall(r"\w+", word)


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
