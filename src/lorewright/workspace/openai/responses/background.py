"""Responses in the background: made by a thread of this server, and begun again where it was killed."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotAllowed
from lorewright.models import Stopped
from lorewright.storage import Record
from lorewright.workspace.jobs.stopping import throttled
from lorewright.workspace.openai.responses.conversations import with_conversation
from lorewright.workspace.openai.responses.output import Event, Output
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.openai.responses.records import (
    KIND,
    OVER,
    change_response,
    find_response,
    keep_background,
    keep_events,
    kept_events,
)
from lorewright.workspace.openai.responses.request import ResponseRequest
from lorewright.workspace.openai.responses.respond import begin_response, fail, response_events
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server

_LOOK_EVERY_SECONDS = 0.5


def begin_background(server: Server, caller: Caller, pending: PendingResponse) -> dict[str, Any]:
    """Return the response as it is when its making has begun: `queued`."""
    caller.need("chat")
    pending = with_conversation(server, caller, pending)
    keep_background(server, caller, pending)
    _begin(server, caller, pending)
    return pending.response


def current_response(server: Server, caller: Caller, response_id: str) -> dict[str, Any]:
    """Return a kept response as it is now; one that nobody is at any more is begun again."""
    record = find_response(server, caller, response_id)
    _go_on(server, record)
    return dict(server.records(KIND).get(record.id).body["response"])


def cancel_response(server: Server, caller: Caller, response_id: str) -> dict[str, Any]:
    """Return a response that is not made any further; one that is over stays as it is."""
    response = find_response(server, caller, response_id).body["response"]
    if not response["background"]:
        raise BadParameter("response_id", "Only a response created with background=true can be cancelled.")
    cancelled = change_response(server, response_id, {"status": "cancelled"})
    server.resumable_work.stop(response_id)
    return dict(cancelled)


def followed(
    server: Server, caller: Caller, response_id: str, *, starting_after: int = -1, stopped: Stopped
) -> Iterator[Event]:
    """Yield the events of a response in the background, those made already first."""
    record = find_response(server, caller, response_id)
    if not record.body.get("request", {}).get("stream"):
        raise BadParameter(
            "stream", "Only a response created with background=true and stream=true can be streamed again."
        )
    _go_on(server, record)
    is_told = False
    for event in server.resumable_work.follow(response_id, stopped=stopped):
        is_told = True
        if event["sequence_number"] > starting_after:
            yield event
    while not is_told and server.resumable_work.is_at(response_id) and not stopped():
        time.sleep(_LOOK_EVERY_SECONDS)  # another process is at it
    if not is_told:
        every = kept_events(server, response_id)
        yield from (event for event in every if event["sequence_number"] > starting_after)


def _go_on(server: Server, record: Record) -> None:
    """Begin a response again that is not over and that nobody is at: its server was ended."""
    response = record.body["response"]
    if response["status"] in OVER or server.resumable_work.is_at(record.id):
        return
    request = read_request(ResponseRequest, record.body["request"])
    owner = server.keys.find(record.owner)
    if owner is None:
        raise NotAllowed(
            "The key that created this response is no longer valid.", hint="Send the request again."
        )
    pending = begin_response(server, owner, request)
    _begin(server, owner, replace(pending, given=record.body["input"], response=dict(response)))


def _begin(server: Server, caller: Caller, pending: PendingResponse) -> None:
    server.resumable_work.begin(
        pending.response["id"], lambda stopped: _background_events(server, caller, pending, stopped)
    )


def _background_events(
    server: Server, caller: Caller, pending: PendingResponse, stopped: Stopped
) -> Iterator[Event]:
    """Yield the events of a response, and keep them where they may be asked for again."""
    response_id = pending.response["id"]
    if change_response(server, response_id, {"status": "in_progress"})["status"] in OVER:
        return  # another process was faster, or it was cancelled
    pending = replace(pending, response=pending.response | {"status": "in_progress"})
    events: list[Event] = []

    def is_cancelled() -> bool:  # perhaps by another process
        record = server.records(KIND).find(response_id)
        return record is None or record.body["response"]["status"] == "cancelled"

    looked = throttled(is_cancelled)
    try:
        for event in response_events(server, caller, pending, stopped=lambda: stopped() or looked()):
            events.append(event)
            yield event
    except Exception as error:  # noqa: BLE001 - nobody waits: whoever asks for the response is told
        failed = {"type": "response.failed", "response": fail(server, caller, pending, Output(), error)}
        events.append({**failed, "sequence_number": len(events)})
        yield events[-1]
    if pending.request.stream and not server.resumable_work.is_closed:
        keep_events(server, response_id, events)
