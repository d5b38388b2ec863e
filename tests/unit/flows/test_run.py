"""Running a flow: what a caller gets, hears and can believe."""

import json
from collections.abc import Callable, Iterator, Sequence

import pytest

from lorewright.errors import NoDocuments, UserError
from lorewright.flows import Style, arms, flow_hash, run
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge import Hit
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Conversation, Message
from lorewright.models import Piece, Sampling, Usage
from lorewright.models.fakes import ScriptedEngine
from lorewright.settings import Retrieval

Saying = Callable[[str], GivenParts]
STYLE = Style(
    instruction="You are the desk.", refusal="I do not know.", retrieval=Retrieval(n_kept=2, min_cosine=0.2)
)
FLOWS = arms(STYLE)
RIGHT = "Node.js 22 gets fixes until 30 Apr 2027 [1]."


def test_an_answer_carries_text_citation_and_usage(parts_saying: Saying, asked: Conversation) -> None:
    answer = run(FLOWS["rag"], asked, parts_saying(RIGHT))

    assert answer.arm == "rag"
    assert answer.text == "Node.js 22 gets fixes until 30 Apr 2027."
    assert [(cited.number, cited.document_id) for cited in answer.citations] == [(1, "node.md")]
    assert "30 Apr 2027" in answer.citations[0].quote
    assert not answer.refused
    assert answer.usage.completion_tokens == 9
    assert [hit.rank for hit in answer.hits] == [1, 2]


def test_the_text_streams_while_it_is_made(parts_saying: Saying, asked: Conversation) -> None:
    heard: list[str] = []

    run(FLOWS["rag"], asked, parts_saying(RIGHT), on_text=heard.append)

    assert len(heard) == 9
    assert "".join(heard) == RIGHT


def test_every_node_is_timed_and_traced_as_json(parts_saying: Saying, asked: Conversation) -> None:
    answer = run(FLOWS["rag"], asked, parts_saying(RIGHT))

    assert list(answer.timings_ms) == [node.id for node in FLOWS["rag"].nodes]
    assert sum(answer.timings_ms.values()) <= answer.latency_ms
    assert json.loads(json.dumps(answer.trace)) == answer.trace
    assert answer.trace["retrieve"]["hits"][0]["document_id"] == "node.md"
    assert answer.trace["generate"]["draft"]["text"] == RIGHT


def test_provenance_says_what_made_the_answer(
    parts_saying: Saying, asked: Conversation, retriever: PlainRetriever
) -> None:
    """A rival's comparison served the tuned model as the base and nobody could see it."""
    answer = run(FLOWS["hybrid"], asked, parts_saying(RIGHT), seed=7)

    assert answer.provenance.model == "says-context"
    assert (answer.provenance.weights, answer.provenance.adapter) == ("weights", "context")
    assert answer.provenance.index_version == retriever.version
    assert answer.provenance.flow_hash == flow_hash(FLOWS["hybrid"])
    assert answer.provenance.seed == 7
    again = run(FLOWS["hybrid"], asked, parts_saying("Something else."), seed=7)
    assert again.provenance.prompt_hash == answer.provenance.prompt_hash


def test_a_number_that_no_chunk_holds_becomes_a_refusal(parts_saying: Saying, asked: Conversation) -> None:
    heard: list[str] = []

    answer = run(FLOWS["rag"], asked, parts_saying("Until 1 May 2031 [1]."), on_text=heard.append)

    assert "".join(heard) == "Until 1 May 2031 [1]."
    assert (answer.text, answer.refused, answer.citations) == ("I do not know.", True, ())
    assert any("2031" in claim for claim in answer.unsupported)


def test_a_flagged_text_is_kept(parts_saying: Saying, asked: Conversation) -> None:
    style = Style(instruction="", refusal="No.", retrieval=Retrieval(grounding="flag"))

    answer = run(arms(style)["rag"], asked, parts_saying("Until 1 May 2031."))

    assert answer.text == "Until 1 May 2031."
    assert answer.unsupported
    assert not answer.refused


def test_a_value_from_the_question_and_a_date_in_another_form_are_supported(parts_saying: Saying) -> None:
    """Checking must not destroy right answers."""
    asked = (Message("user", "On 2024-06-01 we run Node.js 22. Fixes until?"),)

    answer = run(FLOWS["rag"], asked, parts_saying("As of 1 Jun 2024, until 2027-04-30."))

    assert answer.text == "As of 1 Jun 2024, until 2027-04-30."
    assert not answer.refused


def test_words_of_the_style_need_no_support(parts_saying: Saying, asked: Conversation) -> None:
    style = Style(instruction="", refusal="No.", style_words=frozenset({"status", "green", "card", "77"}))

    answer = run(arms(style)["rag"], asked, parts_saying("STATUS: GREEN\nCard 77: until 30 Apr 2027"))

    assert answer.text == "STATUS: GREEN\nCard 77: until 30 Apr 2027"


