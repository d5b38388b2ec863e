"""Which embedding model a document, or a question, belongs to."""

from collections.abc import Callable, Collection

from lorewright.documents import Document
from lorewright.knowledge.model_fit import fits, is_in_other_language
from lorewright.models import EmbeddingModel
from lorewright.models.embedding import languages_of

OtherModel = Callable[[], EmbeddingModel | None]
"""Gives the model for the languages that the first one was not made for; `None` while it is not here."""

_STRETCHES, _STRETCH_CHARS = 4, 1_000


class ModelChoice:
    """A first embedding model, and another one for documents in languages that it was not made for.

    Without `other` the first embeds everything; while `other` gives `None`, documents in other
    languages are embedded by none.
    """

    def __init__(self, first: EmbeddingModel, other: OtherModel | None = None) -> None:
        self.first = first
        self._other = other

    def model_for(self, document: Document) -> EmbeddingModel | None:
        """Return the model that embeds a document; `None`: its words alone are searched."""
        if self._other is None:
            return self.first
        text = _sample(document.text)
        is_other = is_in_other_language(text, self.first.token_offsets, languages_of(self.first))
        return self._other() if is_other else self.first

    def named(self, name: str) -> EmbeddingModel | None:
        """Return the model of this name, or `None` where we have none."""
        if name == self.first.name:
            return self.first
        other = self._other() if self._other else None
        return other if other is not None and other.name == name else None

    def is_outdated(self, name: str) -> bool:
        """Return whether a document should be embedded by another model than `name` ('': none)."""
        if name == self.first.name:
            return False
        if self._other is None:
            return True
        other = self._other()
        return other is not None and other.name != name

    def asked(self, query: str, used: Collection[str], *, sample: Callable[[], str]) -> list[EmbeddingModel]:
        """Return those of the models `used` in an index that were made for a query.

        One that is too short to tell its language is taken to be in that of the documents, of which
        `sample` gives some text.
        """
        models = [model for name in used if (model := self.named(name)) is not None]
        return [model for model in models if self._is_for(query, model, sample)]

    def _is_for(self, query: str, model: EmbeddingModel, sample: Callable[[], str]) -> bool:
        is_fit = fits(query, model.token_offsets, languages_of(model))
        if is_fit is None and self._other is None:
            is_fit = fits(sample(), model.token_offsets, languages_of(model))
        return is_fit is not False


def _sample(text: str) -> str:
    """Return a few stretches of a text, from its beginning to its end: a title page may be in English."""
    if len(text) <= _STRETCHES * _STRETCH_CHARS:
        return text
    last = len(text) - _STRETCH_CHARS
    starts = [last * number // (_STRETCHES - 1) for number in range(_STRETCHES)]
    return "\n".join(text[start : start + _STRETCH_CHARS] for start in starts)
