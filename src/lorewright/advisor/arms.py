"""What an arm is made of, and how it is called in a sentence."""

from dataclasses import dataclass

from lorewright.evaluation import Comparison


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmTraits:
    """What an arm is made of: whether it looks into the documents, and whether it was tuned."""

    name: str
    summary: str
    retrieves: bool = False
    tuned: bool = False
    shows_examples: bool = False


STANDARD = (
    ArmTraits(name="base", summary="the model as it is"),
    ArmTraits(name="few-shot", summary="the model with examples in the prompt", shows_examples=True),
    ArmTraits(name="rag", summary="the model with retrieved chunks in the prompt", retrieves=True),
    ArmTraits(
        name="rag-few-shot",
        summary="retrieved chunks and examples in the prompt",
        retrieves=True,
        shows_examples=True,
    ),
    ArmTraits(name="tuned", summary="the model tuned on the examples", tuned=True),
    ArmTraits(
        name="naive-hybrid",
        summary="the tuned model, given retrieved chunks it was not trained to use",
        retrieves=True,
        tuned=True,
    ),
    ArmTraits(
        name="hybrid",
        summary="tuned on retrieved chunks, and given them",
        retrieves=True,
        tuned=True,
    ),
)
_BY_NAME = {arm.name: arm for arm in STANDARD}


def traits(name: str, comparison: Comparison | None = None) -> ArmTraits:
    """Return what an arm is made of; of an arm of your own, by what setting it up took."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    report = comparison.report(name) if comparison else None
    if report is None:
        return ArmTraits(name=name, summary="a flow of your own")
    return ArmTraits(
        name=name,
        summary="a flow of your own",
        retrieves=bool(report.set_up.n_documents),
        tuned=bool(report.set_up.tuning_seconds),
    )
