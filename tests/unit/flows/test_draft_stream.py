"""What may be seen of a draft while it is written."""

from collections.abc import Callable

from lorewright.flows import AnswerOptions, Style, arms, run
from lorewright.flows.draft_stream import DraftStream
from lorewright.flows.fakes import GivenParts
from lorewright.messages import Conversation
from lorewright.settings import Retrieval

Saying = Callable[[str], GivenParts]
FLOWS = arms(
    Style(instruction="Be the desk.", refusal="I do not know.", retrieval=Retrieval(n_kept=2, min_cosine=0.2))
)
FIRST = "Node.js 22 gets fixes until 30 Apr 2027 [1]."
TOLD = "Node.js 22 gets fixes until 30 Apr 2027."


def told_of(parts: GivenParts, asked: Conversation, *, arm: str = "rag") -> tuple[list[str], str]:
    """Return what was told while an arm wrote, and its answer."""
    told: list[str] = []
    answer = run(FLOWS[arm], asked, parts, on_checked=told.append)
    return told, answer.text


def test_a_sentence_is_told_once_it_is_checked(parts_saying: Saying, asked: Conversation) -> None:
    told, text = told_of(parts_saying(f"{FIRST} The patch is 22.2.0 [1]."), asked)

    assert told == [TOLD]
    assert text == f"{TOLD} The patch is 22.2.0."


def test_nothing_is_told_of_what_no_document_holds(parts_saying: Saying, asked: Conversation) -> None:
    """A wrong date that was on the screen for a second has been read."""
    told, text = told_of(parts_saying("Fixes end on 1 May 2031. The patch is 22.2.0 [1]. So."), asked)

    assert told == []
    assert text == "I do not know."


def test_what_follows_a_sentence_that_does_not_hold_is_kept_back(
    parts_saying: Saying, asked: Conversation
) -> None:
    told, text = told_of(parts_saying(f"{FIRST} Then until 1 May 2031. The patch is 22.2.0 [1]. So."), asked)

    assert told == [TOLD]
    assert text == "I do not know."  # who has told the first sentence withdraws it


def test_an_arm_without_documents_is_told_as_it_comes(parts_saying: Saying, asked: Conversation) -> None:
    told, text = told_of(parts_saying("Node.js gets fixes."), asked, arm="base")

    assert told == ["Node.js", " gets", " fixes."]
    assert text == "".join(told)


def test_json_is_told_whole(parts_saying: Saying, asked: Conversation) -> None:
    """Half an object is of no use to a program, and it is cited by its values."""
    told: list[str] = []
    json_text = '{"until": "30 Apr 2027", "of": [22]}'
    options = AnswerOptions({"response_format": {"type": "json_object"}})

    answer = run(FLOWS["rag"], asked, parts_saying(json_text), on_checked=told.append, options=options)

    assert told == []
    assert answer.text == json_text  # [22] is a list here, no marker
    assert {cited.document_id for cited in answer.citations} == {"node.md"}


def test_json_that_no_document_supports_is_refused(parts_saying: Saying, asked: Conversation) -> None:
    options = AnswerOptions({"response_format": {"type": "json_object"}})

    answer = run(FLOWS["rag"], asked, parts_saying('{"until": "1 May 2031"}'), options=options)

    assert (answer.refused, answer.text) == (True, "I do not know.")


def test_of_a_second_draft_nothing_is_told() -> None:
    told: list[str] = []
    stream = DraftStream(told.append)

    for draft in ("one", "two"):
        stream.begin()
        stream.hear(draft)

    assert told == ["one"]
