"""Chats on the server: asked, branched, searched, shared, voted on; answers belong to no page."""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.jobs import Steps
from lorewright.messages import Message, last_user_turn
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.accounts.usage import total, used
from lorewright.workspace.answering.feedback import Opinion, give_feedback
from lorewright.workspace.chats.asking import ask, ask_again, find_evidence, find_live, stop_answers
from lorewright.workspace.chats.chats import (
    Chat,
    change_chat,
    find_chat,
    find_shared,
    list_chats,
    new_chat,
    remove_chat,
    share_chat,
)
from lorewright.workspace.chats.export import chat_as_json, chat_as_markdown
from lorewright.workspace.chats.files import add_file, files_of
from lorewright.workspace.chats.judging import NONE_BETTER, judge_answer, preferred, vote
from lorewright.workspace.chats.turns import (
    Turn,
    branch,
    find_turn,
    select_branch,
    siblings,
    stored_turns,
    turns_of,
)
from lorewright.workspace.collections.source_text import source_text
from lorewright.workspace.collections.stores import all_stores
from lorewright.workspace.documents.add import add
from lorewright.workspace.server.server import Server

ADA = Caller(id="key_ada", name="Ada", is_admin=True)
BOB = Caller(id="key_bob", name="Bob", is_admin=True)
SETTINGS = '[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n'
LEAVE = "Every employee has 28 days of leave a year."


class Held:
    """A model that says what it is asked, and waits at the word WAIT until it may go on."""

    def __init__(self) -> None:
        self.said_half = threading.Event()
        self.go_on = threading.Event()

    def say(self, messages: Sequence[Message]) -> str:
        turn = last_user_turn(messages)
        if turn.startswith("[1]"):
            return turn.partition("\n\nQuestion:")[0].partition("\n\n[2]")[0].splitlines()[-1] + " [1]"
        return f"You said: {turn} after {len(messages) - 1} turns"


class Waiting(ScriptedEngine):
    """Says word by word; before WAIT it waits."""

    def __init__(self, held: Held, name: str) -> None:
        super().__init__(held.say, name=name, fingerprint=f"sha256:{name}")
        self._held = held

    def stream(self, messages, *, sampling, stopped=lambda: False):  # type: ignore[no-untyped-def]
        for piece in super().stream(messages, sampling=sampling, stopped=stopped):
            if piece.text.strip() == "WAIT":
                self._held.said_half.set()
                self._held.go_on.wait(20)
            yield piece


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def server(tmp_path: Path, held: Held) -> Iterator[Server]:
    (tmp_path / "lorewright.toml").write_text(SETTINGS)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text(f"# Leave\n\n{LEAVE}\n")
    (tmp_path / "documents" / "travel.md").write_text("# Travel\n\nTravel by train.\n")
    server = Server(tmp_path, open_one=lambda _: Waiting(held, "parrot"))
    job = server.workspace.queue.submit("add", {"paths": [], "is_sync": True})
    order = {"paths": [], "is_sync": True}
    add(server.workspace, order, Steps(server.workspace.queue, job.id, 1))
    yield server
    held.go_on.set()
    server.close()


def chat_with(server: Server, *models: str, is_blind: bool = False) -> Chat:
    return new_chat(server, ADA, models=models, is_blind=is_blind)


def asked(server: Server, chat: Chat, question: str, *, before: str | None = None) -> Turn:
    """Return a turn with its answers, once they are complete."""
    return done(server, ask(server, ADA, chat.id, question, before=before))


def done(server: Server, turn: Turn) -> Turn:
    for place in range(len(turn.answers)):
        live = find_live(server, ADA, turn, place)
        while live is not None and find_live(server, ADA, turn, place) is live:
            threading.Event().wait(0.01)
    return find_turn(server, ADA, turn.id)


def arm(server: Server, name: str) -> str:
    return f"{server.name}/{name}"


