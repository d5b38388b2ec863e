"""What a refused or failed request to a tuning service means to a user."""

from collections.abc import Mapping

import openai

from lorewright.errors import EngineError, InvalidExamples, NotFound, Transient, UnfitBase, UserError

_FILES = ("training_file", "validation_file", "file")


def meaning_of(
    error: openai.APIError, *, where: str, model: str, key_name: str, is_submitting: bool, is_file: bool
) -> UserError | EngineError:
    """Return the error to raise; the key is never part of it.

    `is_submitting` says that a job was to be made, `is_file` that its file was sent.
    """
    if isinstance(error, openai.APITimeoutError):
        return Transient(f"{where} did not answer in time.", hint="Run the same command again to continue.")
    if isinstance(error, openai.APIConnectionError):
        cause = " ".join(str(error.__cause__ or error).split())
        return Transient(
            f"{where} cannot be reached: {cause}.",
            hint="Is the server running? Run the same command again to continue.",
        )
    message = message_of(error)
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return UnfitBase(
            f"{where} rejected the API key: {message}",
            hint=f"Set the environment variable {key_name} to a key of that server that may tune.",
        )
    if error.code == "insufficient_quota":
        return UnfitBase(f"{where} does not tune on this account: {message}", hint="Check its billing.")
    if isinstance(error, openai.RateLimitError | openai.InternalServerError):
        return Transient(
            f"{where} is overloaded or failing: {message}", hint="Run the same command again to continue."
        )
    if isinstance(error, openai.NotFoundError):
        return _not_there(message, where=where, model=model, is_submitting=is_submitting)
    if is_file or error.param in _FILES:
        return InvalidExamples(f"{where} refused the training file: {message}")
    return UnfitBase(
        f"{where} refused to tune {model}: {message}",
        hint="Name a model of that server that can be tuned in tuning.base.",
    )


def message_of(error: openai.APIError) -> str:
    """Return what the server said, in one line."""
    body = error.body
    message = body.get("message") if isinstance(body, Mapping) else None
    return " ".join(str(message or error.message).split())


def _not_there(message: str, *, where: str, model: str, is_submitting: bool) -> UserError:
    if not is_submitting:
        return NotFound(f"{where}: {message}")
    return UnfitBase(
        f"{where} does not tune {model}: {message}",
        hint="tuning.base must name a model and the URL of a server with /v1/fine_tuning/jobs; the URL "
        "usually ends in /v1.",
    )
