"""Rows to tune on: exactly what the tuned arms send, and what they should say."""

import re
from dataclasses import replace

from lorewright.datasets import Example
from lorewright.documents import Document
from lorewright.flows import Style, arms, run, training_rows
from lorewright.flows.arms.shown import ShownChunks
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Message
from lorewright.models.fakes import ScriptedEngine
from lorewright.settings import Retrieval

STYLE = Style(
    instruction="You are the desk.",
    refusal="I do not know.",
    retrieval=Retrieval(n_kept=2),
    style_words=frozenset({"status", "green", "until"}),
)


def page(n: int) -> Document:
    return Document(f"zope/{n}.md", f"Zope {n}", f"Zope {n} gets fixes until {n} May 2027.")


def example(n: int, **about: object) -> Example:
    asked = (Message("system", "Other."), Message("user", f"Until when does Zope {n} get fixes?"))
    return Example(str(n), asked, f"STATUS: GREEN\nUntil {n} May 2027", **about)  # type: ignore[arg-type]


RETRIEVER = PlainRetriever([page(n) for n in range(1, 13)])
EXAMPLES = [example(n) for n in range(1, 13)]


def marked_chunk(prompt: str, completion: str) -> str:
    """Return the chunk that a completion's marker names."""
    found = re.search(r" \[(\d)\]\Z", completion)
    assert found
    chunks = dict(re.findall(r"\[(\d)\] (.*?)(?=\n\n)", prompt, re.DOTALL))
    return str(chunks[found[1]])


def test_bare_rows_are_the_prompts_of_the_tuned_arm() -> None:
    (row,) = training_rows(EXAMPLES[:1], style=STYLE, retriever=None)

    engine = ScriptedEngine({}, otherwise="Yes.")
    run(arms(STYLE)["tuned"], EXAMPLES[0].prompt, GivenParts({"bare": engine}))
    assert row.messages == engine.seen[0]
    assert row.completion == EXAMPLES[0].completion


def test_context_rows_are_the_prompts_of_the_hybrid_arm() -> None:
    """Half of them in the very order that the arm sees, the others shuffled."""
    rows = training_rows(EXAMPLES, style=STYLE, retriever=RETRIEVER, no_gold_share=0.0)

    engine = ScriptedEngine({}, otherwise="Yes.")
    for asked in EXAMPLES:
        run(arms(STYLE)["hybrid"], asked.prompt, GivenParts({"context": engine}, RETRIEVER))
    n_same = sum(row.messages == seen for row, seen in zip(rows, engine.seen, strict=True))
    assert 0.4 * len(rows) <= n_same < len(rows)


def test_the_marker_names_the_chunk_that_holds_the_answer() -> None:
    for row, learned in zip(
        training_rows(EXAMPLES, style=STYLE, retriever=RETRIEVER, no_gold_share=0.0), EXAMPLES, strict=True
    ):
        assert row.completion.startswith(learned.completion)
        assert f"until {learned.id} May 2027" in marked_chunk(row.messages[-1].content, row.completion)


def test_a_gold_chunk_that_retrieval_misses_is_put_in() -> None:
    asked = (Message("user", "Zope 3 and Zope 4 get fixes until when, what about the seventh?"),)
    learned = Example("x", asked, "Until 7 May 2027", ("7",))

    (row,) = training_rows([learned], style=STYLE, retriever=RETRIEVER, no_gold_share=0.0)

    assert "7 May 2027" in marked_chunk(row.messages[-1].content, row.completion)
    assert row.messages[-1].content.count("Zope") == 2 * 2 + 2


def test_rows_without_the_gold_chunk_learn_to_refuse() -> None:
    rows = training_rows(EXAMPLES, style=STYLE, retriever=RETRIEVER, no_gold_share=1.0)

    assert {row.completion for row in rows} == {"I do not know."}
    assert all(
        f"until {learned.id} May" not in row.messages[-1].content
        for row, learned in zip(rows, EXAMPLES, strict=True)
    )


def test_a_domain_with_refusals_of_its_own_is_taught_no_others() -> None:
    style = Style(instruction="", refusal="No.", retrieval=STYLE.retrieval, has_own_refusals=True)
    unknown = Example("u", (Message("user", "Zope 99?"),), "Not on our list.", answerable=False)

    rows = training_rows([*EXAMPLES, unknown], style=style, retriever=RETRIEVER, no_gold_share=0.9)

    assert "No." not in {row.completion for row in rows}
    assert rows[-1].completion == "Not on our list."


def test_what_no_document_supports_keeps_its_completion() -> None:
    """A style without facts is learned as it is, among chunks that do not help."""
    learned = Example("s", (Message("user", "Say hello to Zope."),), "Ahoy 17 sailors of Tortuga!")

    (row,) = training_rows([learned], style=STYLE, retriever=RETRIEVER, no_gold_share=1.0)

    assert row.completion == "Ahoy 17 sailors of Tortuga!"


def test_the_same_seed_draws_the_same_and_more_examples_change_nothing() -> None:
    few = training_rows(EXAMPLES[:6], style=STYLE, retriever=RETRIEVER, no_gold_share=0.5, seed=3)
    all_of_them = training_rows(EXAMPLES, style=STYLE, retriever=RETRIEVER, no_gold_share=0.5, seed=3)
    other = training_rows(EXAMPLES[:6], style=STYLE, retriever=RETRIEVER, no_gold_share=0.5, seed=4)

    assert all_of_them[:6] == few
    assert other != few


def test_rows_of_one_day_are_seen_on_other_days_with_their_chunks() -> None:
    """The chunk that a row cites holds what its completion says, whatever its year."""
    asked = [
        Example(
            str(n),
            (Message("user", f"It is 2024-06-01. Until when does Zope {n} get fixes?"),),
            f"Until {n} May 2027",
        )
        for n in range(1, 13)
    ]
    style = replace(STYLE, asks_on_one_day=True)

    rows = training_rows(asked, style=style, retriever=RETRIEVER, no_gold_share=0.0)

    years = {re.findall(r"May (\d{4})", row.completion)[0] for row in rows}
    assert "2027" in years
    assert len(years) > 2
    for row in rows:
        said = row.completion.partition(" [")[0].removeprefix("Until ")
        assert said in marked_chunk(row.messages[-1].content, row.completion)
        assert int(re.findall(r"It is (\d{4})", row.messages[-1].content)[0]) == int(said[-4:]) - 3
    assert training_rows(asked, style=style, retriever=None) == training_rows(
        asked, style=STYLE, retriever=None
    )


def test_rows_with_distances_are_the_prompts_of_an_arm_with_distances() -> None:
    asked = Example(
        "1", (Message("user", "It is 2027-04-01. Until when does Zope 3 get fixes?"),), "Until 3 May 2027"
    )
    style = replace(STYLE, shown=ShownChunks(has_distances=True))

    (row,) = training_rows([asked], style=style, retriever=RETRIEVER, no_gold_share=0.0, seed=1)

    engine = ScriptedEngine({}, otherwise="Yes.")
    run(arms(style)["hybrid"], asked.prompt, GivenParts({"context": engine}, RETRIEVER))
    told = "Zope 3 gets fixes until 3 May 2027 (in 32 days)."
    assert told in row.messages[-1].content
    assert told in engine.seen[0][-1].content
    assert row.completion.startswith("Until 3 May 2027 [")

    run(arms(style)["naive-hybrid"], asked.prompt, GivenParts({"bare": engine}, RETRIEVER))
    assert "days" not in engine.seen[1][-1].content
