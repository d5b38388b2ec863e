"""What the base model knows of a domain's examples, before any of them is trained on."""

import random
from collections.abc import Sequence

from lorewright.access import Caller
from lorewright.datasets import Example
from lorewright.errors import TooFewExamples, UserError
from lorewright.evaluation import Question, ScoringContext
from lorewright.evaluation.evidence import holds, is_in_documents
from lorewright.evaluation.knowledge_probe import KnowledgeProbe, probe
from lorewright.messages import Message, last_user_turn
from lorewright.models import Engine, Sampling, complete
from lorewright.progress import Progress, quiet
from lorewright.workspace.comparisons.compare import scoring_context
from lorewright.workspace.dataset.material import material_for
from lorewright.workspace.dataset.refusals import style_of
from lorewright.workspace.domain.workspace import Workspace

USUAL_SAMPLE = 20
N_SHOWN = 2
LEAST_EXAMPLES = 10
_WARM = 0.5
"""The temperature of every answer but the first."""


def probe_knowledge(
    workspace: Workspace,
    caller: Caller,
    *,
    n: int = USUAL_SAMPLE,
    engine: Engine | None = None,
    progress: Progress = quiet,
) -> KnowledgeProbe:
    """Return what the chat model, or another `engine`, knows of `n` sampled examples, without documents.

    Raises `TooFewExamples`, and `UserError` where answers are labels: those are not known or unknown.
    """
    caller.need("tune")
    material = material_for(workspace, caller)
    facts = [example for example in material.train if example.answerable and example.completion.strip()]
    if len(facts) < LEAST_EXAMPLES:
        raise TooFewExamples(
            f"There are {len(facts)} examples with an answer; the probe needs {LEAST_EXAMPLES}.",
            hint="Add examples to examples/.",
        )
    style = style_of(workspace, material)
    if style.labels:
        raise UserError(
            f"The answers are {len(style.labels)} labels: there are no facts to know.",
            hint="Run: lorewright compare --arms nearest,tuned",
        )
    draw = random.Random(workspace.settings.tuning.seed)  # noqa: S311 - a sample, not a secret
    sample = draw.sample(facts, min(n, len(facts)))
    context = scoring_context(workspace, caller, style)
    questions = [_question(example) for example in sample]
    asked = engine or workspace.engine()

    def ask(place: int, time: int) -> str:
        shown = draw.sample([example for example in facts if example is not sample[place]], N_SHOWN)
        sampling = Sampling(max_tokens=96, temperature=_WARM if time else 0.0, seed=time)
        return complete(asked, _prompt(shown, sample[place]), sampling=sampling).text

    return probe(
        asked.name,
        [(one.id, question.text, one.completion) for one, question in zip(sample, questions, strict=True)],
        ask=ask,
        is_right=lambda place, text: _says(text, questions[place], context),
        is_in_documents=(lambda place: is_in_documents(questions[place], context))
        if context.search
        else None,
        n_examples=len(facts),
        progress=progress,
    )


def _says(text: str, question: Question, context: ScoringContext) -> bool:
    """Whether an answer holds what the target says, in whatever words."""
    return bool(text.strip()) and holds([text], question, context)


def _prompt(shown: Sequence[Example], example: Example) -> list[Message]:
    turns = [Message("system", "Answer the question briefly.")]
    for one in shown:
        turns += [Message("user", last_user_turn(one.prompt)), Message("assistant", one.completion)]
    return [*turns, Message("user", last_user_turn(example.prompt))]


def _question(example: Example) -> Question:
    # without document ids the index is searched for the answer itself
    return Question(id=example.id, conversation=example.prompt, targets=(example.completion,))
