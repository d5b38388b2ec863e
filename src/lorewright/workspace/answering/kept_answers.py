"""Answers that were given: kept with their question and what made them, until newer ones need the room."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lorewright.access import Caller
from lorewright.errors import NotFound
from lorewright.flows import Answer
from lorewright.models import Call, Usage
from lorewright.storage import Order, Page, Record, Records
from lorewright.workspace.answering.answer_json import provenance
from lorewright.workspace.answering.served_models import ServedModel
from lorewright.workspace.server.ledger import cost_usd
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of

KIND, SHADOWS = "answer", "shadow_answer"
MAX_TEXT_BYTES = 64 * 1024
"""Longer conversations are counted, but their words are not kept."""


def keep_answer(
    server: Server,
    caller: Caller,
    answer_id: str,
    served: ServedModel,
    messages: Sequence[Mapping[str, Any]],
    answer: Answer | str,
    *,
    latency_ms: float,
    usage: Usage | None = None,
    made_of: Collection[str] | None = (),
    is_stored: bool = True,
) -> None:
    """Keep an answer of a flow, or the text of a model, under the id that its caller knows it by.

    `messages` is the conversation as its caller sent it. Without `is_stored` what was said is not
    kept, only what counts: whether it was refused and supported, and how long it took. `made_of` are
    the documents that were found for it or stand behind examples, `None` where they are not all known:
    what comes of it is as secret as they are. `usage` are the tokens of a text, where they are known.
    """
    if server.workspace.settings.serve.n_answers_kept:
        body = _body(served, messages, answer, latency_ms, is_stored=is_stored)
        body["made_of"] = None if made_of is None else sorted(made_of)
        body["cost_usd"] = _cost_usd(
            server, served, answer.usage if isinstance(answer, Answer) else usage, latency_ms
        )
        records = server.records(KIND)
        records.add(_id(answer_id), body, parent=served.deployment, owner=caller.id, label=served.version)
        _prune(server, records)


def keep_shadow(
    server: Server, answer_id: str, served: ServedModel, messages: Sequence[Mapping[str, Any]], answer: Answer
) -> None:
    """Keep what a shadow said to the question that was answered under `answer_id`."""
    body = _body(served, messages, answer, answer.latency_ms, is_stored=True) | {"answer": answer_id}
    records = server.records(SHADOWS)
    records.add(f"shadow_{answer_id}", body, parent=served.deployment, label=served.version)
    _prune(server, records)


def find_answer(server: Server, caller: Caller, answer_id: str) -> Record:
    """Return a kept answer; raise `NotFound` for one that is not there, or another key's."""
    caller.need("read")
    return own_answer(server, caller, answer_id)


def own_answer(server: Server, caller: Caller, answer_id: str) -> Record:
    """Return a kept answer of the caller's own, asked for the right to the work it is needed for."""
    answer = server.records(KIND).find(_id(answer_id), owner=owner_of(caller))
    if answer is None:
        raise NotFound(
            f"No answer found with id {answer_id!r}.",
            hint="Old answers are deleted once the limit is reached.",
        )
    return answer


def stored_answer(server: Server, answer_id: str) -> Record | None:
    """Return a kept answer, whoever asked; `None` where it is not kept any more."""
    return server.records(KIND).find(_id(answer_id))


def list_answers(
    server: Server,
    caller: Caller,
    *,
    deployment: str | None = None,
    limit: int = 20,
    after: str = "",
    order: Order = "desc",
) -> Page:
    """Return a page of the kept answers that a key may see: its own, or all for an administrator."""
    caller.need("read")
    if after:
        own_answer(server, caller, after)
    return server.records(KIND).page(
        owner=owner_of(caller),
        parent=deployment,
        limit=limit,
        after=_id(after) if after else "",
        order=order,
    )


def answer_id_of(record: Record) -> str:
    """Return the id that a caller knows an answer by."""
    return record.id.removeprefix("answer/")


def _id(answer_id: str) -> str:
    return f"answer/{answer_id}"  # other records go by the id of a response


def _body(
    served: ServedModel,
    messages: Sequence[Mapping[str, Any]],
    answer: Answer | str,
    latency_ms: float,
    *,
    is_stored: bool,
) -> dict[str, Any]:
    text = answer.text if isinstance(answer, Answer) else answer
    is_short = len(json.dumps(list(messages))) + len(text) <= MAX_TEXT_BYTES
    return {
        "model": served.id,
        "role": served.role,
        "messages": list(messages) if is_stored and is_short else None,
        "text": text if is_stored and is_short else None,
        "refused": answer.refused if isinstance(answer, Answer) else False,
        "unsupported": list(answer.unsupported) if isinstance(answer, Answer) and is_stored else [],
        "has_unsupported": bool(answer.unsupported) if isinstance(answer, Answer) else False,
        "provenance": provenance(answer) if isinstance(answer, Answer) else None,
        "latency_ms": latency_ms,
        "thumb": None,
    }


def _cost_usd(server: Server, served: ServedModel, usage: Usage | None, latency_ms: float) -> float | None:
    """Return what an answer cost, as the books count it; `None` where its tokens are not known."""
    engine = served.engine or server.engine_key("")
    if engine.is_remote and usage is None:
        return None
    call = Call("", engine, usage or Usage(), latency_ms / 1000)
    return cost_usd(call, server.workspace.settings.prices)


def _prune(server: Server, records: Records) -> None:
    """Let the oldest go as soon as there are a tenth more than are kept."""
    n_kept = server.workspace.settings.serve.n_answers_kept
    n_over = records.count() - n_kept
    if n_over > n_kept // 10:
        for record in records.page(order="asc", limit=n_over).records:
            records.remove(record.id)
