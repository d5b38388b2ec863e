"""Answers as arms give them, and questions about two small pages."""

from collections.abc import Callable, Mapping

import pytest

from lorewright.documents import Chunk
from lorewright.evaluation import Question
from lorewright.flows import Answer, Provenance
from lorewright.knowledge import Citation, Hit
from lorewright.messages import Message
from lorewright.models import Usage

PAGES = {
    "plesk": "Plesk 18.0.69 gets security fixes until 2025-07-08. Its latest patch is 18.0.69.3.",
    "deno": "Deno 2.3 was released on 2025-05-01.",
}


@pytest.fixture
def pages() -> Mapping[str, str]:
    return PAGES


@pytest.fixture
def ask() -> Callable[..., Question]:
    """Return a question; keywords go to `Question`."""

    def make(text: str = "Until when is Plesk 18.0.69 supported?", **known: object) -> Question:
        parts: dict[str, object] = {"id": text, "conversation": (Message("user", text),), "targets": ()}
        return Question(**{**parts, **known})  # type: ignore[arg-type]

    return make


@pytest.fixture
def say() -> Callable[..., Answer]:
    """Return an answer that cites the pages in `cites` and had those in `found` in its prompt."""

    def make(
        text: str,
        *,
        found: tuple[str, ...] = (),
        cites: tuple[str, ...] = (),
        retrieves: bool = False,
        refused: bool = False,
        arm: str = "rag",
        latency_ms: float = 100.0,
    ) -> Answer:
        return Answer(
            arm=arm,
            text=text,
            citations=tuple(
                Citation(n, page, page.title(), 0, len(PAGES[page]), PAGES[page], len(text))
                for n, page in enumerate(cites, 1)
            ),
            hits=tuple(Hit(_chunk(page), 1.0, n) for n, page in enumerate(found, 1)),
            usage=Usage(prompt_tokens=200, completion_tokens=20),
            latency_ms=latency_ms,
            timings_ms={"generate": latency_ms},
            provenance=Provenance("tiny", "w", "", "1" if retrieves or found else "", "p", "f", 0),
            refused=refused,
        )

    return make


def _chunk(page: str) -> Chunk:
    return Chunk(f"{page}#0", page, page.title(), 0, len(PAGES[page]), PAGES[page])