def test_an_answer_has_its_sources_and_how_it_came_about(server: Server) -> None:
    chat = chat_with(server, arm(server, "rag"))

    (answer,) = asked(server, chat, "How many days of leave does every employee have?").answers

    assert (answer["state"], answer["text"]) == ("done", LEAVE)
    (cited,) = answer["citations"]
    assert (cited["document_id"], cited["quote"]) == ("leave.md", LEAVE)
    assert answer["unsupported"] == []
    evidence = find_evidence(server, ADA, chat.id, answer["id"])
    first = evidence["hits"][0]
    assert (first["document_id"], first["number"]) == ("leave.md", 1)
    assert first["score"] >= 0
    assert {"retrieve", "generate"} <= {node["kind"] for node in evidence["nodes"]}
    assert LEAVE in evidence["prompt"][-1]["content"]
    assert evidence["provenance"]["index_version"]


def test_an_answer_counts_and_can_be_judged_as_the_apis(server: Server) -> None:
    chat = chat_with(server, "parrot")
    (answer,) = asked(server, chat, "Hello").answers

    given = give_feedback(server, ADA, answer["id"], Opinion(thumb="up"))

    assert given.body["model"] == "parrot"
    today = datetime.now(UTC).date()
    assert total(used(server, ADA, start=today, end=today, by=("model",)))["n_requests"] == 1


def test_the_second_question_comes_with_the_first(server: Server) -> None:
    chat = chat_with(server, "parrot")
    asked(server, chat, "One")

    (answer,) = asked(server, chat, "Two").answers

    assert answer["text"] == "You said: Two after 2 turns"
    assert find_chat(server, ADA, chat.id).title == "One"


def test_an_edited_question_begins_a_branch(server: Server) -> None:
    chat = chat_with(server, "parrot")
    first = asked(server, chat, "One")
    second = asked(server, chat, "Two")

    edited = asked(server, chat, "Three", before=first.id)

    turns = turns_of(server, ADA, chat)
    assert [turn.question for turn in branch(turns, find_chat(server, ADA, chat.id).leaf)] == ["One", "Three"]
    assert [turn.id for turn in siblings(turns, edited)] == [second.id, edited.id]
    back = select_branch(server, ADA, chat.id, second.id)
    assert [turn.question for turn in branch(turns, back.leaf)] == ["One", "Two"]


def test_the_same_is_asked_again_in_other_words(server: Server) -> None:
    chat = chat_with(server, arm(server, "rag"))
    first = asked(server, chat, "How many days of leave?")

    again = done(server, ask_again(server, ADA, first.id))

    assert (again.before, again.question, again.variation) == (first.before, first.question, 1)
    evidence = find_evidence(server, ADA, chat.id, again.answers[0]["id"])
    assert evidence["provenance"]["seed"] == 1


def test_models_side_by_side_each_go_on_with_their_own_words(server: Server) -> None:
    chat = chat_with(server, "parrot", arm(server, "rag"))
    asked(server, chat, "How many days of leave?")

    turn = asked(server, chat, "Hello")

    said = {answer["model"]: answer for answer in turn.answers}
    assert said["parrot"]["text"] == "You said: Hello after 2 turns"
    prompt = find_evidence(server, ADA, chat.id, said["parrot"]["id"])["prompt"]
    assert prompt[1]["content"].startswith("You said: How many days")


def test_a_turn_that_failed_is_not_part_of_the_next(server: Server) -> None:
    chat = chat_with(server, "nobody")
    (failed,) = asked(server, chat, "One").answers
    assert failed["state"] == "failed"
    assert "nobody" in failed["error"]
    change_chat(server, ADA, chat.id, models=["parrot"])

    (answer,) = asked(server, chat, "Two").answers

    assert answer["text"] == "You said: Two after 0 turns"


def test_a_stopped_answer_keeps_what_was_said(server: Server, held: Held) -> None:
    chat = chat_with(server, "parrot")
    turn = ask(server, ADA, chat.id, "one WAIT three")
    held.said_half.wait(10)

    stop_answers(server, ADA, chat.id)
    held.go_on.set()

    (answer,) = done(server, turn).answers
    assert answer["state"] == "stopped"
    assert answer["text"].startswith("You said: one")
    assert "three" not in answer["text"]


