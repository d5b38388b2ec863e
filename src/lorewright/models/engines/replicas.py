"""Several servers of one model behind one name: the least busy one answers, one that fails rests."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from lorewright.errors import EngineError, Permanent, RequestRefused, Transient
from lorewright.messages import Message
from lorewright.models.engine import Piece, Sampling, Stopped, never
from lorewright.models.engines.openai import OpenAICompatible

_Said = TypeVar("_Said")
_FIRST_REST, _LONGEST_REST = 1.0, 60.0
"""Seconds that a replica is left alone after its first failure, and at most after many in a row."""
_PAUSES = (0.0, 0.5, 1.0, 2.0)
"""Seconds before each round over all replicas: a busy moment passes, an outage is told."""


@dataclass(eq=False, slots=True)
class _Replica:
    """One server: how many requests it answers now, and until when it is left alone."""

    engine: OpenAICompatible
    n_running: int = 0
    n_failures: int = 0
    rests_until: float = 0.0
    is_asked: bool = False


class Replicas:
    """A model on several servers that speak OpenAI's chat completions.

    A request goes to the replica that answers the fewest. Where it fails before its first token,
    the next one is asked; what has begun is never begun again elsewhere. A replica that failed is
    left alone, longer each time, and comes back when it lists its models or answers a request.
    """

    def __init__(
        self,
        name: str,
        *,
        base_urls: Sequence[str],
        api_key: str = "",
        timeout_seconds: float = 120.0,
        pauses: Sequence[float] = _PAUSES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._pauses = pauses
        self._clock = clock
        self._lock = threading.Lock()
        self._replicas = [
            _Replica(
                OpenAICompatible(
                    name, base_url=url, api_key=api_key, timeout_seconds=timeout_seconds, n_retries=0
                )
            )
            for url in base_urls
        ]
        self.fingerprint = self._replicas[0].engine.fingerprint
        """That of the first: another replica of the same model is no other model."""

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the completion of one replica piece by piece until it ends or `stopped()` is true.

        Raises as a single server does; where none answers, `Transient` says why of each.
        """
        return self._answered(
            lambda engine: engine.stream(messages, sampling=sampling, stopped=stopped),
            lambda piece: bool(piece.text) or piece.usage is not None,
            stopped,
        )

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a chat completion of one replica as its server sends them."""
        return self._answered(lambda engine: engine.chat(request, stopped=stopped), _says_something, stopped)

    def complete(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a completion of one replica as its server sends them."""
        return self._answered(
            lambda engine: engine.complete(request, stopped=stopped), _says_something, stopped
        )

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return about how many tokens the prompt takes."""
        return self._replicas[0].engine.count_tokens(messages)

    def close(self) -> None:
        """Close the connections to every replica."""
        for replica in self._replicas:
            replica.engine.close()

    def _answered(
        self,
        ask: Callable[[OpenAICompatible], Iterator[_Said]],
        is_begun: Callable[[_Said], bool],
        stopped: Stopped,
    ) -> Iterator[_Said]:
        """Yield what the first replica says that begins to answer; raise why none does."""
        reasons: dict[str, EngineError] = {}
        for pause in self._pauses:
            _wait(pause, stopped)
            tried: list[_Replica] = []
            while not stopped() and (replica := self._least_busy(tried)) is not None:
                tried.append(replica)
                has_begun = False
                try:
                    with self._running(replica):
                        for said in _from_first(ask(replica.engine), is_begun):
                            if not has_begun:
                                self._answers(replica)
                            has_begun = True
                            yield said
                    return
                except RequestRefused:  # the client's mistake: every replica would say so
                    raise
                except EngineError as error:
                    self._fails(replica)
                    if has_begun:
                        raise
                    reasons[replica.engine.fingerprint] = error
            if stopped() or not any(isinstance(error, Transient) for error in reasons.values()):
                break
        if not stopped():
            raise self._none_answers(list(reasons.values()))

    def _least_busy(self, tried: Sequence[_Replica]) -> _Replica | None:
        """Return the replica to ask next: one that rests only where all others were tried."""
        with self._lock:
            left = [replica for replica in self._replicas if replica not in tried]
            now = self._clock()
            for replica in left:
                if 0 < replica.rests_until <= now and not replica.is_asked:
                    replica.is_asked = True
                    threading.Thread(target=self._look_at, args=(replica,), daemon=True).start()
            awake = [replica for replica in left if not replica.rests_until]
            if awake:
                return min(awake, key=lambda replica: replica.n_running)
            return min(left, key=lambda replica: replica.rests_until, default=None)

    @contextmanager
    def _running(self, replica: _Replica) -> Iterator[None]:
        with self._lock:
            replica.n_running += 1
            # of equally busy ones the one that was not asked for longest is next
            self._replicas.remove(replica)
            self._replicas.append(replica)
        try:
            yield
        finally:
            with self._lock:
                replica.n_running -= 1

    def _answers(self, replica: _Replica) -> None:
        with self._lock:
            replica.n_failures, replica.rests_until = 0, 0.0

    def _fails(self, replica: _Replica) -> None:
        with self._lock:
            rest = min(_FIRST_REST * 2**replica.n_failures, _LONGEST_REST)
            replica.n_failures += 1
            replica.rests_until = self._clock() + rest

    def _look_at(self, replica: _Replica) -> None:
        """Ask a replica whose rest is over whether it is well, while others answer."""
        try:
            is_well = replica.engine.is_well()
        finally:
            replica.is_asked = False
        if is_well:
            self._answers(replica)
        else:
            self._fails(replica)

    def _none_answers(self, reasons: Sequence[EngineError]) -> EngineError:
        """Return why no replica answers: `Permanent` where waiting does not help with any."""
        kind = Transient if any(isinstance(reason, Transient) for reason in reasons) else Permanent
        told = " ".join(dict.fromkeys(str(reason) for reason in reasons))
        hints = " ".join(dict.fromkeys(reason.hint for reason in reasons if reason.hint))
        return kind(f"None of the {len(self._replicas)} replicas of {self.name} answers. {told}", hint=hints)


def _from_first(said: Iterator[_Said], is_begun: Callable[[_Said], bool]) -> Iterator[_Said]:
    """Yield what is said, held back until it says something: until then it can be asked elsewhere."""
    held: list[_Said] | None = []
    for one in said:
        if held is None:
            yield one
            continue
        held.append(one)
        if is_begun(one):
            yield from held
            held = None
    yield from held or ()


def _says_something(chunk: Mapping[str, Any]) -> bool:
    """Return whether a chunk holds a token, or the end."""
    return any(
        choice.get("finish_reason")
        or choice.get("text")
        or any(value for name, value in (choice.get("delta") or {}).items() if name != "role")
        for choice in chunk.get("choices") or ()
    )


def _wait(seconds: float, stopped: Stopped) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not stopped():
        time.sleep(min(left, 0.05))
