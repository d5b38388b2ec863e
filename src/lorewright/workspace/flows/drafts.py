"""Flows while they are made: drafts that may be unfinished, and the versions that were saved.

A draft is kept at every change, under a revision. Whoever changes an older revision than the newest
is told so instead of writing over what somebody else did.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import InvalidFlow, NotFound, Overtaken
from lorewright.flows import flow_from_json, flow_hash, flow_to_json
from lorewright.flows.arm_names import ARMS
from lorewright.storage import Record
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.flows.catalogue import save_flow
from lorewright.workspace.flows.example_origins import note_examples
from lorewright.workspace.flows.library import find_own, json_for_reader, own_names
from lorewright.workspace.server.server import Server

DRAFT, VERSION = "flow_draft", "flow_version"
N_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class FlowDraft:
    """A flow as somebody left it: its JSON, its layout, the revision, and who changed it last, when."""

    name: str
    flow: Mapping[str, Any]
    layout: Mapping[str, Any]
    revision: int
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class FlowVersion:
    """A flow as it was saved: numbered from 1, with its note."""

    number: int
    flow: Mapping[str, Any]
    layout: Mapping[str, Any]
    by: str
    at: float
    note: str


def new_draft(server: Server, caller: Caller, flow: Mapping[str, Any], *, name: str) -> FlowDraft:
    """Return the draft of a new flow, its JSON given, under `name` or the next name that is free."""
    caller.need("deploy")
    taken = {*ARMS, *own_names(server.workspace), *_drafts(server)}
    free = next(one for one in (name, *(f"{name}-{n}" for n in range(2, 10_000))) if one not in taken)
    return _keep_new(server, caller, free, {**flow, "name": free}, {})


def open_draft(server: Server, caller: Caller, name: str) -> FlowDraft:
    """Return the draft of a flow, begun from the flow that was saved; raise `NotFound` for neither."""
    caller.need("read")
    draft = server.records(DRAFT).find(_id(name))
    if draft is not None:
        return _draft_for(server, caller, draft)
    own = find_own(server.workspace, caller, name)
    if own is None:
        raise NotFound(f"No flow found with name {name!r}.")
    return _keep_new(server, caller, name, flow_to_json(own), {})


def keep_draft(
    server: Server,
    caller: Caller,
    name: str,
    flow: Mapping[str, Any],
    layout: Mapping[str, Any],
    *,
    revision: int,
) -> FlowDraft:
    """Return the draft with another content; raise `Overtaken` where `revision` is not the newest."""
    caller.need("deploy")
    former = server.records(DRAFT).find(_id(name))
    note_examples(server.workspace, flow, before=former.body["flow"] if former else None)

    def changed(body: dict[str, Any]) -> dict[str, Any]:
        if body["revision"] != revision:
            raise Overtaken(
                f"{body['by']} changed {name} in the meantime.",
                hint="Use their version, or save yours under another name.",
            )
        return _body(caller, {**flow, "name": name}, layout, revision + 1)

    return _draft(server.records(DRAFT).change(_id(name), changed))


def save_version(server: Server, caller: Caller, name: str, *, note: str = "") -> FlowVersion:
    """Return the draft as a saved version: from here on it is measured, served and deployed.

    Raises `InvalidFlow` for a draft that cannot run; nothing is saved then.
    """
    caller.need("deploy")
    draft = open_draft(server, caller, name)
    flow = flow_from_json(draft.flow)
    latest = next(reversed(_versions(server, name)), None)
    saved = find_own(server.workspace, caller, name)
    if latest and saved and flow_hash(flow) == flow_hash(saved):
        raise InvalidFlow(
            f"{name} is already identical to version {latest.number}.", hint="Change something first."
        )
    save_flow(server.workspace, caller, flow, is_replacing=saved is not None)
    number = latest.number + 1 if latest else 1
    body: dict[str, Any] = {
        "number": number, "flow": flow_to_json(flow), "layout": draft.layout, "by": caller.name,
        "at": time.time(), "note": note,
    }  # fmt: skip
    server.records(VERSION).add(f"{VERSION}/{uuid4().hex}", body, parent=name, owner=caller.id)
    return FlowVersion(**body)


def versions_of_flow(server: Server, caller: Caller, name: str) -> list[FlowVersion]:
    """Return the versions of a flow that were saved, the first one first."""
    caller.need("read")
    return [
        replace(version, flow=json_for_reader(server.workspace, caller, version.flow))
        for version in _versions(server, name)
    ]


def _versions(server: Server, name: str) -> list[FlowVersion]:
    return [FlowVersion(**record.body) for record in server.records(VERSION).all(parent=name)][-N_VERSIONS:]


def list_drafts(server: Server, caller: Caller) -> list[FlowDraft]:
    """Return every draft, the one changed last first."""
    caller.need("read")
    drafts = (_draft_for(server, caller, record) for record in server.records(DRAFT).all())
    return sorted(drafts, key=lambda one: -one.at)


def forget_draft(server: Server, caller: Caller, name: str) -> None:
    """Remove a draft with its versions; a flow that was saved stays until it is removed too."""
    caller.need("deploy")
    server.records(DRAFT).remove(_id(name))
    server.records(VERSION).remove_all(parent=name)
    audit(server.workspace, caller, Act.DRAFT_REMOVED, name)


def _drafts(server: Server) -> list[str]:
    return [str(record.body["flow"]["name"]) for record in server.records(DRAFT).all()]


def _keep_new(
    server: Server, caller: Caller, name: str, flow: Mapping[str, Any], layout: Mapping[str, Any]
) -> FlowDraft:
    body = _body(caller, flow, layout, 1)
    own = find_own(server.workspace, caller, name)
    note_examples(server.workspace, flow, before=flow_to_json(own) if own else None)
    return _draft(server.records(DRAFT).put(_id(name), lambda old: old or body, owner=caller.id))


def _body(
    caller: Caller, flow: Mapping[str, Any], layout: Mapping[str, Any], revision: int
) -> dict[str, Any]:
    return {
        "flow": dict(flow), "layout": dict(layout), "revision": revision, "by": caller.name,
        "at": time.time(),
    }  # fmt: skip


def _draft_for(server: Server, caller: Caller, record: Record) -> FlowDraft:
    draft = _draft(record)
    return replace(draft, flow=json_for_reader(server.workspace, caller, draft.flow))


def _draft(record: Record) -> FlowDraft:
    return FlowDraft(name=str(record.body["flow"]["name"]), **record.body)


def _id(name: str) -> str:
    return f"{DRAFT}/{name}"
