"""Questions to begin a chat with: some of those that the domain is measured on."""

from lorewright.access import Key
from lorewright.errors import InvalidExamples
from lorewright.evaluation import read_questions
from lorewright.workspace.home import Home

N_STARTERS = 3
_LONGEST = 120


def questions_to_begin(home: Home, caller: Key) -> list[str]:
    """Return a few short questions from all over the held-out ones, that have an answer."""
    if not (caller.may("read") and caller.sees_documents):
        return []
    asked = [
        question.text
        for question in read_questions(home.workspace.questions_folder, on_bad_line=_pass_over)
        if question.answerable and len(question.text) <= _LONGEST and len(question.conversation) == 1
    ]
    several = list(dict.fromkeys(asked))
    step = max(1, len(several) // N_STARTERS)
    return several[::step][:N_STARTERS]


def _pass_over(_bad: InvalidExamples) -> None:
    """Take those that can be read."""
