"""What tuning on another server will cost: its tokens as a range, and money where a price is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean

from lorewright.amounts import usd_text
from lorewright.tuning import Recipe, Row, Run
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.tuning.estimate import N_MEASURED, characters_per_row, rows_of

LEAST_CHARACTERS, MOST_CHARACTERS = 2.4, 5.0
"""Characters of a token of text in usual vocabularies: languages other than English have fewer."""
LEAST_A_MESSAGE, MOST_A_MESSAGE, MOST_A_ROW = 3, 8, 25
"""Tokens that a chat template puts around a message, and around a whole row: a system message of its own."""
MEASURED_SHARE = 0.15
"""How far the tokens of the same kind of rows on the same server were off, at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteEstimate:
    """From how many to how many tokens are trained on, all epochs together, and what a million costs."""

    n_rows: int
    epochs: float
    low: int
    high: int
    million_usd: float
    n_measured: int

    @property
    def tokens(self) -> int:
        """Return the middle of the range."""
        return (self.low + self.high) // 2

    @property
    def usd(self) -> tuple[float, float] | None:
        """Return from and to how much it costs, `None` without a price."""
        if not self.million_usd:
            return None
        return self.low * self.million_usd / 1e6, self.high * self.million_usd / 1e6

    def told(self, where: str) -> str:
        """Return it as a sentence."""
        epochs = "1 epoch" if self.epochs == 1 else f"{self.epochs:g} epochs"
        line = (
            f"Tuning on {where}: {self.n_rows:,} rows, {epochs}, {self.low:,} to {self.high:,} tokens in all"
        )
        if self.usd is None:
            return f"{line}; what they cost is unknown (prices.training_million_tokens_usd)."
        low, high = map(usd_text, self.usd)
        return f"{line}, {low} to {high} at ${self.million_usd:g} per million."


def remote_estimate(workspace: Workspace, kind: str, rows: Sequence[Row], recipe: Recipe) -> RemoteEstimate:
    """Return what these rows will cost; earlier runs of the kind on that server narrow it down."""
    kept = rows[: recipe.max_rows]
    characters = sum(row.n_characters for row in kept) * recipe.epochs
    messages = sum(len(row.messages) + 1 for row in kept) * recipe.epochs
    each = (_characters_per_token(run, kind, recipe) for run in workspace.runs.all())
    paces = list(islice(filter(None, each), N_MEASURED))
    if paces:
        tokens = characters / fmean(paces)
        low, high = tokens * (1 - MEASURED_SHARE), tokens * (1 + MEASURED_SHARE)
    else:
        low = characters / MOST_CHARACTERS + LEAST_A_MESSAGE * messages
        high = characters / LEAST_CHARACTERS + MOST_A_MESSAGE * messages
        high += MOST_A_ROW * len(kept) * recipe.epochs
    return RemoteEstimate(
        n_rows=len(kept),
        epochs=recipe.epochs,
        low=int(low),
        high=int(high),
        million_usd=workspace.settings.prices.training_million_tokens_usd,
        n_measured=len(paces),
    )


def _characters_per_token(run: Run, kind: str, recipe: Recipe) -> float:
    """Return the characters of a token in an earlier run of this kind on this server, 0 where unknown."""
    is_like = run.adapter == kind and run.recipe.get("trainer") == recipe.trainer
    if not is_like or run.metrics is None or not run.metrics.n_tokens:
        return 0.0
    rows = rows_of(run)
    return characters_per_row(rows) * run.metrics.n_rows * float(run.recipe["epochs"]) / run.metrics.n_tokens
