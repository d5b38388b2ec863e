"""What a conversation is searched for."""

from lorewright.documents import Document
from lorewright.flows.query import find_for, is_new_topic, query_from
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Message


def test_a_first_question_is_searched_for_as_it_is() -> None:
    assert query_from((Message("system", "Desk."), Message("user", "Is Zope 3 fine?"))) == "Is Zope 3 fine?"


def test_a_follow_up_brings_along_what_it_is_about() -> None:
    talk = (
        Message("user", "Hello!"),
        Message("assistant", "Hello."),
        Message("user", "Is there a hotel in the north?"),
        Message("assistant", "The Avalon is in the north. " + "word " * 50),
        Message("user", "Does it have internet?"),
    )

    query = query_from(talk)

    assert query.count("Does it have internet?") == 2
    assert "hotel in the north" in query
    assert "Avalon" in query
    assert query.count("word") == 24
    assert "Hello" not in query


def test_a_conversation_without_a_question_is_searched_for_nothing() -> None:
    assert query_from((Message("assistant", "Welcome."),)) == ""


PARTS = PlainRetriever(
    Document(f"{name}.md", f"Part {name}", f"Part {name} is a {what}. It costs {price} crowns.")
    for name, what, price in (
        ("P-1001", "gasket for boilers", 7),
        ("P-100", "seal kit", 18),
        ("P-10", "hose clip", 2),
        ("SP-100", "spring pack", 12),
    )
)
PARKING = Document("parking.md", "Parking for visitors", "Visitors may park in rows A and B.")


def said(*texts: str) -> tuple[Message, ...]:
    return tuple(Message("assistant" if place % 2 else "user", text) for place, text in enumerate(texts))


def test_what_was_named_two_turns_ago_is_still_searched_for() -> None:
    """The price of another part was cited: only the turn before was searched for."""
    talk = said(
        "What does part P-1001 cost?",
        "It costs 7 crowns.",
        "When does an order leave?",
        "The same day before noon.",
        "And what does it cost again?",
    )

    assert find_for(talk, PARTS, n=3)[0].chunk.document_id == "P-1001.md"


def test_a_new_topic_is_searched_for_by_itself() -> None:
    """A long exchange about parts outweighed a short question about something else."""
    both = PlainRetriever(
        [PARKING, *(Document(f"{n}.md", f"Part {n}", f"Part {n} costs {n} crowns.") for n in range(9))]
    )
    talk = said(
        "Tell me everything about part 1, part 2 and part 3, with prices and how long orders take",
        "Part 1 costs 1 crown, part 2 costs 2 crowns, part 3 costs 3 crowns.",
        "parking rows?",
    )

    assert find_for(talk, both, n=3)[0].chunk.document_id == "parking.md"


def test_how_something_is_asked_does_not_tie_a_new_topic_to_the_talk_before() -> None:
    """No page says "how long": what is valid for 20 minutes was not found after a talk about prices."""
    reset = Document("reset.md", "Password", "The reset link is valid for 20 minutes.")
    (alone,) = PlainRetriever([reset]).search("reset link")
    (carried,) = PlainRetriever([PARKING]).search("parking rows")

    assert is_new_topic("How long is the reset link valid?", alone, carried)
    assert not is_new_topic("How long is it valid?", alone, carried)


def test_a_pasted_text_does_not_become_the_query() -> None:
    assert len(query_from(said("word " * 5000, "I will.", "What is it?"))) < 400
