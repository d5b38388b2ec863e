"""A response in the making."""

from dataclasses import dataclass, field
from typing import Any

from lorewright.workspace.file_search import FileSearch
from lorewright.workspace.response_items import Item
from lorewright.workspace.response_request import ResponseRequest
from lorewright.workspace.served import Served


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of which model: `given` now, `messages` with all that came before.

    `response` is the response object before anything was said.
    """

    request: ResponseRequest
    served: Served
    given: list[Item]
    messages: list[dict[str, Any]]
    search: FileSearch | None
    response: dict[str, Any] = field(repr=False)
