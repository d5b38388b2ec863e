"""Before a comparison: which arms can be measured here, on which questions, and how long it will take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.advisor.arms import traits
from lorewright.evaluation import Comparison, read_questions
from lorewright.flows import Flow, arms, style_from, training_rows
from lorewright.flows.arm_names import ADAPTERS, CLASSIFIED
from lorewright.models import READER, is_remote
from lorewright.tuning import recipe_for
from lorewright.workspace.dataset.at_hand import material_at_hand_for
from lorewright.workspace.dataset.material import LearningMaterial
from lorewright.workspace.dataset.question_choice import HeldOut, choose_questions, held_out
from lorewright.workspace.domain.classifiers import CLASSIFIER
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.tuned_elsewhere import is_tuned_elsewhere
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.library import own_flows
from lorewright.workspace.tuning.estimate import estimate_run
from lorewright.workspace.tuning.plan import (
    CLASSIFIER_SECONDS,
    CLASSIFIER_SECONDS_PER_EXAMPLE,
    base_here,
    in_context,
    recipe_of,
)
from lorewright.workspace.tuning.tune import reader_to_start_from

TIMED_HERE = (0.7, 1.3)
"""How much less or more the same answers take on another day, with other work on the machine."""
ROUGH = (0.4, 2.5)
"""The same for answers that were timed elsewhere or are another arm's, and for adapters to train."""
STARTING_SECONDS = 6.0
"""The process, its libraries, what is fitted to the examples, and the scoring: 5 questions took 7 s in all,
beside the answers, on one core of a busy machine."""
WRITTEN_SECONDS = 1.2
"""An answer that the default model writes: 0.5 to 1.9 s in four domains. A larger one takes longer."""
SHOWN_SECONDS = 0.05
"""An answer that no model writes."""
_DEFAULT_PARAMETERS = 135e6


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmChoice:
    """One arm that may be measured; `why_not` says what is missing, '' where nothing is.

    `adapters` have to be trained first, as far as they were not. `answer_seconds` is what an
    answer took when it was last measured, `None` before; `is_from_here` says that this was here.
    An answer that was never timed takes about `usual_seconds`.
    """

    name: str
    summary: str
    is_own: bool
    why_not: str
    adapters: tuple[str, ...]
    answer_seconds: float | None
    is_from_here: bool = True
    usual_seconds: float = WRITTEN_SECONDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a comparison can be made of; `n_drilled` questions are asked again after facts changed."""

    questions: HeldOut
    arms: tuple[ArmChoice, ...]
    n_drilled: int
    missing_adapters: Mapping[str, float]

    @property
    def usual_arms(self) -> tuple[str, ...]:
        """The arms of lorewright that can be built: those to measure unless somebody chooses."""
        return tuple(one.name for one in self.arms if not one.why_not and not one.is_own)

    """Adapters that were not trained yet, with about how many seconds that takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeNeeded:
    """About how long a comparison takes; `asking_seconds` is `None` where no answer was ever timed.

    `is_rough` says that a figure was measured elsewhere or not at all.
    """

    tuning_seconds: float
    asking_seconds: float | None
    n_answers: int
    is_rough: bool

    @property
    def seconds(self) -> float | None:
        """Return the whole time, if it can be told."""
        if self.asking_seconds is None:
            return None
        return STARTING_SECONDS + self.tuning_seconds + self.asking_seconds

    @property
    def range(self) -> tuple[float, float] | None:
        """Return from and to how many seconds it takes, if it can be told: wide where a figure is rough."""
        if self.asking_seconds is None:
            return None
        low, high = ROUGH if self.is_rough else TIMED_HERE
        work = self.tuning_seconds + self.asking_seconds
        return STARTING_SECONDS * ROUGH[0] + work * low, STARTING_SECONDS * ROUGH[1] + work * high


def plan_comparison(workspace: Workspace, caller: Caller) -> Plan:
    """Return what a comparison of this domain can be made of."""
    caller.need("read", "evaluate")
    material, allowed = material_at_hand_for(workspace, caller), readable(workspace, caller)
    standard = arms(style_from(material.train, workspace.settings))
    own = own_flows(workspace, caller)
    timed = _timed(workspace.comparisons.latest())
    missing = {
        adapter: _tuning_seconds(workspace, adapter, material)
        for adapter in ADAPTERS
        if workspace.runs.latest(adapter) is None
    }
    return Plan(
        questions=held_out(workspace, caller),
        arms=tuple(
            _choice(workspace, name, flow, material, name in own, timed, allowed)
            for name, flow in {**standard, **own}.items()
        ),
        n_drilled=_n_drilled(workspace),
        missing_adapters=missing,
    )


def time_needed(plan: Plan, chosen: Sequence[str], n_questions: int, *, is_drilled: bool) -> TimeNeeded:
    """Return about how long it takes to ask the chosen arms so many questions."""
    picked = [arm for arm in plan.arms if arm.name in chosen]
    is_timed = any(arm.answer_seconds is not None for arm in plan.arms)
    n_drilled = 2 * plan.n_drilled if is_drilled else 0
    seconds = [arm.usual_seconds if arm.answer_seconds is None else arm.answer_seconds for arm in picked]
    needed = {adapter for arm in picked for adapter in arm.adapters}
    return TimeNeeded(
        tuning_seconds=sum(plan.missing_adapters.get(adapter, 0.0) for adapter in needed),
        asking_seconds=sum(seconds) * (n_questions + n_drilled) if is_timed else None,
        n_answers=len(picked) * (n_questions + n_drilled),
        is_rough=any(arm.answer_seconds is None or not arm.is_from_here for arm in picked)
        or bool(needed & set(plan.missing_adapters)),
    )


