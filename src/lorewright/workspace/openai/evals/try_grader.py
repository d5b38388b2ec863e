"""A grader tried on one output."""

import time
from collections.abc import Mapping
from typing import Any

from lorewright.access import Caller
from lorewright.errors import EngineError, LorewrightError
from lorewright.evaluation.graders import Grader, InvalidFormula, UnknownPath, UnreadableGrade
from lorewright.workspace.openai.evals.evals import check_grader
from lorewright.workspace.openai.evals.models import EvalModels, parsed
from lorewright.workspace.server.server import Server

_ERRORS = (
    "formula_parse_error", "invalid_variable_error", "model_grader_parse_error",
    "model_grader_refusal_error", "model_grader_server_error", "other_error",
    "python_grader_runtime_error", "python_grader_server_error", "sample_parse_error",
    "truncated_observation_error", "unresponsive_reward_error",
)  # fmt: skip
_KINDS: Mapping[type[LorewrightError], str] = {
    InvalidFormula: "formula_parse_error",
    UnknownPath: "invalid_variable_error",
    UnreadableGrade: "model_grader_parse_error",
    EngineError: "model_grader_server_error",
}
"""By class of error: its name in what OpenAI's API tells of a trial."""


def validate_grader(server: Server, caller: Caller, grader: Grader) -> None:
    """Raise `BadParameter` for a grader that cannot be used here."""
    caller.need("evaluate")
    check_grader(server, caller, grader, "grader")


def try_grader(
    server: Server, caller: Caller, grader: Grader, model_sample: str, item: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the reward of one output, the scores behind it, and what went wrong on the way."""
    validate_grader(server, caller, grader)
    models = EvalModels(server, caller)
    scope = {"item": item, "sample": {"output_text": model_sample, **parsed(model_sample)}}
    started, message = time.perf_counter(), ""
    errors: dict[str, Any] = dict.fromkeys(_ERRORS, False)
    reward, parts = 0.0, {}
    try:
        grade = grader.grade(scope, models.means)
        reward, parts = grade.score, dict(grade.parts)
    except LorewrightError as error:
        message = f"{error} {error.hint}".strip()
        kind = next((name for cls, name in _KINDS.items() if isinstance(error, cls)), "other_error")
        errors[kind] = True
    usage = models.usage()
    return {
        "reward": reward,
        "sub_rewards": parts,
        "metadata": {
            "name": grader.name,
            "type": grader.type,
            "execution_time": time.perf_counter() - started,
            "scores": parts or {grader.name: reward},
            "sampled_model_name": next(iter(usage), None),
            "token_usage": sum(used["total_tokens"] for used in usage.values()) if usage else None,
            "errors": {
                **errors,
                "model_grader_server_error_details": message if errors["model_grader_server_error"] else None,
                "python_grader_runtime_error_details": None,
                "python_grader_server_error_type": None,
                **({"details": message} if message else {}),
            },
        },
        "model_grader_token_usage_per_model": {
            model: used["total_tokens"] for model, used in usage.items()
        },
    }  # fmt: skip
