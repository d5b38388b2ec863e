"""What a conversation is searched for."""

from lorewright.flows.query import query_from
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
