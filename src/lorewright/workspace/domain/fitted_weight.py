"""The weight of meaning that suits a domain's own questions, kept in its state folder."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lorewright.whole_files import write_whole

FILE = "dense_weight.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class FittedWeight:
    """A weight with what it was fitted on: `n_examples` of `examples`, and the documents as they were.

    `ndcg` is what it has on examples it was not fitted on (five folds), `usual`, `words` and
    `meaning` what the usual weight and either side alone have on the same. `reranks` says whether the
    order of their best parts proved better, with an nDCG of `reranked` (`None`: not tried).
    """

    weight: float
    n_examples: int
    ndcg: float
    usual: float
    words: float
    meaning: float
    examples: str
    n_documents: int
    embedder: str
    reranked: float | None = None
    reranks: bool = False

    def __str__(self) -> str:
        """Say what was chosen and why."""
        reranked = ""
        if self.reranked is not None:
            used = "used" if self.reranks else "not used, no clear gain"
            reranked = f"; in the order of their best sentences {self.reranked:.2f} ({used})"
        return (
            f"{self.weight:g}, fitted on {self.n_examples} examples: nDCG@10 {self.ndcg:.2f} on those left "
            f"out ({self.usual:.2f} with the usual weight, {self.words:.2f} by words, {self.meaning:.2f} by "
            f"meaning){reranked}"
        )


def read_fitted(state_folder: Path) -> FittedWeight | None:
    """Return the weight that was fitted, or `None`; a file that cannot be read is none."""
    try:
        return FittedWeight(**json.loads((state_folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_fitted(state_folder: Path, fitted: FittedWeight) -> None:
    """Keep a weight."""
    write_whole(state_folder / FILE, json.dumps(asdict(fitted), indent=1))


def forget_fitted(state_folder: Path) -> None:
    """Keep none."""
    (state_folder / FILE).unlink(missing_ok=True)
