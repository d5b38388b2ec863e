"""The arms differ in nothing but what their names say."""

from collections.abc import Callable

from lorewright.datasets import Example
from lorewright.flows import Style, adapters_of, arms, retrieves, run
from lorewright.flows.arm_names import ARMS, STANDARD
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Conversation, Message
from lorewright.models import READER
from lorewright.models.fakes import ScriptedEngine

SHOT = Example("1", (Message("user", "Is Zope 3 fine?"),), "Zope 3: RED")
FLOWS = arms(Style(instruction="You are the desk.", refusal="No idea.", few_shot=(SHOT,)))


def seen_by(arm: str, asked: Conversation, retriever: PlainRetriever) -> tuple[str, Conversation]:
    """Return the adapter that an arm runs on, and the prompt it sends."""
    engines = {adapter: ScriptedEngine({}, otherwise="Yes.") for adapter in ("", "bare", "context")}
    run(FLOWS[arm], asked, GivenParts(engines, retriever))
    ((adapter, engine),) = [(adapter, engine) for adapter, engine in engines.items() if engine.seen]
    return adapter, engine.seen[0]


def test_there_is_one_list_of_arms() -> None:
    """The command line, the API and the studio offer what is in the list."""
    assert tuple(FLOWS) == ARMS


def test_every_arm_is_what_the_list_says() -> None:
    for arm in STANDARD:
        flow = FLOWS[arm.name]
        assert retrieves(flow) == arm.retrieves
        trained = ["" if adapter == READER else adapter for adapter in adapters_of(flow)]
        assert trained == ([arm.adapter] if arm.generates else [])


def test_tuned_differs_from_base_by_its_adapter_alone(asked: Conversation, retriever: PlainRetriever) -> None:
    _, base = seen_by("base", asked, retriever)

    assert seen_by("tuned", asked, retriever) == ("bare", base)
    assert base == (Message("system", "You are the desk."), *asked)


def test_the_hybrids_differ_from_rag_by_their_adapter_alone(
    asked: Conversation, retriever: PlainRetriever
) -> None:
    _, rag = seen_by("rag", asked, retriever)

    assert seen_by("naive-hybrid", asked, retriever) == ("bare", rag)
    assert seen_by("hybrid", asked, retriever) == ("context", rag)


def test_rag_few_shot_gets_the_examples_of_few_shot(asked: Conversation, retriever: PlainRetriever) -> None:
    """RAG must not be beaten for lack of the house style."""
    _, few_shot = seen_by("few-shot", asked, retriever)
    _, rag_few_shot = seen_by("rag-few-shot", asked, retriever)

    assert few_shot[1:3] == rag_few_shot[1:3] == (*SHOT.prompt, Message("assistant", "Zope 3: RED"))


def test_a_system_message_of_the_asker_is_replaced(retriever: PlainRetriever) -> None:
    """Tuned arms are sent the prompt they were trained on, whatever client asks."""
    asked = (Message("system", "Talk like a pirate."), Message("user", "Until when Node.js 22?"))

    assert seen_by("tuned", asked, retriever)[1][0].content == "You are the desk."


def test_a_system_message_is_kept_where_examples_bring_several(
    parts_saying: Callable[[str], GivenParts],
) -> None:
    flow = arms(Style(instruction="Task 1.", refusal="No.", keeps_system=True))["base"]
    asked = (Message("system", "Task 2."), Message("user", "Go."))

    answer = run(flow, asked, parts_saying("Done."))

    assert answer.trace["prompt"]["messages"][0]["content"] == "Task 2."
