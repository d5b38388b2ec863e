"""Parts that are handed over ready: for tests, and for flows without a domain."""

from collections.abc import Mapping

from lorewright.errors import NoDocuments, UnknownName
from lorewright.knowledge import Retriever
from lorewright.models import Engine


class GivenParts:
    """Holds engines by the name of their adapter, and perhaps a retriever."""

    def __init__(self, engines: Mapping[str, Engine], retriever: Retriever | None = None) -> None:
        self._engines = dict(engines)
        self._retriever = retriever

    def engine(self, adapter: str) -> Engine:
        """Return the engine given for `adapter`."""
        if adapter not in self._engines:
            raise UnknownName(
                f"There is no adapter {adapter!r}.",
                hint=f"There is: {', '.join(map(repr, self._engines))}.",
            )
        return self._engines[adapter]

    def retriever(self) -> Retriever:
        """Return the retriever that was given."""
        if self._retriever is None:
            raise NoDocuments("This flow retrieves, and there are no documents.", hint="Add documents.")
        return self._retriever
