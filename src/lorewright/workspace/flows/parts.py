"""What flows run on in this domain: its engines, its collection and its other flows."""

from lorewright.flows import ExamplePool, Flow
from lorewright.knowledge import Attributes, Retriever
from lorewright.models import Engine, Judge
from lorewright.tools import Tools
from lorewright.tools.servers import ServerTools
from lorewright.workspace.dataset.at_hand import made_once, material_at_hand
from lorewright.workspace.dataset.material import read_material
from lorewright.workspace.documents.attributes import stored_attributes
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.library import find_flow


class DomainParts:
    """The engines and the retriever of one domain; another retriever may take its place."""

    def __init__(self, workspace: Workspace, retriever: Retriever | None = None) -> None:
        self._workspace = workspace
        self._retriever = retriever
        self._examples: ExamplePool | None = None

    def engine(self, adapter: str) -> Engine:
        """Return the running engine with an adapter ('' for none)."""
        return self._workspace.engine(adapter)

    def retriever(self) -> Retriever:
        """Return what finds chunks."""
        return self._retriever or find_retriever(self._workspace)

    def judge(self) -> Judge | None:
        """Return the judge of the settings, None where it cannot be used."""
        return find_judge(self._workspace.settings).judge

    def attributes(self, document_id: str) -> Attributes:
        """Return a document's metadata."""
        return attributes_of(self._workspace, document_id)

    def flow(self, name: str) -> Flow:
        """Return an arm or a flow that somebody made."""
        return find_flow(self._workspace, name)

    def examples(self) -> ExamplePool:
        """Return the examples to show, read once."""
        if self._examples is None:
            self._examples = find_examples(self._workspace)
        return self._examples

    def tools(self) -> Tools:
        """Return what calls the tools of the servers in the settings."""
        return ServerTools(self._workspace.settings.tools)


def find_retriever(workspace: Workspace) -> Retriever:
    """Return what finds chunks of the domain's own documents; raise `NoDocuments` without any."""
    return workspace.searchable_collection()


def find_examples(workspace: Workspace) -> ExamplePool:
    """Return the examples of the domain that may be shown: none of them is near a held-out question."""
    return ExamplePool(read_material(workspace).train, workspace.cached_embedder)


def examples_at_hand(workspace: Workspace) -> ExamplePool:
    """Return the same for answers that nobody measures: near duplicates are not looked for now."""
    return made_once(workspace, _pool_at_hand)


def _pool_at_hand(workspace: Workspace) -> ExamplePool:
    return ExamplePool(material_at_hand(workspace).train, workspace.cached_embedder)


def attributes_of(workspace: Workspace, document_id: str) -> Attributes:
    """Return what a document's file says of it and what people wrote on it; nothing for an unknown one."""
    document = workspace.documents.find(document_id)
    return {**document.metadata, **stored_attributes(workspace, document_id)} if document else {}
