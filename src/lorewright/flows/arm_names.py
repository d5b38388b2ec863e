"""The standard arms: the one list of their names, what each is made of, and which adapter it runs on."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmTraits:
    """What an arm is made of, and how it is called in a sentence.

    `adapter` is the kind of adapter that it runs on, '' without one; `generates` is false for an arm
    that shows what is written already and needs no chat model.
    """

    name: str
    summary: str
    retrieves: bool = False
    tuned: bool = False
    shows_examples: bool = False
    adapter: str = ""
    generates: bool = True


ADAPTERS = ("bare", "classifier", "context")
"""The kinds of adapters: learned from the examples, as labels of the examples, with retrieved chunks."""

STANDARD = (
    ArmTraits(name="base", summary="the base model alone"),
    ArmTraits(
        name="quote",
        summary="the sentences of the documents that answer, word for word",
        retrieves=True,
        generates=False,
    ),
    ArmTraits(
        name="nearest",
        summary="the answer of the most similar example",
        shows_examples=True,
        generates=False,
    ),
    ArmTraits(name="few-shot", summary="the model with examples in the prompt", shows_examples=True),
    ArmTraits(name="rag", summary="the model with retrieved chunks in the prompt", retrieves=True),
    ArmTraits(
        name="rag-few-shot",
        summary="retrieved chunks and examples in the prompt",
        retrieves=True,
        shows_examples=True,
    ),
    ArmTraits(name="tuned", summary="the model tuned on the examples", tuned=True, adapter="bare"),
    ArmTraits(
        name="naive-hybrid",
        summary="the tuned model, given retrieved chunks that it was not trained to use",
        retrieves=True,
        tuned=True,
        adapter="bare",
    ),
    ArmTraits(
        name="hybrid",
        summary="the model tuned with retrieved chunks, and given them",
        retrieves=True,
        tuned=True,
        adapter="context",
    ),
)
CLASSIFIED = ArmTraits(
    name="tuned",
    summary="a classifier trained on the labels of the examples",
    tuned=True,
    adapter="classifier",
    generates=False,
)
"""The arm `tuned` where answers are labels."""
OPTIONAL = (ArmTraits(name="agent", summary="several steps: search, read values, calculate", retrieves=True),)
"""Arms that are measured and asked only where they are named: they take many times as long."""
ARMS = tuple(arm.name for arm in STANDARD)
OPTIONAL_ARMS = tuple(arm.name for arm in OPTIONAL)
BY_NAME: Mapping[str, ArmTraits] = {arm.name: arm for arm in (*STANDARD, *OPTIONAL)}
ADAPTER_OF: Mapping[str, str] = {arm.name: arm.adapter for arm in STANDARD if arm.adapter}
