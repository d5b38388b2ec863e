"""What a chat offers: the models to ask, and questions to begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lorewright.access import Caller
from lorewright.errors import InvalidExamples
from lorewright.evaluation import read_questions
from lorewright.flows import retrieves
from lorewright.flows.arm_names import ARMS
from lorewright.workspace.answering.served_models import ServedModel, list_served
from lorewright.workspace.chats.chats import Chat, list_chats
from lorewright.workspace.dataset.sources import is_row_readable
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.flows.ask import default_arm
from lorewright.workspace.server.server import Server

_SAYS: Mapping[str, str] = {
    "base": "The model with the domain's instruction only",
    "quote": "Sentences of the documents, word for word, without a model",
    "nearest": "The answer of the most similar example",
    "few-shot": "The model with solved examples in its prompt",
    "rag": "Finds passages in the documents, then answers from them",
    "rag-few-shot": "Finds passages, with solved examples in its prompt",
    "tuned": "Trained on the examples, without retrieval",
    "naive-hybrid": "Trained without passages, answers with them",
    "hybrid": "Trained to answer from the passages it finds",
}
GROUPS = ("deployment", "arm", "flow", "tuned", "base")


@dataclass(frozen=True, slots=True)
class Choice:
    """A model to choose: its name in the API, a short one, its group (of `GROUPS`), and what it does."""

    id: str
    name: str
    group: str
    description: str
    is_searching: bool


def model_choices(server: Server, caller: Caller) -> list[Choice]:
    """Return who can answer, group by group."""
    caller.need("chat")
    choices = [_choice(served) for served in list_served(server, caller)]
    return sorted(choices, key=lambda choice: GROUPS.index(choice.group))


def default_chat(server: Server, caller: Caller, choices: Sequence[Choice]) -> Chat:
    """Return a chat that is not kept yet: with whom the caller chatted last, or with the best there is."""
    known = {choice.id for choice in choices}
    last = next(iter(list_chats(server, caller)), None)
    if last and last.chat.models and known.issuperset(last.chat.models):
        return Chat(id="", models=last.chat.models, is_blind=last.chat.is_blind)
    live = [choice.id for choice in choices if choice.group == "deployment"]
    best = f"{server.name}/{default_arm(server.workspace, caller)}"
    first = [*live, *([best] if best in known else []), *(choice.id for choice in choices)]
    return Chat(id="", models=tuple(first[:1]))


def searching_chat(server: Server, caller: Caller, choices: Sequence[Choice]) -> Chat:
    """Return a chat that is not kept yet, with the recommended one of those that search the documents.

    Whoever asks the documents means them, whatever they chatted with last.
    """
    caller.need("chat")
    searching = [choice.id for choice in choices if choice.is_searching]
    live = [choice.id for choice in choices if choice.is_searching and choice.group == "deployment"]
    best = f"{server.name}/{default_arm(server.workspace, caller)}"
    usual = [name for name in (best, f"{server.name}/quote", f"{server.name}/rag") if name in searching]
    rest = [choice.id for choice in choices]
    return Chat(id="", models=(*live, *usual, *searching, *rest)[:1])


def _choice(served: ServedModel) -> Choice:
    short = served.id.rpartition("/")[2]
    is_searching = served.flow is not None and retrieves(served.flow)
    if served.kind == "deployment":
        return Choice(served.id, served.id, "deployment", f"Live: {served.version}", is_searching)
    if served.kind == "arm" and short in ARMS:
        return Choice(served.id, short, "arm", _SAYS[short], is_searching)
    if served.kind == "arm":
        return Choice(served.id, short, "flow", "A flow of this domain", is_searching)
    if served.kind == "tuned":
        return Choice(served.id, served.id, "tuned", "A fine-tuned model alone", is_searching)
    return Choice(served.id, served.id, "base", "The model alone", is_searching)


N_STARTERS = 3
_LONGEST = 120


def starter_questions(server: Server, caller: Caller) -> list[str]:
    """Return a few short questions from all over the held-out ones, that have an answer."""
    allowed = readable(server.workspace, caller)
    if not caller.may("read") or allowed.is_nothing:
        return []
    questions = [
        question.text
        for question in read_questions(server.workspace.questions_folder, on_bad_line=_pass_over)
        if is_row_readable(question, allowed)
        if question.answerable and len(question.text) <= _LONGEST and len(question.conversation) == 1
    ]
    several = list(dict.fromkeys(questions))
    step = max(1, len(several) // N_STARTERS)
    return several[::step][:N_STARTERS]


def _pass_over(_bad: InvalidExamples) -> None:
    """Take those that can be read."""