def test_what_no_chunk_touches_is_refused_without_asking_the_model(parts_saying: Saying) -> None:
    heard: list[str] = []
    parts = parts_saying(RIGHT)

    answer = run(FLOWS["rag"], (Message("user", "Who won yesterday?"),), parts, on_text=heard.append)

    assert (answer.text, answer.refused, answer.usage) == ("I do not know.", True, Usage())
    assert heard == ["I do not know."]
    assert answer.timings_ms["generate"] == 0.0
    assert answer.trace["generate"] == {}
    assert answer.provenance.model == ""


def test_a_domain_that_refuses_in_its_own_words_is_asked_and_recognised(parts_saying: Saying) -> None:
    style = Style(instruction="", refusal="No.", has_own_refusals=True, refusal_phrases=("not on our list",))

    answer = run(
        arms(style)["hybrid"], (Message("user", "Who won?"),), parts_saying("Status: not on our list.")
    )

    assert (answer.text, answer.refused) == ("Status: not on our list.", True)


def test_an_arm_without_retrieval_is_not_checked_but_recognised_when_it_refuses(
    parts_saying: Saying, asked: Conversation
) -> None:
    made_up = run(FLOWS["tuned"], asked, parts_saying("Until 1 May 2031."))
    refused = run(FLOWS["tuned"], asked, parts_saying("i do not know"))

    assert (made_up.text, made_up.refused) == ("Until 1 May 2031.", False)
    assert refused.refused


def test_stopping_keeps_what_was_said(parts_saying: Saying, asked: Conversation) -> None:
    heard: list[str] = []

    answer = run(
        FLOWS["base"],
        asked,
        parts_saying("one two three four"),
        on_text=heard.append,
        stopped=lambda: len(heard) == 2,
    )

    assert answer.text == "one two"


def test_a_model_that_repeats_itself_is_ended(parts_saying: Saying, asked: Conversation) -> None:
    """A small model at temperature 0 otherwise says one sentence until its tokens are used up."""
    parts = parts_saying("It ends in 2027. " + "Ask the desk at any time. " * 20)

    answer = run(FLOWS["base"], asked, parts)

    assert answer.text == "It ends in 2027. Ask the desk at any time."
    assert 15 < answer.usage.completion_tokens < 25
    assert answer.usage.prompt_tokens > 0


def test_earlier_turns_are_kept_and_chunks_stand_in_the_last_one(retriever: PlainRetriever) -> None:
    engine = ScriptedEngine(lambda _: "Until 18 Jul 2020.")
    asked = (
        Message("user", "Is Debian 12 fine?"),
        Message("assistant", "Yes."),
        Message("user", "And Debian 9?"),
    )

    run(FLOWS["rag"], asked, GivenParts({"": engine}, retriever))

    (seen,) = engine.seen
    assert [turn.role for turn in seen] == ["system", "user", "assistant", "user"]
    assert seen[1:3] == asked[:2]
    assert seen[3].content.startswith("[1] Debian\n")
    assert seen[3].content.endswith("\n\nQuestion: And Debian 9?")


def test_what_does_not_fit_is_left_out_worst_first(retriever: PlainRetriever, asked: Conversation) -> None:
    engine = ScriptedEngine(lambda _: "Until 30 Apr 2027.")
    style = Style(
        instruction="", refusal="No.", context_tokens=120, max_answer_tokens=60, retrieval=Retrieval(n_kept=3)
    )

    answer = run(arms(style)["rag"], asked, GivenParts({"": engine}, retriever))

    assert len(answer.hits) == 1
    assert answer.text == "Until 30 Apr 2027."
    assert engine.count_tokens(engine.seen[0]) <= 60


def test_a_conversation_without_a_question_is_refused(parts_saying: Saying) -> None:
    with pytest.raises(UserError, match="no question"):
        run(FLOWS["base"], (Message("system", "Be brief."),), parts_saying(RIGHT))


def test_retrieving_without_documents_says_so(asked: Conversation) -> None:
    with pytest.raises(NoDocuments):
        run(FLOWS["rag"], asked, GivenParts({"": ScriptedEngine({})}))


def test_a_fault_inside_a_node_is_not_mistaken_for_an_unconnected_port(asked: Conversation) -> None:
    class Broken(PlainRetriever):
        def search(self, query: str, *, n: int | None = None) -> list[Hit]:
            raise KeyError(query, n)

    with pytest.raises(KeyError):
        run(FLOWS["rag"], asked, GivenParts({"": ScriptedEngine({})}, Broken([])))


def test_the_seed_reaches_the_engine(asked: Conversation) -> None:
    class Noting(ScriptedEngine):
        def stream(
            self, messages: Sequence[Message], *, sampling: Sampling, stopped: Callable[[], bool] = bool
        ) -> Iterator[Piece]:
            self.sampling = sampling
            return super().stream(messages, sampling=sampling, stopped=stopped)

    engine = Noting({}, otherwise="Yes.")

    run(FLOWS["base"], asked, GivenParts({"": engine}), seed=11)

    assert engine.sampling == Sampling(max_tokens=256, temperature=0.0, seed=11)
