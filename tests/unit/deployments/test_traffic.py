"""Versions in use, compared."""

from lorewright.deployments import ServedVersion, compare_pairs, compare_versions, measure


def answers(n: int, n_refused: int, latency_ms: float = 100.0) -> list[ServedVersion]:
    """Return answers of which some are refusals."""
    return [
        ServedVersion(refused=place < n_refused, has_unsupported=False, latency_ms=latency_ms + place)
        for place in range(n)
    ]


def test_a_version_nobody_asked_has_no_figures() -> None:
    assert measure(1, []).refusal_rate is None


def test_thumbs_count_where_they_were_given() -> None:
    given = [
        ServedVersion(refused=False, has_unsupported=False, latency_ms=1.0, is_thumb_up=True),
        ServedVersion(refused=False, has_unsupported=False, latency_ms=1.0),
    ]
    told = measure(1, given)
    assert told.n == 2
    assert told.thumbs_up is not None
    assert told.thumbs_up.n == 1


def test_a_canary_that_refuses_more_is_told_from_live() -> None:
    found = {gap.metric: gap for gap in compare_versions((2, answers(60, 40)), (1, answers(200, 20)))}
    refusals = found["refusal_rate"]
    assert refusals.is_measurable
    assert 0.4 < refusals.low < refusals.mean < refusals.high < 0.7
    assert refusals.n == 260
    assert "thumbs_up" not in found


def test_two_alike_are_not_told_apart() -> None:
    found = compare_versions((2, answers(30, 3)), (1, answers(30, 3)))
    assert not any(gap.is_measurable for gap in found)


def test_a_shadow_is_compared_question_by_question() -> None:
    pairs = list(zip(answers(20, 0, 150.0), answers(20, 0, 100.0), strict=True))
    latency = next(gap for gap in compare_pairs(2, 1, pairs) if gap.metric == "latency_ms")
    assert (latency.mean, latency.low, latency.high) == (50.0, 50.0, 50.0)
    assert latency.is_measurable
