"""What an arm is made of, and how it is called in a sentence."""

from lorewright.evaluation import Comparison
from lorewright.flows.arm_names import BY_NAME, CLASSIFIED, STANDARD, ArmTraits

__all__ = ["STANDARD", "ArmTraits", "traits"]


def traits(name: str, comparison: Comparison | None = None) -> ArmTraits:
    """Return what an arm is made of; of an arm of your own, by what setting it up took."""
    if name == CLASSIFIED.name and comparison and _is_classified(comparison):
        return CLASSIFIED
    if name in BY_NAME:
        return BY_NAME[name]
    report = comparison.report(name) if comparison else None
    if report is None:
        return ArmTraits(name=name, summary="a custom flow")
    return ArmTraits(
        name=name,
        summary="a custom flow",
        retrieves=bool(report.set_up.n_documents),
        tuned=bool(report.set_up.tuning_seconds),
    )


def _is_classified(comparison: Comparison) -> bool:
    """Whether the arm tuned was measured as a classifier: nothing else runs on one."""
    return CLASSIFIED.adapter in comparison.measured.adapters