def test_pages_follow_an_answer_from_any_point(server: Server, held: Held) -> None:
    chat = chat_with(server, "parrot")
    turn = ask(server, ADA, chat.id, "one WAIT three")
    held.said_half.wait(10)
    live = find_live(server, ADA, turn, 0)
    assert live is not None
    heard: list[str] = []

    live.follow(heard.append)
    held.go_on.set()

    (answer,) = done(server, turn).answers
    assert heard[0] == "You said: one"
    assert "".join(heard) == answer["text"]


def test_a_server_that_ends_keeps_what_was_said(tmp_path: Path, held: Held) -> None:
    (tmp_path / "lorewright.toml").write_text(SETTINGS)
    first = Server(tmp_path, open_one=lambda _: Waiting(held, "parrot"))
    chat = chat_with(first, "parrot")
    turn = ask(first, ADA, chat.id, "one WAIT three")
    held.said_half.wait(10)
    ending = threading.Thread(target=first.close)
    ending.start()
    held.go_on.set()
    ending.join()

    second = Server(tmp_path)
    (answer,) = find_turn(second, ADA, turn.id).answers
    second.close()

    assert answer["state"] == "stopped"
    assert answer["text"].startswith("You said: one")


def test_chats_are_found_by_what_was_said(server: Server) -> None:
    leave = chat_with(server, arm(server, "rag"))
    asked(server, leave, "How many days of leave?")
    other = chat_with(server, "parrot")
    asked(server, other, "Hello")

    assert [one.chat.id for one in list_chats(server, ADA)] == [other.id, leave.id]
    (found,) = list_chats(server, ADA, search="28  DAYS")
    assert found.chat.id == leave.id
    assert "28 days" in found.excerpt


def test_a_chat_is_its_owners_alone(server: Server) -> None:
    chat = chat_with(server, "parrot")
    turn = asked(server, chat, "Hello")

    assert list_chats(server, BOB) == []
    for peek in (
        lambda: find_chat(server, BOB, chat.id),
        lambda: find_turn(server, BOB, turn.id),
        lambda: remove_chat(server, BOB, chat.id),
        lambda: find_evidence(server, BOB, chat.id, turn.answers[0]["id"]),
    ):
        with pytest.raises(NotFound):
            peek()


def test_a_shared_chat_is_read_until_it_is_not(server: Server) -> None:
    chat = chat_with(server, "parrot")
    shared = share_chat(server, ADA, chat.id, is_shared=True)
    assert find_shared(server, BOB, shared.token).id == chat.id
    assert share_chat(server, ADA, chat.id, is_shared=True).token == shared.token

    share_chat(server, ADA, chat.id, is_shared=False)

    with pytest.raises(NotFound, match="not shared"):
        find_shared(server, BOB, shared.token)


def test_blind_votes_are_counted_by_model(server: Server) -> None:
    chat = chat_with(server, "parrot", arm(server, "rag"), is_blind=True)
    turn = asked(server, chat, "How many days of leave?")
    assert turn.hides_names
    place = [answer["model"] for answer in turn.answers].index("parrot")

    voted = vote(server, ADA, turn.id, place)

    assert not voted.hides_names
    counted = preferred(server, BOB, is_blind=True).preferences.models
    assert [(one.model, one.n_won, one.n_lost) for one in counted] == [
        ("parrot", 1, 0), (arm(server, "rag"), 0, 1),
    ]  # fmt: skip
    vote(server, ADA, turn.id, place)
    assert preferred(server, BOB).n_blind == 1


def test_a_vote_that_is_changed_once_names_show_is_blind_no_more(server: Server) -> None:
    """Else a name that was seen would count as if it had not been."""
    turn = asked(server, chat_with(server, "parrot", arm(server, "rag"), is_blind=True), "How many days?")
    vote(server, ADA, turn.id, 0)

    vote(server, ADA, turn.id, NONE_BETTER)

    assert preferred(server, BOB, is_blind=True).preferences.n_votes == 0
    assert [one.n_tied for one in preferred(server, BOB, is_blind=False).preferences.models] == [1, 1]


