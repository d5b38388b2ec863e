"""One row of an evaluation run: asked where a model is to be asked, then graded."""

from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.errors import Cancelled, LorewrightError, Transient
from lorewright.evaluation.graders import Grader, Means, Scope
from lorewright.evaluation.openai_evals.data_source import Completions, Jsonl, Responses
from lorewright.workspace.openai.evals.models import EvalModels, sample_of, scope_of

Source = Jsonl | Completions | Responses


def measure_row(
    row: Mapping[str, Any], source: Source, graders: Sequence[Grader], models: EvalModels
) -> dict[str, Any]:
    """Return status, results, sample and usage of one row, as JSON.

    What goes wrong with the row becomes its error; only what may pass by itself is raised.
    """
    models.begin_row()
    scope: dict[str, Any] = dict(row)
    error: dict[str, str] | None = None
    try:
        sample = _sample(source, scope, models)
    except (Transient, Cancelled):
        raise
    except LorewrightError as failure:
        error = error_json(failure)
        sample = sample_of({}, models.defaults)
        results: list[dict[str, Any]] = []
    else:
        results = [_result(grader, scope, models.means) for grader in graders]
        error = next((result["error"] for result in results if "error" in result), None)
    passed = all(result["passed"] for result in results)
    return {
        "status": "error" if error else "pass" if passed else "fail",
        "results": results,
        "sample": {**sample, "error": error},
        "usage": models.usage(),
    }


def error_json(error: LorewrightError) -> dict[str, str]:
    """Return an error as items and runs hold it."""
    return {"code": type(error).__name__, "message": f"{error} {error.hint}".strip()}


def _sample(source: Source, scope: dict[str, Any], models: EvalModels) -> dict[str, Any]:
    """Return the sample of a row for clients, and put it into the scope of its graders."""
    if isinstance(source, Jsonl) or source.input_messages is None or source.model is None:
        return sample_of(scope.get("sample", {}), models.defaults)
    messages = source.input_messages.messages({"item": scope["item"]})
    options = source.sampling_params.options()
    completion = models.complete(source.model, messages, options)
    scope["sample"] = scope_of(completion)
    return sample_of({"input": messages, **scope["sample"]}, {**models.defaults, **options})


def _result(grader: Any, scope: Scope, means: Means) -> dict[str, Any]:
    try:
        grade = grader.grade(scope, means)
    except (Transient, Cancelled):
        raise
    except LorewrightError as error:
        return {
            "name": grader.name, "type": grader.type, "score": 0.0, "passed": False,
            "error": error_json(error),
        }  # fmt: skip
    result = {"name": grade.name, "type": grade.type, "score": grade.score, "passed": grade.passed}
    if grade.sample is not None:
        result["sample"] = dict(grade.sample)
    return {**result, "sub_scores": dict(grade.parts)} if grade.parts else result
