"""The main job: build what is missing, ask every arm, measure, and recommend."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.advisor import recommend
from lorewright.errors import InvalidExamples, NoLabels, TooFewExamples, UnfitBase, UnknownName, UserError
from lorewright.evaluation import (
    Question,
    Report,
    ScoringContext,
    build_report,
    score_answer,
    take_primary,
)
from lorewright.evaluation import compare as compare_reports
from lorewright.flows import Flow, Style, adapters_of, arms, inlined, optional_arms, retrieves, shows_examples
from lorewright.flows.evidence import documents_of
from lorewright.jobs import Steps
from lorewright.models import READER
from lorewright.workspace.collections.weight_fit import keep_fitted
from lorewright.workspace.comparisons.answer_on_nodes import answers_elsewhere
from lorewright.workspace.comparisons.asking import ArmAnswers, Elsewhere, ask_all
from lorewright.workspace.comparisons.drill import drill
from lorewright.workspace.comparisons.enough_examples import enough_examples
from lorewright.workspace.comparisons.facts import facts_of, measured_with, set_up, unknown_document_lines
from lorewright.workspace.comparisons.form_files import database_of, schema_of
from lorewright.workspace.comparisons.llm_judge import calibrate, need_evidence, open_llm_judge
from lorewright.workspace.comparisons.primary_lines import primary_lines
from lorewright.workspace.dataset.material import LearningMaterial, material_for
from lorewright.workspace.dataset.question_choice import chosen_questions
from lorewright.workspace.dataset.refusals import fit_refusals_to_examples, style_of
from lorewright.workspace.dataset.sources import sources_of
from lorewright.workspace.documents.add import sync_documents
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.library import own_flows
from lorewright.workspace.flows.parts import DomainParts
from lorewright.workspace.jobs.cluster import Cluster
from lorewright.workspace.jobs.named_cluster import cluster_of
from lorewright.workspace.jobs.orders import caller_of
from lorewright.workspace.tuning.fetch import fetch_chat_model
from lorewright.workspace.tuning.tune import train_adapter


def compare(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Measure the arms the order names (or all that can be built), save the comparison, return its id.

    The order holds `arms` (names, or null for all), `limit` (held-out questions, 0 for all) and
    `is_drilled` (whether changed facts are tried out where the domain has an update); it may hold
    `tags` and `file`, which questions to ask, and `on`, the address of a cluster whose nodes answer.
    """
    with cluster_of(order) as cluster:
        return _compare(workspace, order, steps, cluster)


def _compare(
    workspace: Workspace, order: Mapping[str, Any], steps: Steps, cluster: Cluster | None
) -> dict[str, Any]:
    caller = caller_of(workspace, order)
    sync_documents(workspace, caller, steps, cluster)
    material = material_for(workspace, caller)
    questions = chosen_questions(workspace, material.questions, order)
    _fit_retrieval(workspace, caller, material, steps)
    style = style_of(workspace, material)
    wanted = flows_to_compare(workspace, caller, style, order["arms"])
    if order["arms"] is None and style.is_classified:
        steps.say(
            "The arm tuned is a classifier, which reads no chunks: naive-hybrid is left out. hybrid tunes "
            "the language model with retrieved chunks."
        )
    flows = _build(workspace, caller, wanted, material, steps)
    primary = take_primary(questions, scoring_context(workspace, caller, style), labels=style.labels)
    context = primary.context
    for line in (*primary_lines(primary), *unknown_document_lines(workspace, questions)):
        steps.say(line)
    parts = DomainParts(workspace, caller)
    fetch_chat_model(workspace, steps)
    _calibrate_judge(workspace, context.primary, steps)
    answers = [
        _ask(workspace, flow, questions, parts, steps, answers_elsewhere(workspace, caller, cluster, flow))
        for flow in flows
    ]
    drilled = drill(workspace, caller, flows, context, steps) if order["is_drilled"] else None
    if (judge := find_judge(workspace.settings)).problem:
        steps.say(f"{judge.problem} Using rules instead. {judge.remedy}")
    steps.say("Scoring.")
    with open_llm_judge(workspace) as ask:
        if ask:
            context = replace(context, ask_judge=ask)
        reports = [
            measured_report(workspace, flow, arm_answers, questions, context)
            for flow, arm_answers in zip(flows, answers, strict=True)
        ]
    comparison = compare_reports(
        reports,
        id=uuid4().hex,
        created_at=time.time(),
        primary=context.primary,
        measured=replace(
            measured_with(workspace, caller, flows, material, questions, context.settings),
            made_of=_made_of(material, answers),
            labels=style.labels,
        ),
        drill=drilled,
        chance_rate=primary.chance_rate,
        seed=workspace.settings.tuning.seed,
    )
    curve = enough_examples(
        material.train,
        questions,
        context,
        embed=workspace.cached_embedder,
        seed=workspace.settings.tuning.seed,
    )
    comparison = replace(comparison, curve=curve)
    recommendation = recommend(facts_of(workspace, caller, material), comparison, workspace.settings)
    comparison = replace(comparison, recommended_arm=recommendation.arm)
    workspace.comparisons.save(comparison)
    return {"comparison": comparison.id, "recommended_arm": recommendation.arm}


def _calibrate_judge(workspace: Workspace, primary: str, steps: Steps) -> None:
    """Say how far the chat model that judges agrees with people; alone it must agree enough."""
    with open_llm_judge(workspace) as ask:
        kappa = calibrate(workspace, ask) if ask else None
    if ask:
        steps.say(f"The judge model against your ratings: {kappa or 'no rated answers (ratings.jsonl)'}.")
    if primary == "judged":
        need_evidence(kappa)