def _choice(
    workspace: Workspace,
    name: str,
    flow: Flow,
    material: LearningMaterial,
    is_own: bool,  # noqa: FBT001 - named by its only caller
    timed: Mapping[str, tuple[float, bool]],
    allowed: Readable,
) -> ArmChoice:
    adapters = tuple(
        dict.fromkeys(
            str(node.params["adapter"])
            for node in flow.nodes
            if node.kind in ("generate", "classify") and node.params.get("adapter") not in (None, "", READER)
        )
    )
    seconds, is_from_here = timed.get(name, (None, True))
    return ArmChoice(
        name=name,
        summary=(CLASSIFIED if CLASSIFIER in adapters and not is_own else traits(name)).summary,
        is_own=is_own,
        why_not="; ".join(_missing(workspace, flow, material, adapters, allowed)),
        adapters=("bare", *adapters) if _starts_from_bare(workspace, adapters) else adapters,
        answer_seconds=seconds,
        is_from_here=is_from_here,
        usual_seconds=_usual_seconds(workspace, flow),
    )


def _usual_seconds(workspace: Workspace, flow: Flow) -> float:
    """Return about how long an answer of an arm takes that was never timed."""
    if not any(node.kind == "generate" for node in flow.nodes):
        return SHOWN_SECONDS
    size = workspace.settings.models.n_parameters
    is_known = size < float("inf") and not is_remote(workspace.settings.models.chat)
    return WRITTEN_SECONDS * (size / _DEFAULT_PARAMETERS if is_known else 1.0)


def _starts_from_bare(workspace: Workspace, adapters: Sequence[str]) -> bool:
    recipe = recipe_for(workspace.settings.tuning, effort=workspace.settings.effort, n_rows=0)
    return "context" in adapters and reader_to_start_from(workspace, recipe) is None


def _missing(
    workspace: Workspace,
    flow: Flow,
    material: LearningMaterial,
    adapters: Sequence[str],
    allowed: Readable,
) -> Iterator[str]:
    has_documents = workspace.documents.count(allowed) > 0
    if allowed.is_all:  # files that wait to be read are documents too
        has_documents = has_documents or any(workspace.documents_folder.glob("*"))
    if any(node.kind == "retrieve" for node in flow.nodes) and not has_documents:
        yield "it needs documents, but there are none"
    least = workspace.settings.tuning.min_examples
    adapters = [adapter for adapter in adapters if adapter != CLASSIFIER]
    if adapters and len(material.train) < least:
        yield f"tuning needs {least} examples, but there are {len(material.train)}"
    is_here = not is_remote(workspace.tuning_base())
    if adapters and not is_here and not is_tuned_elsewhere(workspace.settings.tuning):
        yield (
            "a model behind an API or a plug-in cannot be tuned here: set tuning.base to a local model, or "
            "to that model to tune it on its server"
        )
    if traits(flow.name).shows_examples and not material.train:
        yield "there are no examples for the prompt"


def _timed(comparison: Comparison | None) -> dict[str, tuple[float, bool]]:
    """Return seconds to an answer by arm as last measured, and whether that was here."""
    if comparison is None:
        return {}
    return {
        report.arm: (mean(row.latency_ms for row in report.rows) / 1000, not comparison.measured.origin)
        for report in comparison.reports
        if report.rows
    }


def _tuning_seconds(workspace: Workspace, adapter: str, material: LearningMaterial) -> float:
    """Return what a plan of this adapter's tuning says, 0 where nothing is known of its base."""
    if adapter == CLASSIFIER:
        return CLASSIFIER_SECONDS + CLASSIFIER_SECONDS_PER_EXAMPLE * len(material.examples)
    settings = workspace.settings
    if is_tuned_elsewhere(settings.tuning):
        return 0.0  # how long another server takes is not known
    rows = training_rows(material.train, style=style_from(material.train, settings), retriever=None)
    recipe = recipe_of(workspace, adapter, settings, n_rows=len(material.train))
    takes = estimate_run(
        workspace,
        adapter,
        in_context(rows, settings) if adapter == "context" else rows,
        recipe,
        base_here(workspace, workspace.tuning_base()),
        n_parameters=size if (size := settings.models.n_parameters) < float("inf") else None,
    )
    return takes.timing.seconds if takes.timing else 0.0


def _n_drilled(workspace: Workspace) -> int:
    """Return how many questions ask about facts that change; 0 where the domain has no update."""
    update = workspace.update_folder
    if not (update / "documents").is_dir() and not (update / "removed.txt").is_file():
        return 0
    folder = workspace.update_folder / "questions"
    questions = read_questions(folder if folder.is_dir() else workspace.update_folder / "questions.jsonl")
    return len(choose_questions(questions, workspace.settings.evaluation.drill_limit)) if questions else 0
