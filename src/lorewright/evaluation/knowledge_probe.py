"""What a model knows before it is tuned: the facts of examples, asked a few times each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lorewright.evaluation.estimate import Estimate, estimate

State = Literal["known", "sometimes", "unknown"]
N_ASKED = 3
MOSTLY_UNKNOWN = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbedExample:
    """One example: how often the model said its answer, and whether the documents hold it.

    `is_in_documents` is `None` where there are no documents.
    """

    id: str
    question: str
    target: str
    n_right: int
    is_in_documents: bool | None

    @property
    def state(self) -> State:
        """Return what the model knows of it (after Gekhman et al. 2024)."""
        return "known" if self.n_right == N_ASKED else "sometimes" if self.n_right else "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnowledgeProbe:
    """What a model knows of a sample of the examples, at least one."""

    model: str
    examples: tuple[ProbedExample, ...]
    n_examples: int

    def share(self, state: State) -> Estimate:
        """Return the share of examples in a state, with its interval."""
        return estimate([float(example.state == state) for example in self.examples])

    @property
    def advice(self) -> tuple[str, ...]:
        """Return what follows from it, in sentences."""
        unknown = [example for example in self.examples if example.state == "unknown"]
        in_documents = sum(bool(example.is_in_documents) for example in unknown)
        nowhere = len(unknown) - in_documents
        lines = [self._known_line]
        if self.share("unknown").mean < MOSTLY_UNKNOWN:
            lines.append(
                "Tuning mostly teaches the form of answers here: the model knows the facts. Compare tuned."
            )
        else:
            lines.append(
                "Tuning on facts that the model does not know teaches it to make facts up, and costs it "
                "known ones (Gekhman et al. 2024). Expect hybrid or rag to be right more often than tuned."
            )
        if in_documents:
            lines.append(
                f"Leave {in_documents} of {len(unknown)} unknown facts to the documents: they hold them."
            )
        if nowhere:
            lines.append(
                f"The documents do not hold {nowhere} of {len(unknown)} unknown facts: add the pages, or let "
                "these questions be refused (examples with answerable: false)."
            )
        return tuple(lines)

    @property
    def _known_line(self) -> str:
        known, sometimes = self.share("known"), self.share("sometimes")
        return (
            f"{self.model} knows {known.mean:.0%} of {known.n} sampled examples "
            f"(95% {known.low:.0%} to {known.high:.0%}), and {sometimes.mean:.0%} sometimes."
        )


def probe(
    model: str,
    questions: Sequence[tuple[str, str, str]],
    *,
    ask: Callable[[int, int], str],
    is_right: Callable[[int, str], bool],
    is_in_documents: Callable[[int], bool] | None,
    n_examples: int,
    progress: Callable[[int, int], None],
) -> KnowledgeProbe:
    """Return what a model knows of questions (id, question, target), each asked `N_ASKED` times.

    `ask(place, time)` returns its answer; every time it is shown other examples, so that it is not one
    wording that is tested.
    """
    rows = []
    for place, (example_id, question, target) in enumerate(questions):
        progress(place, len(questions))
        answers = [ask(place, time) for time in range(N_ASKED)]
        n_right = sum(is_right(place, answer) for answer in answers)
        is_held = is_in_documents(place) if is_in_documents and n_right == 0 else None
        rows.append(
            ProbedExample(
                id=example_id, question=question, target=target, n_right=n_right, is_in_documents=is_held
            )
        )
    progress(len(questions), len(questions))
    return KnowledgeProbe(model=model, examples=tuple(rows), n_examples=n_examples)
