"""The check of what a run learns from, before it: the same for a terminal, the studio and a comparison."""

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.datasets.fitness import ANY_LENGTH, SEE_MORE, Fitness, fitness_of
from lorewright.datasets.rows import READ, find_unread_files
from lorewright.errors import InvalidExamples
from lorewright.jobs import Steps
from lorewright.tuning import Recipe
from lorewright.workspace.dataset.at_hand import made_once_for, material_at_hand
from lorewright.workspace.dataset.material import MOST_BY_MEANING, LearningMaterial, material_in
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.tuned_elsewhere import host_of, is_tuned_elsewhere
from lorewright.workspace.domain.workspace import Workspace

_N_NAMED = 3


def check_fitness(workspace: Workspace, material: LearningMaterial, *, is_classified: bool) -> Fitness:
    """Return whether examples are fit to learn from; a classifier reads long ones up to its limit."""
    limit = ANY_LENGTH if is_classified else Recipe().max_row_tokens
    answer = ANY_LENGTH if is_classified else workspace.settings.prompt.max_answer_tokens
    return fitness_of(
        material.examples,
        max_answer_tokens=answer,
        max_row_tokens=limit,
        known_documents=workspace.documents.states() or None,
        n_duplicates=material.n_duplicates,
        n_leaked=len(material.leaked),
    )


def unread_lines(workspace: Workspace) -> list[str]:
    """Return a line where files lie among the examples that are not read from there."""
    names = find_unread_files(workspace.examples_folder)
    if not names:
        return []
    more = f" and {len(names) - _N_NAMED} more" if len(names) > _N_NAMED else ""
    return [
        f"Not read in examples/: {', '.join(names[:_N_NAMED])}{more}. Supported formats: {', '.join(READ)}."
    ]


def fitness_at_hand(workspace: Workspace, caller: Caller, *, is_classified: bool) -> Fitness:
    """Return the same for a screen or a request: looked at once per state of the files."""
    make = _of_labels if is_classified else _of_texts
    return made_once_for(workspace, readable(workspace, caller), make)


def _of_labels(workspace: Workspace, allowed: Readable) -> Fitness:
    return check_fitness(workspace, material_in(material_at_hand(workspace), allowed), is_classified=True)


def _of_texts(workspace: Workspace, allowed: Readable) -> Fitness:
    return check_fitness(workspace, material_in(material_at_hand(workspace), allowed), is_classified=False)


def tell_fitness(
    workspace: Workspace, material: LearningMaterial, steps: Steps, *, is_classified: bool
) -> None:
    """Say once in a job what to know of its examples; raise `InvalidExamples` where none can be learned."""

    def tell() -> list[str]:
        fitness = check_fitness(workspace, material, is_classified=is_classified)
        for line in fitness.warnings:
            steps.say(f"Warning: {line}")
        if fitness.warnings:
            steps.say(f"{SEE_MORE}.")
        if not material.is_by_meaning:
            steps.say(
                f"More than {MOST_BY_MEANING:,} examples: only those in the same words count as duplicates."
            )
        if fitness.private and is_tuned_elsewhere(workspace.settings.tuning):
            where = host_of(workspace.settings.tuning.base)
            steps.say(f"Warning: they are sent to {where}. Mask them first with: lorewright data mask")
        return [fitness.problem, fitness.hint]

    problem, hint = steps.once(f"examples checked {material.fingerprint[:16]}", tell)
    if problem and not is_classified:  # a classifier says itself what it cannot tell apart
        raise InvalidExamples(problem, hint=hint)
