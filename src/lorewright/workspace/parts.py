"""What flows run on in this domain: its engines and its collection."""

from lorewright.knowledge import Retriever
from lorewright.models import Engine
from lorewright.workspace.workspace import Workspace


class DomainParts:
    """The engines and the retriever of one domain; another retriever may take its place."""

    def __init__(self, workspace: Workspace, retriever: Retriever | None = None) -> None:
        self._workspace = workspace
        self._retriever = retriever

    def engine(self, adapter: str) -> Engine:
        """Return the running engine with an adapter ('' for none)."""
        return self._workspace.engine(adapter)

    def retriever(self) -> Retriever:
        """Return what finds chunks."""
        return self._retriever or find_retriever(self._workspace)


def find_retriever(workspace: Workspace) -> Retriever:
    """Return what finds chunks of the domain's own documents; raise `NoDocuments` without any."""
    return workspace.searchable_collection()
