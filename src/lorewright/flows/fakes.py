"""Parts that are handed over ready: for tests, and for flows without a domain."""

from collections.abc import Mapping, Sequence

from lorewright.datasets import Example
from lorewright.errors import NoDocuments, UnknownName
from lorewright.flows.example_pool import ExamplePool
from lorewright.flows.flow import Flow
from lorewright.knowledge import Attributes, Retriever
from lorewright.models import READER, Engine, Judge, Usage
from lorewright.tools import Tools
from lorewright.tools.fakes import GivenTools
from lorewright.tuning.classifier import Classifier


class GivenParts:
    """Holds engines by the name of their adapter; perhaps a retriever, attributes, flows, tools, examples."""

    def __init__(
        self,
        engines: Mapping[str, Engine],
        retriever: Retriever | None = None,
        *,
        attributes: Mapping[str, Attributes] | None = None,
        flows: Mapping[str, Flow] | None = None,
        tools: Tools | None = None,
        examples: Sequence[Example] = (),
        judge: Judge | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self._engines = dict(engines)
        self._retriever = retriever
        self._attributes = dict(attributes or {})
        self._flows = dict(flows or {})
        self._examples = tuple(examples)
        self._tools = tools or GivenTools()
        self._judge = judge
        self._classifier = classifier

    def engine(self, adapter: str) -> Engine:
        """Return the engine given for `adapter`; the model itself where no reader was given."""
        if adapter == READER and adapter not in self._engines:
            adapter = ""
        if adapter not in self._engines:
            raise UnknownName(
                f"No adapter named {adapter!r}.",
                hint=f"Available: {', '.join(map(repr, self._engines))}.",
            )
        return self._engines[adapter]

    def price(self, adapter: str, seconds: float, usage: Usage) -> float:  # noqa: ARG002
        """Return a dollar for a million tokens, whatever the model."""
        return (usage.prompt_tokens + usage.completion_tokens) / 1e6

    def classifier(self, adapter: str) -> Classifier:
        """Return the classifier that was given."""
        if self._classifier is None:
            raise UnknownName(f"No classifier named {adapter!r}.", hint="Train it with: lorewright tune")
        return self._classifier

    def retriever(self) -> Retriever:
        """Return the retriever that was given."""
        if self._retriever is None:
            raise NoDocuments("This flow retrieves, but there are no documents.", hint="Add documents.")
        return self._retriever

    def judge(self) -> Judge | None:
        """Return the judge that was given."""
        return self._judge

    def attributes(self, document_id: str) -> Attributes:
        """Return the attributes that were given for a document."""
        return self._attributes.get(document_id, {})

    def flow(self, name: str) -> Flow:
        """Return the flow that was given under a name."""
        if name not in self._flows:
            raise UnknownName(
                f"No flow named {name!r}.", hint=f"Available: {', '.join(self._flows) or 'none'}."
            )
        return self._flows[name]

    def examples(self) -> ExamplePool:
        """Return the examples that were given."""
        return ExamplePool(self._examples)

    def tools(self) -> Tools:
        """Return the tools that were given, or none."""
        return self._tools
