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

    Raises `UnfitBase` for one that could be trained but not run with its adapter on this machine.
    """
    uri = workspace.tuning_base()
    base = _fetch(workspace, uri, steps)
    if base.path.is_dir():
        raise UnfitBase(
            f"{uri} contains safetensors, but adapters run on a GGUF file.",
            hint="Set tuning.base to the model's GGUF repository or file: hf:org/name-GGUF#file.gguf",
        )
    return base


def _fetch(workspace: Workspace, uri: str, steps: Steps) -> LocalModel:
    return workspace.store.pull(uri, progress=steps.progress(f"downloading {uri}"), say=steps.say)
