"""The sentences that a small model is shown in place of whole chunks."""

from collections.abc import Sequence

import pytest

from lorewright.documents import Document
from lorewright.errors import InvalidFlow
from lorewright.flows import Answer, Style, arms, run
from lorewright.flows.fakes import GivenParts
from lorewright.flows.flow import Node
from lorewright.flows.parameters import build
from lorewright.knowledge import Hit, excerpts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Message
from lorewright.models.fakes import ScriptedEngine, WordJudge
from lorewright.settings import Retrieval

STATION = Document(
    "station.md",
    "Station",
    "The station opened in 1931. It was built by two brothers. Trains to the coast leave from platform 4. "
    "The last one goes at 23:10. The hall was painted in 1958. Its clock came from an older tower. "
    "A bakery stands at the east door.",
)
HARBOUR = Document("harbour.md", "Harbour", "The harbour has two piers. Ferries cross the bay in summer.")
RELEASES = Document(
    "releases.md",
    "Releases",
    "| Release | Ends |\n|---|---|\n| 11.2 | 2021-01-05 |\n| 11.3 | 2022-05-09 |\n| 11.4 | 2023-03-01 |\n"
    "| 11.5 | 2024-08-15 |\n| 11.6 | 2025-02-13 |",
)
COMMANDS = Document(
    "cli.md", "Commands", "Type:\n\n```\ntool init\ntool lock\ntool backup\ntool restore\n```"
)
PLATFORM = "From which platform do trains to the coast leave?"


def found(question: str, *documents: Document) -> list[Hit]:
    return PlainRetriever(documents, n_kept=5).search(question)


def cut(question: str, *documents: Document, around: int = 0) -> list[Hit]:
    return excerpts(question, found(question, *documents), n=1, around=around)


def shown_by_rag(question: str, style: Style, documents: Sequence[Document]) -> tuple[str, Answer]:
    """Return what the model was shown, and what became of its answer."""
    engine = ScriptedEngine({}, otherwise="platform 4 [1]")
    parts = GivenParts({"": engine}, PlainRetriever(documents, n_kept=5), judge=WordJudge())
    answer = run(arms(style)["rag"], (Message("user", question),), parts)
    return engine.seen[0][-1].content, answer


def test_a_hit_is_cut_down_to_the_sentence_that_answers() -> None:
    (hit,) = cut(PLATFORM, STATION, HARBOUR)

    assert hit.chunk.text == "Trains to the coast leave from platform 4."


def test_its_neighbours_stay_where_they_are_asked_for() -> None:
    (hit,) = cut(PLATFORM, STATION, HARBOUR, around=1)

    assert hit.chunk.text == (
        "It was built by two brothers. Trains to the coast leave from platform 4. The last one goes at 23:10."
    )


def test_an_excerpt_stands_where_it_says_in_its_document() -> None:
    """A citation of it opens the document at the right place."""
    (hit,) = cut(PLATFORM, STATION)

    assert STATION.text[hit.chunk.start : hit.chunk.end] == hit.chunk.text
    assert hit.chunk.context.startswith("Station\n")


def test_a_row_keeps_the_header_of_its_table() -> None:
    (hit,) = cut("When does release 11.6 end?", RELEASES)

    assert hit.chunk.context == "Releases\n| Release | Ends |\n| 11.6 | 2025-02-13 |"


def test_code_is_not_torn_apart() -> None:
    """A command without the one before it may do harm."""
    (hit,) = cut("How do I restore with the tool?", COMMANDS)

    assert "tool init\ntool lock\ntool backup\ntool restore" in hit.chunk.text


def test_nothing_is_left_where_no_sentence_seems_to_answer() -> None:
    assert cut("Who won the chess match in Lima?", STATION, HARBOUR) == []


def test_rag_shows_a_model_with_a_reader_excerpts() -> None:
    style = Style(instruction="", refusal="No idea.", reads_excerpts=True)

    shown, answer = shown_by_rag(PLATFORM, style, [STATION, HARBOUR])

    assert "platform 4" in shown
    assert "bakery" not in shown
    assert [STATION.text[one.start : one.end] for one in answer.citations] == [
        "Trains to the coast leave from platform 4."
    ]


def test_rag_shows_any_other_model_whole_chunks() -> None:
    shown, _ = shown_by_rag(PLATFORM, Style(instruction="", refusal="No idea."), [STATION, HARBOUR])

    assert "bakery" in shown


def test_rag_shows_whole_chunks_where_no_sentence_seems_to_answer() -> None:
    """What is asked in other words than the documents' may still be in a chunk."""
    style = Style(
        instruction="", refusal="No idea.", retrieval=Retrieval(grounding="flag"), reads_excerpts=True
    )

    shown, _ = shown_by_rag("Who baked there, and where was the door of it?", style, [HARBOUR])

    assert HARBOUR.text in shown


def test_a_question_is_refused_by_whole_chunks_as_for_any_other_model() -> None:
    """Less text looks like less of an answer: what is refused must not depend on how much is shown."""
    asked = "From which platform do trains leave for the coast, past the tower?"

    def judged(*, reads_excerpts: bool) -> object:
        style = Style(instruction="", refusal="No idea.", reads_excerpts=reads_excerpts)
        return shown_by_rag(asked, style, [STATION, HARBOUR])[1].trace["ground"]["answerability"]

    assert judged(reads_excerpts=True) == judged(reads_excerpts=False)


def test_weights_of_other_signs_are_refused_by_name() -> None:
    with pytest.raises(InvalidFlow, match=r"Node 'cut' \(excerpt\): parameter 'weights' has 2 numbers"):
        build(Node("cut", "excerpt", {"weights": [0.5, 1.0]}))
