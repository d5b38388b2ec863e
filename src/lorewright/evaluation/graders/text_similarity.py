"""How similar a text is to a reference."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

from pydantic import field_validator

from lorewright.evaluation.graders.fields import Strict, Template
from lorewright.evaluation.graders.grade import Grade, Means, Scope
from lorewright.evaluation.graders.overlap import bleu, fuzzy_match, gleu, rouge_l, rouge_n
from lorewright.evaluation.graders.template import fill

OVERLAPS: Mapping[str, Callable[[str, str], float]] = {
    "fuzzy_match": fuzzy_match,
    "bleu": bleu,
    "gleu": gleu,
    **{f"rouge_{order}": partial(rouge_n, order=order) for order in range(1, 6)},
    "rouge_l": rouge_l,
}


class TextSimilarity(Strict):
    """Scores by a measure of similarity; passes from `pass_threshold` on."""

    type: Literal["text_similarity"]
    name: str = "text_similarity"
    input: Template
    reference: Template
    evaluation_metric: str
    pass_threshold: float = 0.0

    @field_validator("evaluation_metric")
    @classmethod
    def _is_known(cls, metric: str) -> str:
        if metric in OVERLAPS or metric == "cosine":
            return metric
        known = ", ".join(["cosine", *OVERLAPS])
        reason = (
            "it needs WordNet's synonyms, which are not included" if metric == "meteor" else "it is unknown"
        )
        raise ValueError(f"{metric} is not supported: {reason}. Use one of {known}")

    def grade(self, scope: Scope, means: Means) -> Grade:
        """Return the similarity, 0 to 1; the cosine of two embeddings may be negative."""
        text, reference = fill(self.input, scope), fill(self.reference, scope)
        measure = means.cosine if self.evaluation_metric == "cosine" else OVERLAPS[self.evaluation_metric]
        score = measure(text, reference)
        return Grade(name=self.name, type=self.type, score=score, passed=score >= self.pass_threshold)
