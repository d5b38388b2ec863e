"""Hits come in another order, by words, by what is new in them, or by what a model says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.fixtures.drawn_flows import asking, hit, made, texts

from lorewright.errors import Permanent
from lorewright.flows.fakes import GivenParts
from lorewright.messages import Message
from lorewright.models import Stopped, never
from lorewright.models.fakes import ScriptedEngine

HITS = (
    hit("Ask the office about the parking rules.", score=0.9),
    hit("Ask the office about parking.", score=0.8),
    hit("Parental leave is 14 months.", score=0.2),
)
ASKED = asking("How long is parental leave?")


def reranked(params: Mapping[str, object], engine: ScriptedEngine | None = None) -> list[str]:
    parts = GivenParts({"": engine or ScriptedEngine({})})
    return texts(made("rerank", params, parts, conversation=ASKED, hits=HITS)["hits"])


class Sure(ScriptedEngine):
    """Tells how likely yes is, by the text that is judged."""

    def __init__(self, share: Callable[[str], float]) -> None:
        super().__init__({})
        self._share = share

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:  # noqa: ARG002
        from math import log

        yes = self._share(request["messages"][-1]["content"])
        likely = [{"token": " Yes", "logprob": log(yes)}, {"token": "no", "logprob": log(1 - yes)}]
        yield {"choices": [{"delta": {"content": "no"}, "logprobs": {"content": [{"top_logprobs": likely}]}}]}
        yield {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 1}}


def test_words_of_the_question_bring_a_hit_forward() -> None:
    assert reranked({"method": "words", "weight": 1.0, "n_kept": 1}) == ["Parental leave is 14 months."]


def test_a_sentence_that_answers_brings_its_hit_forward() -> None:
    many = "Parking is free. Lunch is at noon. Parental leave is long: 14 months. The office closes at six."
    hits = (*HITS[:2], hit(many, score=0.2))

    for params, first in (({"weight": 1.0}, many), ({"weight": 1.0, "n_read": 2}, HITS[0].chunk.text)):
        put_out = made("rerank", {"method": "parts", **params}, GivenParts({}), conversation=ASKED, hits=hits)
        assert texts(put_out["hits"])[0] == first


def test_without_weight_the_order_stays() -> None:
    assert reranked({"method": "words", "weight": 0.0}) == [one.chunk.text for one in HITS]


def test_a_hit_that_says_something_new_comes_before_one_that_repeats() -> None:
    assert reranked({"method": "diversity", "weight": 0.6, "n_kept": 2}) == [
        "Ask the office about the parking rules.",
        "Parental leave is 14 months.",
    ]


def test_a_model_is_believed_by_how_sure_it_is_not_by_what_it_says() -> None:
    engine = Sure(lambda text: 0.4 if "14 months" in text else 0.1)

    assert reranked({"method": "model", "weight": 1.0}, engine)[0] == "Parental leave is 14 months."


def test_what_a_model_does_not_read_stays_behind() -> None:
    engine = Sure(lambda text: 0.9 if "rules" not in text else 0.1)

    assert reranked({"method": "model", "weight": 1.0, "n_read": 2}, engine) == [
        "Ask the office about parking.",
        "Ask the office about the parking rules.",
        "Parental leave is 14 months.",
    ]


def test_a_server_without_probabilities_is_heard_by_its_words() -> None:
    class Plain(ScriptedEngine):
        def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
            if "logprobs" in request:
                raise Permanent("This server knows no logprobs.")
            return super().chat(request, stopped=stopped)

    def says(messages: Sequence[Message]) -> str:
        return "Yes." if "14 months" in messages[-1].content else "No."

    assert reranked({"method": "model", "weight": 1.0, "n_kept": 1}, Plain(says)) == [
        "Parental leave is 14 months."
    ]


def test_a_model_that_says_neither_yes_nor_no_is_asked_for_a_list() -> None:
    def says(messages: Sequence[Message]) -> str:
        return "[3], [1] and 9" if "Write their numbers" in messages[-1].content else "Perhaps"

    assert reranked({"method": "model", "weight": 1.0}, ScriptedEngine(says)) == [
        "Parental leave is 14 months.",
        "Ask the office about the parking rules.",
        "Ask the office about parking.",
    ]


def test_no_hits_stay_no_hits() -> None:
    for method in ("words", "diversity", "model"):
        made_of = made("rerank", {"method": method}, GivenParts({}), conversation=ASKED, hits=())
        assert made_of["hits"] == ()
