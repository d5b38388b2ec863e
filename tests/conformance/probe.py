"""What is asked of an endpoint, and what came of it."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import openai
from tests.conformance.inventory import shape
from tests.conformance.strict import mismatches, problems

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Check:
    """One claim about an endpoint, and what was found instead ('' where it holds)."""

    endpoint: str
    claim: str
    instead: str = ""
    is_refusal: bool = False


class Stopped(Exception):
    """A call that failed: what was to be done with its result cannot be done."""


class Probe:
    """Calls endpoints through the SDK and keeps what was found; `client` is the SDK, unmodified."""

    def __init__(self, base_url: str, key: str) -> None:
        self.checks: list[Check] = []
        self._last: Any = None
        http = openai.DefaultHttpxClient(event_hooks={"response": [self._keep]})
        self.client = openai.OpenAI(base_url=base_url, api_key=key, max_retries=0, http_client=http)

    def call(self, endpoint: str, do: Callable[[], Made]) -> Made:
        """Return what a call makes; it must be answered, with all that its type demands."""
        self._last = None
        try:
            made = do()
        except (openai.APIError, TypeError, ValueError) as error:
            self._found(endpoint, "answers", f"{type(error).__name__}: {str(error)[:200]}")
            raise Stopped from error
        self._found(endpoint, "answers")
        found = problems(self._last, made, shape(endpoint.partition(" ")[2]))
        self._found(endpoint, "has all that its type demands", "; ".join(found[:3]))
        return made

    def stream(self, endpoint: str, do: Callable[[], Iterable[Made]], last: str) -> list[Made]:
        """Return the events of a stream: each as its type demands, the last of the kind `last`."""
        try:
            events = list(do())
        except openai.APIError as error:
            self._found(endpoint, "streams", f"{type(error).__name__}: {str(error)[:200]}")
            raise Stopped from error
        self._found(endpoint, "streams", "" if events else "no events")
        wrong = [f"{type(event).__name__}: {reason}" for event in events for reason in _mismatches(event)]
        self._found(endpoint, "streams events as their types demand", "; ".join(wrong[:3]))
        kind = str(getattr(events[-1], "type", getattr(events[-1], "object", ""))) if events else ""
        self._found(endpoint, f"ends its stream with {last}", "" if kind == last else kind or "nothing")
        return events

    def check(self, endpoint: str, claim: str, holds: object, instead: object = "it does not") -> None:
        """Keep whether a claim holds."""
        self._found(endpoint, claim, "" if holds else str(instead)[:200])

    def refused(self, endpoint: str, claim: str, do: Callable[[], object], *, status: int) -> None:
        """A call must be refused with this status and with an error of OpenAI's shape."""
        try:
            do()
        except openai.APIStatusError as error:
            body = error.body if isinstance(error.body, dict) else {}
            missing = {"message", "type", "param", "code"} - set(body)
            told = f"status {error.status_code}" if error.status_code != status else ""
            instead = told or (f"no {', '.join(sorted(missing))}" if missing else "")
        else:
            instead = "it was accepted"
        self.checks.append(Check(endpoint, claim, instead, is_refusal=True))

    def by_endpoint(self) -> dict[str, list[Check]]:
        """Return the checks of every endpoint, by its shape."""
        found: dict[str, list[Check]] = defaultdict(list)
        for check in self.checks:
            found[shape(check.endpoint)].append(check)
        return found

    def _found(self, endpoint: str, claim: str, instead: str = "") -> None:
        self.checks.append(Check(endpoint, claim, instead))

    def _keep(self, response: Any) -> None:
        """Keep the JSON of a response that is not a stream."""
        if response.headers.get("content-type", "").startswith("application/json"):
            response.read()
            self._last = json.loads(response.content)


def _mismatches(event: Any) -> list[str]:
    """Return what is wrong with an event: the SDK keeps what came, whatever its type says."""
    return mismatches(type(event), event.model_dump(by_alias=True, exclude_unset=True, warnings=False))
