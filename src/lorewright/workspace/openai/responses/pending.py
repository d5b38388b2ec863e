"""A response in the making."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lorewright.workspace.answering.answer import PendingAnswer
from lorewright.workspace.answering.file_search import FileSearch
from lorewright.workspace.answering.served_models import ServedModel
from lorewright.workspace.openai.responses.items import Item
from lorewright.workspace.openai.responses.request import ResponseRequest
from lorewright.workspace.openai.responses.servers import CalledServer, Decision


@dataclass(frozen=True, slots=True)
class PendingResponse:
    """What was asked of which model: `given` now, `messages` with all that came before.

    `response` is the response object before anything was said. It may use `servers` of tools; what
    those `listed` is known already, and `decisions` are the caller's about calls that waited for them.
    """

    request: ResponseRequest
    served: ServedModel
    given: list[Item]
    messages: list[dict[str, Any]]
    search: FileSearch | None
    response: dict[str, Any] = field(repr=False)
    servers: tuple[CalledServer, ...] = field(default=(), repr=False)
    listed: frozenset[str] = frozenset()
    decisions: tuple[Decision, ...] = ()
    on_keep: Callable[[Callable[[], None]], None] | None = field(default=None, repr=False)
    """Takes what keeps the answer, for where another one may follow."""

    @property
    def answer(self) -> PendingAnswer:
        """The answer that the response holds."""
        return PendingAnswer(
            id=self.response["id"],
            served=self.served,
            messages=self.messages,
            is_stored=self.request.is_stored,
            on_keep=self.on_keep,
        )
