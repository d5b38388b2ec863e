"""The flows of a domain by their names: the standard arms, and those that people made."""

from functools import partial

from lorewright.errors import TooFewExamples, UnknownName
from lorewright.flows import Flow, arms, inlined, style_from
from lorewright.workspace.material import read_material
from lorewright.workspace.own_flows import own_flows
from lorewright.workspace.workspace import Workspace

ADAPTER_OF = {"tuned": "bare", "naive-hybrid": "bare", "hybrid": "context"}


def find_arm(workspace: Workspace, name: str) -> Flow:
    """Return the flow of one arm of this domain, standard or somebody's own, ready to run.

    The flows that it calls are drawn into it, as they are now.
    """
    return inlined(find_flow(workspace, name), partial(find_flow, workspace))


def find_flow(workspace: Workspace, name: str) -> Flow:
    """Return an arm as it was made, calls and all.

    Raises `UnknownName` for one that is not there and `TooFewExamples` for one that is not trained.
    """
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
