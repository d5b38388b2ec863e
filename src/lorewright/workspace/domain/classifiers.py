"""The trained classifiers of a domain, opened."""

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from lorewright.datasets import Embed
from lorewright.errors import IndexMismatch, UnknownName
from lorewright.settings import AUTOMATIC_MODEL
from lorewright.workspace.domain.workspace import Workspace

if TYPE_CHECKING:  # numpy and onnxruntime load only where labels are told
    from lorewright.tuning.classifier.trained import TrainedClassifier

CLASSIFIER = "classifier"
"""The kind of adapter that a classifier is."""

_OPENED: WeakKeyDictionary[Workspace, dict[str, "TrainedClassifier"]] = WeakKeyDictionary()


def find_classifier(workspace: Workspace, adapter: str, path: Path | None = None) -> "TrainedClassifier":
    """Return the classifier that was trained last, or the one in a file, ready to be asked.

    Raises `UnknownName` where none is trained, `IndexMismatch` where the embedding model is another now.
    """
    from lorewright.tuning.classifier.trained import open_classifier

    if path is None:
        run = workspace.runs.latest(adapter)
        if run is None:
            raise UnknownName(f"The {adapter} is not trained yet.", hint="Train it with: lorewright tune")
        path = Path(run.path)
    opened = _OPENED.setdefault(workspace, {})
    if str(path) not in opened:
        opened[str(path)] = open_classifier(path, lambda name: _embedder_named(workspace, name))
    return opened[str(path)]


def _embedder_named(workspace: Workspace, name: str) -> Embed:
    if workspace.embedder.name == name:
        return workspace.embedder.embed
    other = workspace.find_multilingual() if workspace.settings.models.embedding == AUTOMATIC_MODEL else None
    if other is not None and other.name == name:
        return other.embed
    raise IndexMismatch(
        f"The classifier was trained on {name}, but the embedding model is {workspace.embedder.name} now.",
        hint="Train it again with: lorewright tune",
    )
