"""What a tuning run would take: time, memory and money."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.datasets.closed_answers import closed_answers
from lorewright.errors import UserError
from lorewright.flows import style_from, training_rows
from lorewright.flows.arms.refusal_share import RefusalShare, refusal_share
from lorewright.messages import Message
from lorewright.models import is_remote
from lorewright.settings import Effort, Settings, Tuning
from lorewright.tuning import Recipe, Row, continuing, recipe_for
from lorewright.tuning.timing import Timing
from lorewright.workspace.dataset.fitness import check_fitness, fitness_at_hand
from lorewright.workspace.dataset.material import LearningMaterial
from lorewright.workspace.dataset.table import DataTable
from lorewright.workspace.domain.classifiers import CLASSIFIER
from lorewright.workspace.domain.memory import available_bytes
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.tuned_elsewhere import is_tuned_elsewhere
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.tuning.elsewhere import recipe_elsewhere
from lorewright.workspace.tuning.estimate import estimate_run
from lorewright.workspace.tuning.hour_price import hour_price
from lorewright.workspace.tuning.remote_costs import RemoteEstimate, remote_estimate
from lorewright.workspace.tuning.tune import adapter_kinds, reader_to_start_from, why_no_classifier

_CHARACTERS_PER_CHUNK_TOKEN = 4.0
CLASSIFIER_SECONDS, CLASSIFIER_SECONDS_PER_EXAMPLE = 3.0, 0.006
"""Measured on banking77 and clinc150 with 231 to 1,510 examples."""
LEAST_CLASSIFIED, MOST_CLASSIFIED = 6, 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Dials:
    """What may be turned before a tuning: the one dial, and the tree behind it."""

    effort: Effort
    tuning: Tuning

    def changes(self, settings: Settings) -> dict[str, Any]:
        """Return the settings that would change, by path."""
        old, new = settings.tuning, self.tuning
        changed = {
            f"tuning.{name}": getattr(new, name)
            for name in Tuning.__dataclass_fields__
            if getattr(new, name) != getattr(old, name)
        }
        return changed if self.effort == settings.effort else {"effort": self.effort, **changed}


@dataclass(frozen=True, kw_only=True, slots=True)
class AdapterPlan:
    """One adapter to train: its recipe, about how long that takes, and what it needs."""

    kind: str
    recipe: Recipe
    n_rows: int
    n_validation: int
    timing: Timing | None
    memory_bytes: int
    usd: float | None
    elsewhere: RemoteEstimate | None = None
    """What another server would train on, where one does."""
    memory_range: tuple[int, int] = (0, 0)
    usd_range: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TuningPlan:
    """A whole tuning; with a `problem` it cannot begin, `warnings` are to be known before it does."""

    adapters: tuple[AdapterPlan, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    base: str
    is_base_here: bool
    free_bytes: int
    hour_usd: float | None
    refusing: RefusalShare

    @property
    def usd(self) -> float | None:
        """Return what all adapters together cost, `None` where no price of an hour was set."""
        known = [adapter.usd for adapter in self.adapters if adapter.usd is not None]
        return sum(known) if known else None

    @property
    def usd_range(self) -> tuple[float, float] | None:
        """Return from and to how much that may be."""
        known = [adapter.usd_range for adapter in self.adapters if adapter.usd_range is not None]
        return (sum(low for low, _ in known), sum(high for _, high in known)) if known else None

    @property
    def memory_range(self) -> tuple[int, int]:
        """Return from and to how much memory the adapter takes that needs most; 0 where nobody knows."""
        ranges = [adapter.memory_range for adapter in self.adapters]
        return max((low for low, _ in ranges), default=0), max((high for _, high in ranges), default=0)


def plan_tuning(
    workspace: Workspace, caller: Caller, table: DataTable, dials: Dials, *, only: str | None = None
) -> TuningPlan:
    """Return what a tuning with these dials would be; nothing is fetched, trained or written."""
    caller.need("tune")
    settings = replace(workspace.settings, effort=dials.effort, tuning=dials.tuning)
    material = table.material
    style = style_from(material.train, settings)
    refusing = refusal_share(material.train, style, configured=dials.tuning.no_gold_share)
    has_documents = workspace.documents.count(readable(workspace, caller)) > 0
    kinds = [only] if only else adapter_kinds(settings, material, has_documents=has_documents)
    source = dials.tuning.base or settings.models.chat
    base = base_here(workspace, source)
    bare = training_rows(material.train, style=style, retriever=None)
    hour_usd = hour_price(workspace)
    is_classified, has_broken = kinds == [CLASSIFIER], any(row.is_broken for row in table.rows)
    if has_broken:  # said below; what is kept for all screens is read only where every row can be
        fitness = check_fitness(workspace, material, is_classified=is_classified)
    else:
        fitness = fitness_at_hand(workspace, caller, is_classified=is_classified)
    problems, adapters = list(_problems(table, dials.tuning, source, kinds, has_documents=has_documents)), []
    if fitness.problem and CLASSIFIER not in kinds:
        problems.append(f"{fitness.problem} {fitness.hint}")
    for kind in kinds:
        if kind == CLASSIFIER:
            adapters.append(_classifier(material, dials.tuning, hour_usd))
            continue
        if is_tuned_elsewhere(dials.tuning):
            adapters.append(_elsewhere(workspace, kind, bare, settings, len(table.material.validation)))
            continue
        recipe = recipe_of(workspace, kind, settings, n_rows=len(material.train))
        rows = in_context(bare, settings) if kind == "context" else bare
        try:
            adapters.append(_adapter(workspace, kind, rows, recipe, table, base, hour_usd))
        except UserError as error:
            problems.append(f"{error} {error.hint}".strip())
            break
    free, near = available_bytes(), why_no_classifier(settings, material) if only is None else ""
    needed = max((adapter.memory_bytes for adapter in adapters), default=0)
    if needed > free:
        problems.append(f"It needs about {needed / 1e9:.1f} GB of memory; {free / 1e9:.1f} GB are free.")
    return TuningPlan(
        adapters=tuple(adapters),
        problems=tuple(dict.fromkeys(problems)),
        warnings=(
            *filter(None, [refusing.warning if "context" in kinds else "", near]),
            *fitness.warnings,
        ),
        base=source,
        is_base_here=base is not None,
        free_bytes=free,
        hour_usd=hour_usd,
        refusing=refusing,
    )


def recipe_of(workspace: Workspace, kind: str, settings: Settings, *, n_rows: int) -> Recipe:
    """Return the recipe that an adapter would be trained with."""
    recipe = recipe_for(settings.tuning, effort=settings.effort, n_rows=n_rows)
    is_continued = kind == "context" and reader_to_start_from(workspace, recipe) is None
    return continuing(recipe) if is_continued else recipe


def base_here(workspace: Workspace, source: str) -> Path | None:
    """Return the base's file where it is on this machine already."""
    if is_remote(source):
        return None
    if source.startswith("file:"):
        path = Path(source.removeprefix("file:"))
        return path if path.exists() else None
    model = workspace.store.find(source)
    return model.path if model else None


