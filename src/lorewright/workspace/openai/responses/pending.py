"""A response in the making."""

from dataclasses import dataclass, field
from typing import Any

from lorewright.workspace.answering.answer import PendingAnswer
from lorewright.workspace.answering.file_search import FileSearch
from lorewright.workspace.answering.served_models import ServedModel
from lorewright.workspace.openai.responses.items import Item
from lorewright.workspace.openai.responses.request import ResponseRequest


@dataclass(frozen=True, slots=True)
class PendingResponse:
    """What was asked of which model: `given` now, `messages` with all that came before.

    `response` is the response object before anything was said.
    """

    request: ResponseRequest
    served: ServedModel
    given: list[Item]
    messages: list[dict[str, Any]]
    search: FileSearch | None
    response: dict[str, Any] = field(repr=False)

    @property
    def answer(self) -> PendingAnswer:
        """The answer that the response holds."""
        return PendingAnswer(
            id=self.response["id"],
            served=self.served,
            messages=self.messages,
            is_stored=self.request.is_stored,
        )
