"""A question asked in other words than the document has."""

import re

from lorewright.knowledge.words import content_words

_FORMS: tuple[tuple[str, str], ...] = (
    (r"How much does (?P<x>.+) cost\?", r"What do I have to pay for \g<x>?"),
    (r"When was (?P<x>.+) released\?", r"When did \g<x> come out?"),
    (r"When was (?P<x>.+) built\?", r"When did they put up \g<x>?"),
    (r"How many (?P<n>[a-z -]+?) can (?P<s>I|you|[a-z-]+s) (?P<v>[a-z]+)(?P<r> "
    r".+)?\?", r"What is the largest number of \g<n> that \g<s> can \g<v>\g<r>?"),
    (r"What (?:is|are) (?P<x>.+) used for\?", r"Why would somebody use \g<x>?"),
    (r"Until when does (?P<x>.+) get (?P<y>.+)\?", r"How long will \g<x> still receive \g<y>?"),
    (r"What is (?P<x>(?:an? )?[\w-]+(?: [\w-]+){0,3})\?", r"Can you explain what \g<x> means?"),
    (r"Where (?:is|are) (?P<x>.+) (?:located|situated)\?", r"Where can I find \g<x>?"),
    (r"Who (?:is|was|were) (?P<x>.+) written by\?", r"Who is the author of \g<x>?"),
    (r"How long is (?P<x>.+)\?", r"What is the length of \g<x>?"),
    (r"Within how many (?:days|weeks|months|hours) (?P<r>.+)\?", r"How soon \g<r>?"),
    (r"How do I (?P<x>.+)\?", r"What are the steps if I want to \g<x>?"),
)  # fmt: skip
_WORDS = {
    "employees": "staff", "employee": "staff member", "vacation": "holiday", "holidays": "days off",
    "price": "cost", "fee": "charge", "purchase": "buy", "purchased": "bought", "maximum": "highest possible",
    "minimum": "lowest possible", "begin": "start", "begins": "starts", "annual": "yearly",
    "submit": "hand in",
    "submitted": "handed in", "require": "need", "requires": "needs", "request": "ask for", "receive": "get",
    "reimbursed": "paid back", "invoice": "bill", "terminate": "end", "cancel": "call off",
    "located": "situated",
    "customers": "clients", "customer": "client", "company": "firm", "children": "kids",
    "physician": "doctor",
    "assist": "help", "obtain": "get", "permitted": "allowed", "must": "have to", "duration": "length",
    "delete": "remove", "deleted": "removed",
 "symptoms": "signs", "treatment": "therapy",
    "automobile": "car", "notify": "inform",
}  # fmt: skip


def reword(question: str) -> str:
    """Return the question in other words, '' where none are known that a person would use."""
    other = question
    for pattern, form in _FORMS:
        match = re.fullmatch(pattern, question)
        if match:
            other = match.expand(form)
            break
    if other == question or len(_new_words(question, other)) < 1:
        other = _with_other_words(other)
    other = other[0].upper() + other[1:]
    return other if other != question and _new_words(question, other) else ""


def _with_other_words(question: str) -> str:
    def other(match: re.Match[str]) -> str:
        return _WORDS.get(match[0], match[0])

    return re.sub(r"\b[a-z]+\b", other, question).replace("have to I ", "do I have to ")


def _new_words(question: str, other: str) -> set[str]:
    return set(content_words(question)) - set(content_words(other))
