"""What an hour of this machine costs, where somebody said it."""

import tomllib
from pathlib import Path

from lorewright.settings import Prices
from lorewright.workspace.domain.folder import SETTINGS_FILE
from lorewright.workspace.domain.workspace import Workspace

_GPU = Path("/dev/nvidiactl")
"""There where a driver serves a GPU that tuning runs on: asked without loading torch."""


def hour_price(workspace: Workspace, *, gpu: Path = _GPU) -> float | None:
    """Return the price of an hour of this machine in US dollars, `None` where none was set.

    A default is a guess about somebody else's machine: it counts as none.
    """
    name = "gpu_hour_usd" if gpu.exists() else "cpu_hour_usd"
    price = float(getattr(workspace.settings.prices, name))
    path = workspace.folder / SETTINGS_FILE
    written = tomllib.loads(path.read_text(encoding="utf-8")).get("prices", {}) if path.is_file() else {}
    return price if name in written or price != getattr(Prices(), name) else None
