"""Answering on the nodes of a cluster: questions go out, answers come back; a node opens the same domain.

It reads the domain's folder, where that is mounted at the same path, and its state and index, wherever
those are. What it answers with must be what the job has: the same flow, weights and index.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.errors import UnusableCluster
from lorewright.evaluation import Question, from_json, to_json
from lorewright.flows import Flow, flow_from_json, flow_to_json, shows_examples
from lorewright.jobs.process import this_host
from lorewright.workspace.comparisons.answering_once import answered, made_of
from lorewright.workspace.comparisons.asking import Elsewhere
from lorewright.workspace.domain.folder import SETTINGS_FILE
from lorewright.workspace.domain.memory import reset_peak
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.parts import DomainParts
from lorewright.workspace.jobs.cluster import Cluster, packed, unpacked
from lorewright.workspace.jobs.orders import BY, caller_of

_HERE_ALONE = frozenset({"tool", "agent"})
"""Kinds of nodes of a flow that may act: done again after a machine died, they would act twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Where and for whom an arm answers: the domain's folder on `host`, and what it answers with."""

    folder: str
    host: str
    caller: str
    flow: str
    made_of: str


def desk_of(workspace: Workspace, caller: str, flow: Flow, made_of: str) -> Desk:
    """Return what a node must know to answer as the job would."""
    folder, words = str(workspace.folder.resolve()), json.dumps(flow_to_json(flow))
    return Desk(folder=folder, host=this_host(), caller=caller, flow=words, made_of=made_of)


def why_here_alone(flow: Flow) -> str:
    """Return why an arm is not spread, '' where it is."""
    if any(node.kind in _HERE_ALONE for node in flow.nodes):
        return "it calls tools"
    return "it looks through all examples" if shows_examples(flow) else ""


def answers_elsewhere(
    workspace: Workspace, caller: Caller, cluster: Cluster | None, flow: Flow
) -> Elsewhere | None:
    """Return what has a cluster answer for an arm, `None` without one, and for an arm that stays here."""
    if cluster is None or why_here_alone(flow):
        return None

    def answer(
        flow: Flow, made_of: str, questions: Mapping[str, Question]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        return answered_on_nodes(cluster, desk_of(workspace, caller.id, flow, made_of), questions)

    return answer


def answered_on_nodes(
    cluster: Cluster, desk: Desk, questions: Mapping[str, Question]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the answer to every question under its name, as `answered` gives it."""
    units = (packed([name, to_json(question)]) for name, question in questions.items())
    for result in cluster.each(f"{__name__}:answer_unit", json.dumps(asdict(desk)), units, at_least=4):
        name, step = unpacked(result)[0]
        yield name, step


def answer_unit(spec: str, unit: bytes) -> bytes:
    """Return the answer to a question: what a node does."""
    name, question = unpacked(unit)[0]
    flow, parts = _opened(spec)
    return packed([name, answered(flow, from_json(Question, question), parts)])


_kept: dict[str, tuple[Workspace, Flow, DomainParts]] = {}
"""The arm that this process of a node answers for."""


def _opened(spec: str) -> tuple[Flow, DomainParts]:
    """Return the flow and what it runs on; that of another arm is closed: each has the memory to itself."""
    if spec not in _kept:
        for workspace, _, _ in _kept.values():
            workspace.close()
        _kept.clear()
        reset_peak()
        desk = Desk(**json.loads(spec))
        workspace = _workspace(desk)
        parts = DomainParts(workspace, caller_of(workspace, {BY: desk.caller}))
        flow = flow_from_json(json.loads(desk.flow))
        if made_of(flow, parts) != desk.made_of:
            workspace.close()
            raise UnusableCluster(
                f"A node of the cluster answers {flow.name} with other weights, or from another index.",
                hint="Add or tune nothing while it is measured, and let every node mount the same folder.",
            )
        _kept[spec] = workspace, flow, parts
    _, flow, parts = _kept[spec]
    return flow, parts


def _workspace(desk: Desk) -> Workspace:
    """Return the domain as a node sees it, where it may be opened; an answer has one processor."""
    folder = Path(desk.folder)
    if not (folder / SETTINGS_FILE).is_file():
        raise UnusableCluster(
            f"The node {this_host().split()[0]} does not see {folder}, the domain's folder with its index.",
            hint="Mount that folder there at the same path. An index for many hosts is set with "
            "retrieval.index (s3:// or Qdrant), a state with storage.url.",
        )
    workspace = Workspace(folder)
    if this_host() != desk.host and not workspace.settings.storage.database_url():
        raise UnusableCluster(
            f"The node {this_host().split()[0]} is another host, and the domain's state is a SQLite file.",
            hint="Set storage.url to a PostgreSQL database: lorewright move --to URL",
        )
    serve = workspace.settings.serve
    one = replace(serve, n_threads=serve.n_threads or 1, n_prompt_threads=serve.n_prompt_threads or 1)
    workspace.settings = replace(workspace.settings, serve=one)
    return workspace
