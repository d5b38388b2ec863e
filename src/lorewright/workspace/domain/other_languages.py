"""Documents in languages that the first embedding model was not made for, and the model for them."""

from lorewright.models.embedders import E5_SOURCE
from lorewright.workspace.domain.workspace import Workspace


def finding(n_by_words: int) -> str:
    """Return how many documents are found by their words alone, as people read it."""
    one = "1 document is in another language than English and is"
    many = f"{n_by_words} documents are in other languages than English and are"
    return f"{one if n_by_words == 1 else many} found by words alone, not by meaning."


def advice(workspace: Workspace, n_by_words: int) -> str:
    """Return what to say of documents that are found by their words alone; '' where there are none."""
    return f"{finding(n_by_words)} {remedy(workspace)}" if n_by_words else ""


def remedy(workspace: Workspace) -> str:
    """Return what makes documents in other languages found by meaning too."""
    if workspace.find_multilingual() is None:
        return f"Run: lorewright models pull {E5_SOURCE}, then: lorewright add --sync"
    return "Run: lorewright add --sync"
