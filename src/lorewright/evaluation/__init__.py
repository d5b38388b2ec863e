"""Held-out questions, scorers and reports; comparisons with intervals."""

from lorewright.evaluation.question import Question

__all__ = ["Question"]
