"""Shadow runs: a version answers what callers ask, in the background, and nobody is shown what it says."""

from lorewright.deployments import version_name
from lorewright.errors import NotFound
from lorewright.messages import Conversation
from lorewright.workspace.answers import keep_shadow
from lorewright.workspace.deployed import find_deployment
from lorewright.workspace.home import Home
from lorewright.workspace.served import Served, parts_of, served_version
from lorewright.workspace.tracing import run


def answer_in_shadow(
    home: Home, answer_id: str, shown: Served, conversation: Conversation, seed: int
) -> None:
    """Let the shadow of the deployment that gave an answer answer the same, later, and keep what it says.

    Nothing happens where there is no shadow, or where the caller asked for one version by number.
    """
    if not shown.deployment or shown.role == "named":
        return
    try:
        shadow = find_deployment(home.workspace, shown.deployment).shadow
    except NotFound:
        return  # removed while it answered
    if shadow:
        home.side.do(lambda: _answer(home, answer_id, shown.deployment, shadow, conversation, seed))


def _answer(
    home: Home, answer_id: str, deployment: str, number: int, conversation: Conversation, seed: int
) -> None:
    served = served_version(home, deployment, number)
    assert served.flow is not None
    parts = parts_of(home, served, who=f"shadow {version_name(deployment, number)}")
    answer = run(served.flow, conversation, parts, seed=seed)
    keep_shadow(home, answer_id, served, [turn.to_json() for turn in conversation], answer)