def test_a_vote_is_hidden_from_whoever_may_not_use_one_of_its_models(server: Server) -> None:
    """A count would tell that the model is there."""
    turn = asked(server, chat_with(server, "parrot", arm(server, "rag")), "How many days?")
    vote(server, ADA, turn.id, 0)
    guest = Caller(id="key_guest", name="guest", verbs=("read",), models=("parrot",))

    assert preferred(server, guest).preferences.models == ()
    assert preferred(server, BOB).n_people == 1


def test_an_answer_keeps_the_thumb_it_was_given(server: Server) -> None:
    turn = asked(server, chat_with(server, "parrot"), "Hello")

    judge_answer(server, ADA, turn.id, 0, Opinion(thumb="up"))

    assert find_turn(server, ADA, turn.id).answers[0]["thumb"] == "up"
    with pytest.raises(BadParameter, match="1 answers"):
        judge_answer(server, ADA, turn.id, 1, Opinion(thumb="up"))


def test_one_answer_alone_is_not_voted_for(server: Server) -> None:
    turn = asked(server, chat_with(server, "parrot"), "Hello")

    with pytest.raises(BadParameter, match="more than one answer"):
        vote(server, ADA, turn.id, 0)


def test_a_file_is_read_and_answered_from(server: Server) -> None:
    chat = chat_with(server, "parrot")
    chat = add_file(server, ADA, chat.id, "parking.md", [b"# Parking\n\nThe garage closes at 22:30.\n"])

    (answer,) = asked(server, chat, "The garage closes at what time?").answers

    assert answer["text"] == "The garage closes at 22:30."
    (cited,) = answer["citations"]
    assert cited["name"] == "parking.md"
    source = source_text(server, ADA, cited["document_id"])
    assert source.name == "parking.md"
    assert source.text[cited["start"] : cited["end"]] == "The garage closes at 22:30."


def test_an_arm_finds_a_chats_file_besides_its_documents(server: Server) -> None:
    chat = chat_with(server, arm(server, "rag"))
    chat = add_file(server, ADA, chat.id, "parking.md", [b"The garage closes at 22:30.\n"])
    asked(server, chat, "When does the garage close?")

    (answer,) = asked(server, chat, "How many days of leave does every employee have?").answers

    assert answer["text"] == LEAVE


def test_a_file_that_cannot_be_read_says_why(server: Server) -> None:
    chat = chat_with(server, "parrot")

    chat = add_file(server, ADA, chat.id, "broken.pdf", [b"%PDF-1.7 nothing"])
    server.workers.wait()

    (file,) = files_of(server, ADA, chat)
    assert file.state == "failed"
    assert "broken.pdf" in file.reason


def test_a_removed_chat_leaves_nothing_behind(server: Server) -> None:
    chat = chat_with(server, "parrot")
    chat = add_file(server, ADA, chat.id, "parking.md", [b"The garage closes at 22:30.\n"])
    asked(server, chat, "When does the garage close?")

    remove_chat(server, ADA, chat.id)

    assert list_chats(server, ADA) == []
    assert stored_turns(server, chat.id) == {}
    assert [store.id for store in all_stores(server, ADA)] == ["vs_domain"]


def test_an_export_says_what_was_asked_answered_and_cited(server: Server) -> None:
    chat = chat_with(server, arm(server, "rag"))
    asked(server, chat, "How many days of leave?")
    chat, turns = find_chat(server, ADA, chat.id), turns_of(server, ADA, chat)

    assert chat_as_markdown(chat, turns) == (
        f"# How many days of leave?\n\n> How many days of leave?\n\n{LEAVE}\n\n- [1] leave.md: {LEAVE}\n"
    )
    exported = chat_as_json(chat, turns)
    assert exported["turns"][0]["answers"][0]["citations"][0]["document_id"] == "leave.md"


def test_an_export_before_the_vote_hides_names(server: Server) -> None:
    chat = chat_with(server, "parrot", arm(server, "rag"), is_blind=True)
    asked(server, chat, "Hello")
    chat, turns = find_chat(server, ADA, chat.id), turns_of(server, ADA, chat)

    assert "parrot" not in chat_as_markdown(chat, turns)
    assert "parrot" not in str(chat_as_json(chat, turns)["turns"])
