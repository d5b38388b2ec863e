"""Where the items of an evaluation run come from, and what a model is asked about each of them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from lorewright.errors import UserError
from lorewright.evaluation.graders.fields import MessageTemplate, Strict, filled
from lorewright.evaluation.graders.grade import Scope
from lorewright.evaluation.graders.template import look_up
from lorewright.request_body import RequestBody


class Row(Strict):
    """One item, and where a model answered it already, what it said as `sample`."""

    item: dict[str, Any]
    sample: dict[str, Any] | None = None


class FileContent(Strict):
    """Rows in the request itself."""

    type: Literal["file_content"]
    content: list[Row] = Field(min_length=1)


class FileId(Strict):
    """Rows in an uploaded file, one a line."""

    type: Literal["file_id"]
    id: str


class StoredCompletions(Strict):
    """Chat completions that were stored."""

    type: Literal["stored_completions"]
    created_after: int | None = None
    created_before: int | None = None
    limit: int | None = Field(default=None, ge=1)
    metadata: dict[str, str] | None = None
    model: str | None = None


class StoredResponses(Strict):
    """Responses that were stored."""

    type: Literal["responses"]
    created_after: int | None = None
    created_before: int | None = None
    instructions_search: str | None = None
    metadata: dict[str, Any] | None = None
    model: str | None = None
    temperature: float | None = None
    top_p: float | None = None


class Template(Strict):
    """A prompt with places for what an item holds."""

    type: Literal["template"]
    template: list[MessageTemplate] = Field(min_length=1)

    def messages(self, scope: Scope) -> list[dict[str, Any]]:
        """Return the prompt for an item."""
        return list(filled(self.template, scope))


class ItemReference(Strict):
    """A prompt that an item holds as it is, under a path like `item.turns`."""

    type: Literal["item_reference"]
    item_reference: str

    def messages(self, scope: Scope) -> list[dict[str, Any]]:
        """Return the prompt that the item holds: messages, or a text as one message of a user."""
        content = look_up(self.item_reference.strip("{} "), scope)
        if isinstance(content, str):
            return [{"role": "user", "content": content}]
        if isinstance(content, list) and content and all(isinstance(one, Mapping) for one in content):
            return [dict(message) for message in content]
        raise UserError(f"{self.item_reference} is neither a string nor a list of messages.")


InputMessages = Annotated[Template | ItemReference, Field(discriminator="type")]


class CompletionSampling(Strict):
    """How the model that is measured draws its tokens; the same seed gives the same text."""

    max_completion_tokens: int | None = Field(default=None, ge=1)
    seed: int = 0
    temperature: float = Field(default=0.0, ge=0, le=2)
    top_p: float = Field(default=1.0, ge=0, le=1)
    reasoning_effort: Literal["none"] | None = None
    tools: list[dict[str, Any]] | None = None
    response_format: dict[str, Any] | None = None

    def options(self) -> dict[str, Any]:
        """Return them as parameters of a chat completion."""
        return self.model_dump(exclude_none=True, exclude={"reasoning_effort"})


class TextFormat(RequestBody):
    """The form of a text in the words of the Responses API."""

    model_config = ConfigDict(extra="forbid")

    format: dict[str, Any] | None = None


class ResponsesSampling(CompletionSampling):
    """The same in the words of the Responses API."""

    text: TextFormat | None = None
    response_format: None = None

    def options(self) -> dict[str, Any]:
        """Return them as parameters of a chat completion."""
        options = self.model_dump(exclude_none=True, exclude={"reasoning_effort", "text", "tools"})
        form = (self.text and self.text.format) or {}
        if form.get("type") == "json_schema":
            schema = {name: value for name, value in form.items() if name != "type"}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif form.get("type", "text") != "text":
            options["response_format"] = form
        if self.tools:
            options["tools"] = [_chat_tool(tool) for tool in self.tools]
        return options


class Jsonl(Strict):
    """Items that need no model: a sample is given with each, or none is looked at."""

    type: Literal["jsonl"]
    source: Annotated[FileContent | FileId, Field(discriminator="type")]


class Completions(Strict):
    """Items that a model is asked about, or chat completions that were stored."""

    type: Literal["completions"]
    source: Annotated[FileContent | FileId | StoredCompletions, Field(discriminator="type")]
    input_messages: InputMessages | None = None
    model: str | None = None
    sampling_params: CompletionSampling = CompletionSampling()


class Responses(Strict):
    """Items that a model is asked about, or responses that were stored."""

    type: Literal["responses"]
    source: Annotated[FileContent | FileId | StoredResponses, Field(discriminator="type")]
    input_messages: InputMessages | None = None
    model: str | None = None
    sampling_params: ResponsesSampling = ResponsesSampling()


DataSource = Annotated[Jsonl | Completions | Responses, Field(discriminator="type")]
"""Any data source, told apart by its `type`."""


def _chat_tool(tool: Mapping[str, Any]) -> dict[str, Any]:
    if tool.get("type") != "function":
        raise UserError(f"Unsupported tool type {tool.get('type')!r}; only functions are supported.")
    function = {name: value for name, value in tool.items() if name != "type"}
    return {"type": "function", "function": function}
