"""The ways to answer that a comparison measures; why these: docs/decisions/0002-arms.md."""

from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.datasets import Example
from lorewright.flows.arms.shown import ShownChunks
from lorewright.flows.arms.style import Style
from lorewright.flows.flow import Edge, Flow, Node
from lorewright.flows.nodes.classify import NO_LABEL
from lorewright.knowledge.answerable import QUOTED_FROM
from lorewright.knowledge.part_choice import N_CHOSEN_FROM, PartChoice
from lorewright.knowledge.quoting import N_READ
from lorewright.messages import Message
from lorewright.models import READER
from lorewright.settings import AUTO_N_KEPT, DEFAULT_REFUSAL


def arms(style: Style) -> dict[str, Flow]:
    """Return the arms by name, the plainest first; they differ in nothing but what their names say."""
    return {
        "base": _arm("base", style),
        "quote": _quote(style),
        "nearest": _nearest(style),
        "few-shot": _arm("few-shot", style, examples=style.few_shot),
        "rag": _arm("rag", style, retrieves=True, adapter=READER),
        "rag-few-shot": _arm(
            "rag-few-shot",
            style,
            retrieves=True,
            examples=style.few_shot,
            adapter="" if style.few_shot else READER,  # without examples it is `rag`
        ),
        "tuned": _classified(style) if style.is_classified else tuned_model(style),
        "naive-hybrid": _arm("naive-hybrid", style, retrieves=True, adapter="bare"),
        "hybrid": _arm("hybrid", style, retrieves=True, adapter="context"),
    }


def tuned_model(style: Style) -> Flow:
    """Return the arm `tuned` as a language model with an adapter, whatever the domain's answers are."""
    return _arm("tuned", style, adapter="bare")


def optional_arms(style: Style) -> dict[str, Flow]:
    """Return the arms that are measured only where they are named."""
    mode = "plan" if style.reads_excerpts else "model"  # the small model cannot decide on steps
    params = {
        "mode": mode,
        "instruction": style.instruction,
        "context_tokens": style.context_tokens,
        "refusal": style.refusal,
    }
    nodes = (Node("question", "question"), Node("agent", "agent", params), Node("answer", "answer"))
    edges = (
        Edge("question", "conversation", "agent", "conversation"),
        Edge("agent", "draft", "answer", "draft"),
    )
    return {"agent": Flow("agent", nodes, edges)}


def _arm(
    name: str, style: Style, *, retrieves: bool = False, examples: Sequence[Example] = (), adapter: str = ""
) -> Flow:
    """Return question → (retrieve → (excerpt →)) prompt → generate → (label →) ground → answer.

    Where answers are labels of a closed set, an arm that was shown some, or learned them, gives one.
    """
    is_reader = retrieves and adapter == READER and style.reads_excerpts
    shown = style.shown if retrieves and adapter == "context" else ShownChunks()
    choice = shown.parts
    cuts = is_reader or choice is not None
    n_kept = style.retrieval.usual_n_kept
    n_found = max(N_CHOSEN_FROM if choice else N_READ, n_kept) if cuts else n_kept
    labels = style.labels if examples or adapter not in ("", READER) else ()
    nodes = [
        Node("question", "question"),
        *([Node("retrieve", "retrieve", {"n": n_found})] if retrieves else []),
        *([Node("excerpt", "excerpt", _excerpt(n_kept, choice))] if cuts else []),
        Node(
            "prompt",
            "prompt",
            {
                **_prompt(style, examples, adapter),
                **({"tables": "named-cells"} if is_reader else {}),
                **({"tables": "all-named-cells"} if choice else {}),
                **({"dates": "with-distance"} if shown.has_distances else {}),
            },
        ),
        Node("generate", "generate", {"adapter": adapter, "max_tokens": style.max_answer_tokens}),
        *([Node("label", "label", {"labels": list(labels)})] if labels else []),
        Node("ground", "ground", _ground(style)),
        Node("answer", "answer"),
    ]
    edges = [
        Edge("question", "conversation", "prompt", "conversation"),
        Edge("prompt", "messages", "generate", "messages"),
        Edge("question", "conversation", "ground", "conversation"),
        *([Edge("generate", "draft", "label", "draft")] if labels else []),
        Edge("label" if labels else "generate", "draft", "ground", "draft"),
        Edge("ground", "draft", "answer", "draft"),
    ]
    if retrieves:
        edges += [
            Edge("question", "conversation", "retrieve", "conversation"),
            Edge("excerpt" if cuts else "retrieve", "hits", "prompt", "hits"),
            Edge("prompt", "hits", "ground", "hits"),
        ]
    if cuts:
        edges += [
            Edge("question", "conversation", "excerpt", "conversation"),
            Edge("retrieve", "hits", "excerpt", "hits"),
        ]
    if is_reader:
        edges.append(Edge("excerpt", "whole", "ground", "whole"))
    return Flow(name, tuple(nodes), tuple(edges))


