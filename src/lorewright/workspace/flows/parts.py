"""What flows run on in this domain: its engines, its collection and its other flows."""

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.flows import ExamplePool, Flow
from lorewright.knowledge import Attributes, Retriever
from lorewright.knowledge.reader_view import ReaderView
from lorewright.models import Call, Engine, EngineKey, Judge, Usage
from lorewright.tools import Tools
from lorewright.tools.servers import ServerTools
from lorewright.tuning.classifier import Classifier
from lorewright.workspace.dataset.at_hand import made_once_for, material_at_hand
from lorewright.workspace.dataset.material import material_for, material_in
from lorewright.workspace.documents.attributes import stored_attributes
from lorewright.workspace.domain.classifiers import CLASSIFIER, find_classifier
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.library import find_flow
from lorewright.workspace.server.ledger import cost_usd


class DomainParts:
    """The engines of one domain, and what a caller may read of it; another retriever may take its place."""

    def __init__(self, workspace: Workspace, caller: Caller, retriever: Retriever | None = None) -> None:
        self._workspace = workspace
        self._caller = caller
        self._retriever = retriever
        self._examples: ExamplePool | None = None

    def engine(self, adapter: str) -> Engine:
        """Return the running engine with an adapter ('' for none)."""
        return self._workspace.engine(adapter)

    def price(self, adapter: str, seconds: float, usage: Usage) -> float:
        """Return what an answer of the engine with an adapter cost."""
        call = Call(self._caller.id, self.engine_key(adapter), usage, seconds)
        return cost_usd(call, self._workspace.settings.prices)

    def engine_key(self, _adapter: str) -> EngineKey:
        """Return what an adapter runs on, as far as prices go: its base."""
        return EngineKey(self._workspace.settings.models.chat)

    def classifier(self, adapter: str) -> Classifier:
        """Return the trained classifier."""
        return find_classifier(self._workspace, adapter)

    def weights(self, adapter: str) -> str:
        """Identify what answers for an adapter; it is opened."""
        if adapter == CLASSIFIER:
            return self.classifier(adapter).sha256
        return self.engine(adapter).fingerprint

    def retriever(self) -> Retriever:
        """Return what finds chunks."""
        return self._retriever or find_retriever(self._workspace, self._caller)

    def judge(self) -> Judge | None:
        """Return the judge of the settings, None where it cannot be used."""
        return find_judge(self._workspace.settings).judge

    def attributes(self, document_id: str) -> Attributes:
        """Return a document's metadata."""
        return attributes_of(self._workspace, self._caller, document_id)

    def flow(self, name: str) -> Flow:
        """Return an arm or a flow that somebody made."""
        return find_flow(self._workspace, self._caller, name)

    def examples(self) -> ExamplePool:
        """Return the examples to show, read once."""
        if self._examples is None:
            self._examples = find_examples(self._workspace, self._caller)
        return self._examples

    def tools(self) -> Tools:
        """Return what calls the tools of the servers in the settings."""
        return ServerTools(self._workspace.settings.tools)


def find_retriever(workspace: Workspace, caller: Caller) -> ReaderView:
    """Return what finds chunks of the documents that a caller may read; raise `NoDocuments` without any."""
    return workspace.searchable_by(readable(workspace, caller))


def find_examples(workspace: Workspace, caller: Caller) -> ExamplePool:
    """Return the examples that may be shown to a caller: none of them is near a held-out question."""
    return ExamplePool(material_for(workspace, caller).train, workspace.cached_embedder)


def examples_at_hand(workspace: Workspace, caller: Caller) -> ExamplePool:
    """Return the same for answers that nobody measures: near duplicates are not looked for now."""
    return made_once_for(workspace, readable(workspace, caller), _pool_at_hand)


def _pool_at_hand(workspace: Workspace, allowed: Readable) -> ExamplePool:
    material = material_in(material_at_hand(workspace), allowed)
    return ExamplePool(material.train, workspace.cached_embedder)


def attributes_of(workspace: Workspace, caller: Caller, document_id: str) -> Attributes:
    """Return what a document's file says of it and what people wrote on it.

    There is nothing for an unknown one, or one that the caller may not read.
    """
    is_seen = readable(workspace, caller).holds(document_id)
    document = workspace.documents.find(document_id) if is_seen else None
    return {**document.metadata, **stored_attributes(workspace, document_id)} if document else {}
