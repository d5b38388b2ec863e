"""What an answer is measured against, besides its question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from lorewright.evaluation.compared import words
from lorewright.evaluation.question import Question
from lorewright.knowledge import Hit
from lorewright.models import Judge
from lorewright.settings import DEFAULT_REFUSAL, Evaluation

if TYPE_CHECKING:  # numpy loads only where vectors are made
    import numpy as np
    from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]


def no_document(_document_id: str) -> str | None:
    """Know no documents."""
    return None


@dataclass(frozen=True, kw_only=True)
class ScoringContext:
    """What an answer is measured against, besides its question; every part may be missing.

    `refusals` are phrases that count as a refusal wherever they stand. `style_words` are lower-case
    words of the house style, never facts. `embed` makes vectors of length one (an
    `EmbeddingModel`'s). `document_text` returns what a document says now. `search` looks into the
    index, whether or not the arm retrieves: it tells a fact that no document holds from one that
    was not found. `judge` tells which sentences nothing supports; without one only numbers, dates,
    versions and names are looked up.
    was not found. `labels` are all the answers there are, where they are chosen from a closed set.
    """

    settings: Evaluation = field(default_factory=Evaluation)
    primary: str = "contains"
    refusals: tuple[str, ...] = (DEFAULT_REFUSAL,)
    style_words: frozenset[str] = frozenset()
    embed: Embed | None = None
    document_text: Callable[[str], str | None] = no_document
    search: Callable[[str], Sequence[Hit]] | None = None
    judge: Judge | None = None
    labels: Sequence[str] = ()
    schema: Mapping[str, Any] | None = None
    database: Path | None = None
    ask_judge: Callable[[str], str] | None = None


SHORT_WORDS = 6
"""A date, a version, a name, a few words: such a target can be looked for in a longer answer."""


def choose_primary(questions: Sequence[Question], settings: Evaluation) -> str:
    """Return the name of the score that correctness means for these questions.

    What the settings name, else `sql` where a database is given to run queries on, else by the
    targets: `fields` where patterns for them are given,
    `contains` where at least half of the questions have a short target, else `token_f1`. That
    follows human ratings of long answers better than the cosine of MiniLM's vectors does
    (Spearman .39 against .27, n=270, MTRAG), so `semantic` is only taken when asked for.
    """
    if settings.primary != "auto":
        return settings.primary
    if settings.sql_database:
        return "sql"
    if settings.fields:
        return "fields"
    lengths = [
        min(len(words(text)) for text in question.targets) for question in questions if question.targets
    ]
    return "contains" if lengths and median(lengths) <= SHORT_WORDS else "token_f1"