def _fit_retrieval(workspace: Workspace, caller: Caller, material: LearningMaterial, steps: Steps) -> None:
    """Fit the weight of vector search and the threshold of refusals, for who may read all the examples."""
    if readable(workspace, caller).is_all:
        fitted = keep_fitted(workspace, material.train, progress=steps.progress("fitting retrieval"))
        if fitted:
            steps.say(f"Weight of vector search: {fitted}.")
        fit_refusals_to_examples(workspace, material, steps)


def flows_to_compare(
    workspace: Workspace, caller: Caller, style: Style, names: Sequence[str] | None
) -> list[Flow]:
    """Return the flows to measure: those named, or all that this domain has material for."""
    known: Mapping[str, Flow] = arms(style)
    if names:
        known = {**optional_arms(style), **known, **own_flows(workspace, caller)}
        for name in names:
            if name not in known:
                raise UnknownName(f"No arm named {name!r}.", hint=f"Available: {', '.join(known)}.")
        return [inlined(known[name], partial(_called, known)) for name in names]
    has_documents = workspace.documents.count(readable(workspace, caller)) > 0
    is_classified = any(node.kind == "classify" for node in known["tuned"].nodes)
    has_examples = any(node.params.get("examples") for flow in known.values() for node in flow.nodes)
    wanted: list[Flow] = []
    for flow in known.values():
        is_new = all(flow.nodes != other.nodes for other in wanted)  # without examples, few-shot is base
        can_answer = (has_documents or not retrieves(flow)) and (has_examples or not shows_examples(flow))
        if flow.name == "naive-hybrid" and is_classified:
            continue  # a classifier does not read chunks
        if is_new and can_answer:
            wanted.append(flow)
    return wanted


def _called(known: Mapping[str, Flow], name: str) -> Flow:
    """Return a flow that another one calls, whether or not its adapter is trained yet."""
    if name not in known:
        raise UnknownName(f"No arm named {name!r}.", hint=f"Available: {', '.join(known)}.")
    return known[name]


def _build(
    workspace: Workspace, caller: Caller, flows: Sequence[Flow], material: LearningMaterial, steps: Steps
) -> list[Flow]:
    """Train the adapters that are missing and return the flows that can be run.

    Where tuning is not possible here, the tuned arms are left out with the reason; if no other
    arm was asked for, the reason is raised.
    """
    reasons: dict[str, UserError] = {}
    for adapter in dict.fromkeys(adapter for flow in flows for adapter in adapters_of(flow)):
        if adapter not in ("", READER):
            try:
                train_adapter(workspace, caller, adapter, material, steps)
            except (InvalidExamples, NoLabels, TooFewExamples, UnfitBase) as error:
                reasons[adapter] = error
                steps.say(f"Skipping the arms with the {adapter} adapter: {error} {error.hint}")
    kept = [flow for flow in flows if reasons.keys().isdisjoint(adapters_of(flow))]
    if not kept:
        raise next(iter(reasons.values()))
    return kept


def _ask(
    workspace: Workspace,
    flow: Flow,
    questions: Sequence[Question],
    parts: DomainParts,
    steps: Steps,
    elsewhere: Elsewhere | None,
) -> ArmAnswers:
    label = f"asking {flow.name}"
    arm_answers = ask_all(flow, questions, parts, steps, label=label, elsewhere=elsewhere)
    workspace.close_engines()  # the next arm's memory is its own
    return arm_answers


def scoring_context(workspace: Workspace, caller: Caller, style: Style) -> ScoringContext:
    """Return what this domain's answers are scored against."""
    settings, allowed = workspace.settings.evaluation, readable(workspace, caller)
    view = workspace.searchable_by(allowed) if workspace.documents.count(allowed) else None
    return ScoringContext(
        settings=settings,
        refusals=(style.refusal, *style.refusal_phrases),
        style_words=style.style_words,
        labels=style.labels,
        embed=workspace.embedder.embed,
        document_text=lambda name: _text_of(workspace, name) if allowed.holds(name) else None,
        search=(lambda query: view.search(query, n=10)) if view else None,
        judge=find_judge(workspace.settings).judge,
        schema=schema_of(workspace),
        database=database_of(workspace),
    )


def _text_of(workspace: Workspace, document_id: str) -> str | None:
    document = workspace.documents.find(document_id)
    return document.text if document else None


def _made_of(material: LearningMaterial, arm_answers: Sequence[ArmAnswers]) -> tuple[str, ...] | None:
    """Return the documents behind the material and the answers, `None` where they are not all known."""
    rows = [*map(sources_of, material.examples), *map(sources_of, material.questions)]
    answers = [documents_of(answer) for arm in arm_answers for answer in arm.answers.values()]
    if None in rows:
        return None
    return tuple(sorted({name for names in (*rows, *answers) for name in names or ()}))


def measured_report(
    workspace: Workspace,
    flow: Flow,
    arm_answers: ArmAnswers,
    questions: Sequence[Question],
    context: ScoringContext,
) -> Report:
    """Return an arm's answers scored."""
    rows = [
        score_answer(
            question,
            arm_answers.answers[question.id],
            context,
            cpu_seconds=arm_answers.cpu_seconds.get(question.id),
        )
        for question in questions
    ]
    return build_report(
        flow.name,
        rows,
        set_up=set_up(workspace, flow),
        peak_bytes=arm_answers.peak_memory_bytes,
        seed=workspace.settings.tuning.seed,
    )