def _excerpt(n_kept: int, choice: PartChoice | None) -> Mapping[str, Any]:
    if choice:
        return {"n": choice.n, "n_whole": n_kept, "weights": list(choice.weights)}
    # an excerpt is short, and what stays whole tells whether to refuse
    return {"n_whole": max(n_kept, AUTO_N_KEPT)}


def _quote(style: Style) -> Flow:
    """Return question → retrieve → quote → answer."""
    nodes = [
        Node("question", "question"),
        Node("retrieve", "retrieve", {"n": max(N_READ, style.retrieval.usual_n_kept)}),
        Node("quote", "quote", _quoting(style)),
        Node("answer", "answer"),
    ]
    edges = [
        Edge("question", "conversation", "retrieve", "conversation"),
        Edge("question", "conversation", "quote", "conversation"),
        Edge("retrieve", "hits", "quote", "hits"),
        Edge("quote", "draft", "answer", "draft"),
    ]
    return Flow("quote", tuple(nodes), tuple(edges))


def _nearest(style: Style) -> Flow:
    """Return question → nearest → answer."""
    nodes = [
        Node("question", "question"),
        Node("nearest", "nearest", {"refusal": style.refusal}),
        Node("answer", "answer"),
    ]
    edges = [
        Edge("question", "conversation", "nearest", "conversation"),
        Edge("nearest", "draft", "answer", "draft"),
    ]
    return Flow("nearest", tuple(nodes), tuple(edges))


def _classified(style: Style) -> Flow:
    """Return question → classify → answer."""
    refusal = NO_LABEL if style.refusal == DEFAULT_REFUSAL else style.refusal
    nodes = [
        Node("question", "question"),
        Node("classify", "classify", {"adapter": "classifier", "refusal": refusal}),
        Node("answer", "answer"),
    ]
    edges = [
        Edge("question", "conversation", "classify", "conversation"),
        Edge("classify", "draft", "answer", "draft"),
    ]
    return Flow("tuned", tuple(nodes), tuple(edges))


def _prompt(style: Style, examples: Sequence[Example], adapter: str) -> Mapping[str, Any]:
    return {
        "instruction": style.instruction,
        "system": "keep" if style.keeps_system else "replace",
        "refusal": style.refusal,
        "examples": [_solved(example) for example in examples],
        "example_choice": style.example_choice if examples else "fixed",
        "context_tokens": style.context_tokens,
        "answer_tokens": style.max_answer_tokens,
        "adapter": adapter,
    }


def _solved(example: Example) -> list[dict[str, str]]:
    return [turn.to_json() for turn in (*example.turns, Message("assistant", example.completion))]


def _quoting(style: Style) -> Mapping[str, Any]:
    at_least = min(style.retrieval.usual_min_answerability, QUOTED_FROM)
    return {"refusal": style.refusal, "min_answerability": at_least}


def _ground(style: Style) -> Mapping[str, Any]:
    return {
        "policy": style.retrieval.grounding,
        "refusal": style.refusal,
        "refusal_phrases": list(style.refusal_phrases),
        "uncovered": "ask" if style.has_own_refusals else "refuse",
        "min_cosine": style.retrieval.min_cosine,
        "min_answerability": style.retrieval.usual_min_answerability,
        "style_words": sorted(style.style_words),
    }
