"""Answering one question."""

from collections.abc import Callable

from lorewright.errors import TooFewExamples, UnknownName
from lorewright.flows import Answer, Flow, arms, run, style_from
from lorewright.messages import Conversation
from lorewright.progress import silent
from lorewright.workspace.material import read_material
from lorewright.workspace.own_flows import own_flows
from lorewright.workspace.parts import DomainParts
from lorewright.workspace.workspace import Workspace

ADAPTER_OF = {"tuned": "bare", "naive-hybrid": "bare", "hybrid": "context"}


def ask(
    workspace: Workspace,
    conversation: Conversation,
    *,
    arm: str | None = None,
    on_text: Callable[[str], None] = silent,
) -> Answer:
    """Return an arm's answer; without a name, of the recommended arm, else of `rag`, else of `base`.

    `on_text` hears the text as it is generated. Raises `UnknownName` for an arm that does not
    exist and `TooFewExamples` for one whose adapter was not trained.
    """
    flow = find_arm(workspace, arm or default_arm(workspace))
    return run(flow, conversation, DomainParts(workspace), on_text=on_text)


def default_arm(workspace: Workspace) -> str:
    """Return the arm to answer with when none is named."""
    latest = workspace.comparisons.latest()
    if latest is not None and latest.recommended_arm:
        return latest.recommended_arm
    return "rag" if workspace.documents.count() else "base"


def find_arm(workspace: Workspace, name: str) -> Flow:
    """Return the flow of one arm of this domain, standard or somebody's own, ready to run."""
    flows = domain_arms(workspace) | own_flows(workspace)
    if name not in flows:
        raise UnknownName(f"There is no arm {name!r}.", hint=f"There is: {', '.join(flows)}.")
    adapter = ADAPTER_OF.get(name)
    if adapter and workspace.runs.latest(adapter) is None:
        raise TooFewExamples(
            f"The arm {name!r} needs the {adapter} adapter, which was not trained yet.",
            hint="Train it with: lorewright tune",
        )
    return flows[name]


def domain_arms(workspace: Workspace) -> dict[str, Flow]:
    """Return every standard arm of this domain by its name."""
    return arms(style_from(read_material(workspace).train, workspace.settings))
