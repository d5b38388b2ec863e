"""What a model said, on its way to an answer."""

from dataclasses import dataclass, field

from lorewright.knowledge import Citation, Hit
from lorewright.models import Usage


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A text that nodes still check and annotate; the fields mean what they mean in `Answer`."""

    text: str
    usage: Usage = field(default_factory=Usage)
    finish_reason: str = "stop"
    hits: tuple[Hit, ...] = ()
    citations: tuple[Citation, ...] = ()
    refused: bool = False
    unsupported: tuple[str, ...] = ()