def _problems(
    table: DataTable, tuning: Tuning, source: str, kinds: Sequence[str], *, has_documents: bool
) -> Iterator[str]:
    n_broken = sum(row.is_broken for row in table.rows)
    if n_broken:
        rows = "1 row" if n_broken == 1 else f"{n_broken} rows"
        yield f"{rows} of the dataset cannot be read. Fix or delete unreadable rows first."
    if CLASSIFIER in kinds:
        closed = closed_answers(table.material.examples, is_forced=True)
        if closed.answers is None:
            yield f'{closed.why_not} Set tuning.method to "lora" for free text.'
    if list(kinds) == [CLASSIFIER]:
        n = len(table.material.examples)
        if n < LEAST_CLASSIFIED:
            yield f"There are {n} examples; a classifier needs at least {LEAST_CLASSIFIED}."
        return
    n, least = len(table.material.train), tuning.min_examples
    if n < least:
        yield f"There are {n} examples; tuning needs at least {least}."
    if is_remote(source) and not is_tuned_elsewhere(tuning):
        yield (
            f"{source} runs on another server. Set tuning.base to it to tune it there, which may cost money, "
            "or to a model that can be tuned here."
        )
    if list(kinds) == ["context"] and not has_documents:
        yield "The context adapter is trained with retrieved documents, but there are none."


