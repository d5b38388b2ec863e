"""Models that are tuned on another server: whether a domain's are, and which model came of a run."""

from pathlib import Path

from lorewright.models.engine_key import EngineKey
from lorewright.models.sources import parse_source
from lorewright.settings import Tuning
from lorewright.tuning.remote.files import tuned_uri


def is_tuned_elsewhere(tuning: Tuning) -> bool:
    """Return whether tuning runs on the server that `tuning.base` names.

    A remote chat model alone is no order to tune there: that may cost money.
    """
    return tuning.base.startswith("openai:")


def tuned_there(kind: str, path: str) -> EngineKey | None:
    """Return the key of the model that a run made on another server, `None` for a run of this machine."""
    return EngineKey(tuned_uri(Path(path))) if kind == "remote" else None


def host_of(source: str) -> str:
    """Return the server of a remote model as a sentence names it."""
    return parse_source(source).base_url or "OpenAI's server"
