"""Answering one question."""

from collections.abc import Callable
from functools import partial

from lorewright.access import Caller
from lorewright.errors import NotAllowed, TooFewExamples, UnknownName
from lorewright.flows import Answer, Flow, inlined, run
from lorewright.messages import Conversation
from lorewright.progress import silent
from lorewright.settings import DEFAULT_CHAT_MODEL
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.catalogue import check_flow, may_use_flow, usable_flow
from lorewright.workspace.flows.library import find_flow
from lorewright.workspace.flows.parts import DomainParts


def ask(
    workspace: Workspace,
    caller: Caller,
    conversation: Conversation,
    *,
    arm: str | None = None,
    flow: Flow | None = None,
    on_text: Callable[[str], None] = silent,
) -> Answer:
    """Return an arm's answer; without a name, that of `default_arm`.

    A `flow` that is given answers in the place of an arm; it may call those of the domain.
    `on_text` hears the text as it is generated. Raises `UnknownName` for an arm that does not
    exist and `TooFewExamples` for one whose adapter was not trained.
    """
    caller.need("chat")
    if flow is None:
        ready = usable_flow(workspace, caller, arm or default_arm(workspace, caller))
    else:
        if not may_use_flow(workspace, caller, "*"):
            raise NotAllowed(
                f"The key {caller.name!r} is limited to some models, but a flow can use any model.",
                hint="Ask an administrator for a key without a model limit.",
            )
        check_flow(workspace, caller, flow)
        ready = inlined(flow, partial(find_flow, workspace, caller))
    return run(ready, conversation, DomainParts(workspace, caller), on_text=on_text)


def usual_arm(workspace: Workspace, caller: Caller) -> str:
    """Return the arm to answer with when none is named."""
    caller.need("chat")
    return default_arm(workspace, caller)


def default_arm(workspace: Workspace, caller: Caller) -> str:
    """Return the arm to answer with when none is named: the recommended one where one was measured.

    Else, with documents that the caller may read, `rag` on a model that somebody chose and `quote` on the
    small default one, which reads badly: measure it with a comparison. Without documents, `base`.
    """
    latest, allowed = workspace.comparisons.latest(), readable(workspace, caller)
    arm = latest.recommended_arm if latest and allowed.covers(latest.measured.made_of) else ""
    if arm and _is_built(workspace, caller, arm):
        return arm
    if not workspace.documents.count(allowed):
        return "base"
    return "quote" if workspace.settings.models.chat == DEFAULT_CHAT_MODEL else "rag"


def _is_built(workspace: Workspace, caller: Caller, arm: str) -> bool:
    """Whether an arm can answer here: a comparison may have been measured elsewhere."""
    try:
        find_flow(workspace, caller, arm)
    except (TooFewExamples, UnknownName):
        return False
    return True
