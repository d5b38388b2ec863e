"""The verdict as the answer to the question that everybody comes with: fine-tune, look things up, or both?"""

from lorewright.advisor import Recommendation
from lorewright.studio.i18n import t


def short_verdict(advice: Recommendation) -> str:
    """Return the answer in one sentence, '' for a flow of somebody's own."""
    if advice.is_measured and not advice.is_good_enough:
        if not advice.is_decided:
            return t("Too early to say: ask more questions.")
        return t("Not yet: no arm is good enough.")
    answers = {
        "base": t("Neither: use the model as it is."),
        "few-shot": t("Neither: show the model a few of your examples."),
        "nearest": t("Neither: give the answer of the most similar example."),
        "quote": t("Look things up: quote your documents, without fine-tuning."),
        "rag": t("Look things up in your documents, without fine-tuning."),
        "rag-few-shot": t("Look things up, and show the model a few of your examples."),
        "tuned": t("Fine-tune on your examples, without looking things up."),
        "naive-hybrid": t("Both: fine-tune on your examples and look things up."),
        "hybrid": t("Both: fine-tune on your examples and look things up."),
    }
    return answers.get(advice.arm, "")
