"""Which of several answers people preferred: wins and losses by model, and between every two of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from lorewright.evaluation.estimate import Estimate, estimate


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote: who answered side by side, and who was best; `None` where none was better."""

    models: tuple[str, ...]
    winner: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Preference:
    """How people voted where a model stood.

    `share` is how often it won of the votes that were decided, `None` without any; `by_chance` is how
    often it would have won them if nobody had looked: a sixth among six.
    """

    model: str
    n_won: int
    n_lost: int
    n_tied: int
    share: Estimate | None
    by_chance: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Duel:
    """Two models over the votes that decide between them: one of the two won, or none was better."""

    left: str
    right: str
    n_left: int
    n_right: int
    n_tied: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """All votes together: the model that won the largest share first."""

    n_votes: int
    models: tuple[Preference, ...]
    duels: tuple[Duel, ...]


def preferences(ballots: Sequence[Ballot]) -> Preferences:
    """Return what people preferred, with the 95 % interval of every share."""
    names = list(dict.fromkeys(name for ballot in ballots for name in ballot.models))
    models = [_preference(name, [ballot for ballot in ballots if name in ballot.models]) for name in names]
    models.sort(key=lambda one: (-(one.share.mean if one.share else -1.0), one.model))
    ranks = [one.model for one in models]
    duels = [_duel(left, right, ballots) for left, right in combinations(ranks, 2)]
    met = [duel for duel in duels if duel.n_left + duel.n_right + duel.n_tied]
    return Preferences(n_votes=len(ballots), models=tuple(models), duels=tuple(met))


def _preference(model: str, ballots: Iterable[Ballot]) -> Preference:
    decided, n_tied = [], 0
    for ballot in ballots:
        if ballot.winner is None:
            n_tied += 1
        else:
            decided.append(ballot)
    won = [float(ballot.winner == model) for ballot in decided]
    return Preference(
        model=model,
        n_won=int(sum(won)),
        n_lost=len(won) - int(sum(won)),
        n_tied=n_tied,
        share=estimate(won) if won else None,
        by_chance=sum(1 / len(ballot.models) for ballot in decided) / len(decided) if decided else None,
    )


def _duel(left: str, right: str, ballots: Iterable[Ballot]) -> Duel:
    both = (ballot.winner for ballot in ballots if {left, right} <= set(ballot.models))
    counted = Counter(winner for winner in both if winner in (left, right, None))
    return Duel(left=left, right=right, n_left=counted[left], n_right=counted[right], n_tied=counted[None])
