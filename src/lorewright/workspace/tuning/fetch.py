"""The models a job needs, fetched at its beginning and in sight of whoever waits."""

from lorewright.errors import UnfitBase
from lorewright.jobs import Steps
from lorewright.models import LocalModel, parse_source
from lorewright.workspace.domain.workspace import Workspace


def fetch_chat_model(workspace: Workspace, steps: Steps) -> None:
    """Have the chat model on this machine, ready to run; a remote one needs nothing."""
    uri = workspace.settings.models.chat
    if not parse_source(uri).is_remote:
        workspace.store.runnable(_fetch(workspace, uri, steps), say=steps.say)


def fetch_tuning_base(workspace: Workspace, steps: Steps) -> LocalModel:
    """Return the model that tuning starts from, fetched if it is not here yet.

    Safetensors are converted now, so that a full disk is told before anything is trained.
    """
    uri = workspace.tuning_base()
    if parse_source(uri).is_remote:
        raise UnfitBase(
            f"{uri} does not run on this machine, so it cannot be tuned here.",
            hint="Set base under [tuning] to a model of this machine, or to an openai: model whose server "
            "tunes (/v1/fine_tuning/jobs), which may cost money.",
        )
    base = _fetch(workspace, uri, steps)
    if base.path.is_dir():
        workspace.store.runnable(base, say=steps.say)
    return base


def _fetch(workspace: Workspace, uri: str, steps: Steps) -> LocalModel:
    return workspace.store.pull(uri, progress=steps.progress(f"downloading {uri}"), say=steps.say)
