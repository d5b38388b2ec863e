"""A chat model as the judge of answers: opened, calibrated on people's ratings, refused where it fails."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lorewright.access import Caller
from lorewright.errors import InvalidSetting
from lorewright.evaluation.kappa import LEAST_KAPPA, LEAST_RATED, Kappa, cohen_kappa, read_ratings
from lorewright.evaluation.scorers.judged import is_right
from lorewright.messages import Message
from lorewright.models import Engine, Sampling, complete, open_engine
from lorewright.whole_files import write_whole
from lorewright.workspace.comparisons.listing import find_comparison
from lorewright.workspace.domain.model_key import model_key
from lorewright.workspace.domain.workspace import Workspace

RATINGS = "ratings.jsonl"
CHAT = "chat"
Ask = Callable[[str], str]


@contextmanager
def open_llm_judge(workspace: Workspace) -> Iterator[Ask | None]:
    """Give what asks the model of `evaluation.judge_model`, `None` where the settings name none."""
    source = workspace.settings.evaluation.judge_model
    if not source:
        yield None
        return
    if source == CHAT:
        yield asker(workspace.engine())
        return
    engine = open_engine(
        source,
        store=workspace.store,
        context_tokens=workspace.settings.models.context_tokens,
        api_key=model_key(workspace.settings, workspace.state_folder, source),
    )
    try:
        yield asker(engine)
    finally:
        engine.close()


def asker(engine: Engine) -> Ask:
    """Return what asks an engine for one word."""

    def ask(prompt: str) -> str:
        return complete(engine, [Message("user", prompt)], sampling=Sampling(max_tokens=8)).text

    return ask


def calibrate(workspace: Workspace, ask: Ask) -> Kappa | None:
    """Return the judge's agreement with the ratings in `ratings.jsonl`, `None` where there are none."""
    path = workspace.folder / RATINGS
    ratings = read_ratings(path) if path.is_file() else []
    if not ratings:
        return None
    judged = [is_right(ask, rating.reference, rating.answer) for rating in ratings]
    return cohen_kappa(judged, [rating.is_right for rating in ratings])


def need_evidence(kappa: Kappa | None) -> None:
    """Raise `InvalidSetting` unless correctness may rest on the judge alone."""
    if kappa is not None and kappa.is_evidence:
        return
    found = "there are no rated answers" if kappa is None else f"it reaches {kappa}"
    raise InvalidSetting(
        f'evaluation.primary = "judged" needs a judge that agrees with people: {found}.',
        hint=f"It takes kappa {LEAST_KAPPA} on {LEAST_RATED} answers. Rate some: lorewright report --to-rate "
        f"{RATINGS}",
    )


def write_to_rate(
    workspace: Workspace, caller: Caller, comparison_id: str, path: Path, *, n: int = 40
) -> int:
    """Write answers of a comparison for a person to rate, from every arm; return how many."""
    comparison = find_comparison(workspace, caller, comparison_id)
    rows = [
        (row.targets[0], row.text)
        for report in comparison.reports
        for row in report.rows
        if row.answerable and row.targets and row.text.strip()
    ]
    unlike = list(dict.fromkeys(rows))
    draw = random.Random(comparison.measured.seed)  # noqa: S311 - a sample, not a secret
    sample = draw.sample(unlike, min(n, len(unlike)))
    lines = (
        json.dumps({"reference": one, "answer": other, "right": None}, ensure_ascii=False)
        for one, other in sample
    )
    write_whole(path, "".join(f"{line}\n" for line in lines))
    return len(sample)