def _adapter(
    workspace: Workspace,
    kind: str,
    rows: Sequence[Row],
    recipe: Recipe,
    table: DataTable,
    base: Path | None,
    hour_usd: float | None,
) -> AdapterPlan:
    takes = estimate_run(workspace, kind, rows, recipe, base)
    return AdapterPlan(
        kind=kind,
        recipe=recipe,
        n_rows=takes.n_rows,
        n_validation=min(recipe.max_validation_rows, len(table.material.validation)),
        timing=takes.timing,
        memory_bytes=takes.memory_bytes,
        usd=takes.timing.seconds / 3600 * hour_usd if takes.timing and hour_usd is not None else None,
        memory_range=takes.memory_range,
        usd_range=_usd_range(takes.timing, hour_usd),
    )


def _elsewhere(
    workspace: Workspace, kind: str, bare: Sequence[Row], settings: Settings, n_validation: int
) -> AdapterPlan:
    """Return what an adapter would be that another server trains: how long that takes is not known here."""
    rows = in_context(bare, settings) if kind == "context" else bare
    recipe = recipe_elsewhere(settings, len(bare), is_continued=kind == "context")
    estimate = remote_estimate(workspace, kind, rows, recipe)
    return AdapterPlan(
        kind=kind,
        recipe=recipe,
        n_rows=estimate.n_rows,
        n_validation=min(recipe.max_validation_rows, n_validation),
        timing=None,
        memory_bytes=0,
        usd=estimate.tokens * estimate.million_usd / 1e6 if estimate.million_usd else None,
        elsewhere=estimate,
        usd_range=estimate.usd,
    )


def _classifier(material: LearningMaterial, tuning: Tuning, hour_usd: float | None) -> AdapterPlan:
    """Return what a classifier would be: its time is that of embedding the examples, nearly."""
    n = min(len(material.examples), tuning.max_examples or MOST_CLASSIFIED)
    seconds = CLASSIFIER_SECONDS + n * CLASSIFIER_SECONDS_PER_EXAMPLE
    memory = int(3e8 + 2e4 * n)
    timing = Timing(seconds=seconds, low=seconds / 3, high=seconds * 3, tokens=0, n_measured=0)
    return AdapterPlan(
        kind=CLASSIFIER,
        recipe=Recipe(name="classifier", trainer="classifier", epochs=0.0, seed=tuning.seed),
        n_rows=n,
        n_validation=0,
        timing=timing,
        memory_bytes=memory,
        usd=seconds / 3600 * hour_usd if hour_usd is not None else None,
        memory_range=(memory // 2, memory * 2),
        usd_range=_usd_range(timing, hour_usd),
    )


def _usd_range(timing: Timing | None, hour_usd: float | None) -> tuple[float, float] | None:
    if timing is None or hour_usd is None:
        return None
    return timing.low / 3600 * hour_usd, timing.high / 3600 * hour_usd


def in_context(rows: Sequence[Row], settings: Settings) -> list[Row]:
    """Return rows about as long as with retrieved chunks, without retrieving any."""
    n = settings.in_prompt.n_kept * settings.retrieval.chunk_tokens * _CHARACTERS_PER_CHUNK_TOKEN
    chunks = Message("system", "x" * int(n))
    return [Row((chunks, *row.messages), row.completion) for row in rows]
