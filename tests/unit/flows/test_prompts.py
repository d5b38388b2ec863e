"""What a prompt looks like, and what goes first when there is no room."""

from lorewright.documents import Chunk
from lorewright.flows.prompts import PromptContent, render, shrinking
from lorewright.knowledge import Hit
from lorewright.messages import Message

HITS = tuple(Hit(Chunk(f"{n}", "page.md", "Page", 0, 9, f"Text {n}.", ("Part",)), 1.0, n) for n in (1, 2))
TALK = (
    Message("user", "First?"),
    Message("assistant", "Yes."),
    Message("user", "Second?"),
)
SOLVED = ((Message("user", "Like this?"), Message("assistant", "Exactly.")),)


def test_chunks_are_numbered_and_the_question_is_last() -> None:
    content = PromptContent(instruction="You are the desk.", conversation=TALK, hits=HITS, examples=SOLVED)

    messages = render(content, rule="Cite.", chunk_format="[{number}] {context}")

    assert [(turn.role, turn.content) for turn in messages] == [
        ("system", "You are the desk. Cite."),
        ("user", "Like this?"),
        ("assistant", "Exactly."),
        ("user", "First?"),
        ("assistant", "Yes."),
        ("user", "[1] Page > Part\nText 1.\n\n[2] Page > Part\nText 2.\n\nQuestion: Second?"),
    ]


def test_without_chunks_the_conversation_is_sent_as_it_is() -> None:
    assert render(PromptContent(instruction="", conversation=TALK), rule="Cite.", chunk_format="") == TALK


def test_braces_in_a_chunk_are_text() -> None:
    hit = Hit(Chunk("1", "a.md", "T", 0, 9, "{number} {x.__class__}"), 1.0, 1)

    content = PromptContent(instruction="", conversation=TALK[:1], hits=(hit,))

    (only,) = render(content, rule="", chunk_format="<{number}> {text} ({title})")
    assert only.content == "<1> {number} {x.__class__} (T)\n\nQuestion: First?"


def test_old_turns_go_first_then_examples_then_the_worst_chunk_then_the_best() -> None:
    """Pasted minutes of a meeting pushed the chunks with the answer out of the prompt."""
    content = PromptContent(instruction="Always here.", conversation=TALK, hits=HITS, examples=SOLVED)

    sizes = [
        (len(less.hits or ()), len(less.conversation), len(less.examples)) for less in shrinking(content)
    ]

    assert sizes == [(2, 3, 1), (2, 1, 1), (2, 1, 0), (1, 1, 0), (0, 1, 0)]
    assert all(less.conversation[-1].content == "Second?" for less in shrinking(content))
