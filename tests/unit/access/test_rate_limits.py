"""Requests and tokens in the last minute."""

import pytest

from lorewright.access import Caller, Limits
from lorewright.access.limits import render_span
from lorewright.access.rate_limits import RateLimiter
from lorewright.errors import LimitReached


def test_more_requests_than_the_limit_wait() -> None:
    gate, key = RateLimiter(), Caller(id="k", name="k", limits=Limits(requests_per_minute=2))
    gate.enter(key)
    gate.enter(key)
    with pytest.raises(LimitReached, match="2 requests per minute") as refused:
        gate.enter(key)
    assert 1 <= refused.value.retry_after_seconds <= 60


def test_a_refused_request_does_not_count() -> None:
    gate = RateLimiter()
    key = Caller(id="k", name="k", limits=Limits(requests_per_minute=5, tokens_per_minute=10))
    gate.spend(key, 10)
    for _ in range(3):
        with pytest.raises(LimitReached, match="10 tokens per minute"):
            gate.enter(key)
    left = gate.left(key, "requests")
    assert left is not None
    assert left.remaining == 5


def test_tokens_beyond_the_limit_are_counted_too() -> None:
    gate, key = RateLimiter(), Caller(id="k", name="k", limits=Limits(tokens_per_minute=100))
    gate.spend(key, 60)
    gate.enter(key)
    gate.spend(key, 500)
    left = gate.left(key, "tokens")
    assert left is not None
    assert left.remaining == 0
    with pytest.raises(LimitReached):
        gate.enter(key)


def test_all_keys_of_a_user_share_the_limit_of_the_user() -> None:
    gate, limits = RateLimiter(), Limits(requests_per_minute=1)
    one, two = (Caller(id=name, name=name, user="u", user_limits=limits) for name in ("one", "two"))
    gate.enter(one)
    with pytest.raises(LimitReached):
        gate.enter(two)


def test_keys_do_not_share_their_own_limits() -> None:
    gate, limits = RateLimiter(), Limits(requests_per_minute=1)
    for name in ("one", "two"):
        gate.enter(Caller(id=name, name=name, limits=limits))


def test_without_limits_there_is_nothing_to_tell() -> None:
    gate, key = RateLimiter(), Caller(id="k", name="k")
    for _ in range(1000):
        gate.enter(key)
    assert gate.left(key, "requests") is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0ms"),
        (0.02, "20ms"),
        (1.5, "1.5s"),
        (59, "59s"),
        (60, "1m0s"),
        (61.25, "1m1.25s"),
        (3661, "1h1m1s"),
    ],
)
def test_spans_are_written_as_in_openais_headers(seconds: float, said: str) -> None:
    assert render_span(seconds) == said
