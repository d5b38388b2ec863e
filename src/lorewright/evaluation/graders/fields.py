"""The fields that graders share: templates, and messages made of templates."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict

from lorewright.errors import UserError
from lorewright.evaluation.graders.grade import Scope
from lorewright.evaluation.graders.template import check_template, fill
from lorewright.request_body import RequestBody


class Strict(RequestBody):
    """A part of a request in which every name must be known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _check_template(text: str) -> str:
    try:
        return check_template(text)
    except UserError as error:
        raise ValueError(str(error)) from error


Template = Annotated[str, AfterValidator(_check_template)]
"""A text that may refer to `item` and `sample`."""


class TextPart(Strict):
    """A part of a message; models served here read texts only, so that images and audio are refused."""

    type: Literal["input_text", "output_text", "text"]
    text: Template


Content = Template | TextPart | list[Template | TextPart]


class MessageTemplate(Strict):
    """One turn of a prompt, with places to be filled."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Content
    type: Literal["message"] | None = None

    def filled(self, scope: Scope) -> dict[str, str]:
        """Return the turn with its places filled."""
        return {"role": self.role, "content": fill(_text(self.content), scope)}


def filled(messages: Sequence[MessageTemplate], scope: Scope) -> list[dict[str, str]]:
    """Return a prompt with all its places filled."""
    return [message.filled(scope) for message in messages]


class SamplingParams(Strict):
    """How a model that grades draws its tokens."""

    max_completions_tokens: int | None = None
    seed: int | None = None
    temperature: float | None = None
    top_p: float | None = None

    def options(self) -> Mapping[str, Any]:
        """Return them as parameters of a chat completion."""
        given = self.model_dump(exclude_none=True)
        if "max_completions_tokens" in given:
            given["max_completion_tokens"] = given.pop("max_completions_tokens")
        return given


def _text(content: Content) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, TextPart):
        return content.text
    return "".join(part if isinstance(part, str) else part.text for part in content)
