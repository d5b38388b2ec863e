"""How the versions of a deployment do in use, read off the answers that were kept."""

from collections.abc import Iterable, Sequence
from typing import Any

from lorewright.access import Caller
from lorewright.deployments import (
    Deployment,
    ServedVersion,
    compare_pairs,
    compare_versions,
    measure,
    version_name,
)
from lorewright.evaluation import to_json
from lorewright.storage import Record
from lorewright.workspace.answering.kept_answers import KIND, SHADOWS, answer_id_of
from lorewright.workspace.deployments.listing import find_deployment
from lorewright.workspace.server.server import Server


def traffic(server: Server, caller: Caller, name: str) -> dict[str, Any]:
    """Return how every version of a deployment does, canary against live, and shadow against both.

    Read off the answers that are kept (`serve.n_answers_kept`) to callers who named no version.
    Canary and live are compared over the answers since the canary began, the shadow with what was
    shown instead, question by question. A difference is left minus right, with a 95 % interval.
    """
    deployment = find_deployment(server.workspace, caller, name)
    answers = [
        record
        for record in server.records(KIND).all(parent=name)
        if record.body["role"] in ("live", "canary")
    ]
    numbers = sorted({_number(record) for record in answers})
    return {
        "object": "deployment.traffic",
        "deployment": name,
        "versions": [to_json(measure(number, _served(_of(answers, number)))) for number in numbers],
        "canary": _canary(deployment, answers),
        "shadow": _shadow(server, deployment, answers),
    }


def shadow_pairs(server: Server, caller: Caller, name: str) -> list[tuple[Record, Record]]:
    """Return what every shadow said with the answer that was shown instead, where that is still kept.

    For administrators: these are the questions of everybody.
    """
    caller.need("admin")
    find_deployment(server.workspace, caller, name)
    answers = {answer_id_of(record): record for record in server.records(KIND).all(parent=name)}
    shadows = server.records(SHADOWS).all(parent=name)
    return [
        (shadow, answers[shadow.body["answer"]]) for shadow in shadows if shadow.body["answer"] in answers
    ]


def _canary(deployment: Deployment, answers: Sequence[Record]) -> dict[str, Any] | None:
    if not deployment.canary:
        return None
    recent = [record for record in answers if record.created_at >= deployment.canary_since]
    canary, live = _served(_of(recent, deployment.canary)), _served(_of(recent, deployment.live))
    return {
        "version": deployment.canary,
        "share": deployment.canary_share,
        "since": deployment.canary_since,
        "measured": to_json(measure(deployment.canary, canary)),
        "live": to_json(measure(deployment.live, live)),
        "differences": _differences(compare_versions((deployment.canary, canary), (deployment.live, live))),
    }


def _shadow(server: Server, deployment: Deployment, answers: Iterable[Record]) -> dict[str, Any] | None:
    if not deployment.shadow:
        return None
    live_answers = {answer_id_of(record): record for record in answers if _number(record) == deployment.live}
    label = version_name(deployment.name, deployment.shadow)
    shadows = server.records(SHADOWS).all(parent=deployment.name, label=label)
    pairs = [
        (_one(record), _one(live_answers[record.body["answer"]]))
        for record in shadows
        if record.body["answer"] in live_answers
    ]
    return {
        "version": deployment.shadow,
        "since": deployment.shadow_since,
        "measured": to_json(measure(deployment.shadow, _served(shadows))),
        "n_pairs": len(pairs),
        "differences": _differences(compare_pairs(deployment.shadow, deployment.live, pairs)),
    }


def _differences(differences: Iterable[Any]) -> list[dict[str, Any]]:
    return [to_json(difference) | {"is_measurable": difference.is_measurable} for difference in differences]


def _number(record: Record) -> int:
    return int(record.label.rpartition("@")[2])


def _of(answers: Iterable[Record], number: int) -> list[Record]:
    return [record for record in answers if _number(record) == number]


def _served(answers: Iterable[Record]) -> list[ServedVersion]:
    return [_one(record) for record in answers]


def _one(record: Record) -> ServedVersion:
    body = record.body
    return ServedVersion(
        refused=body["refused"],
        has_unsupported=body["has_unsupported"],
        latency_ms=body["latency_ms"],
        is_thumb_up=None if body["thumb"] is None else body["thumb"] == "up",
    )
