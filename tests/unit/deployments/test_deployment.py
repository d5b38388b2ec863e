"""Who is answered by which version."""

import pytest

from lorewright.deployments import (
    Deployment,
    check_name,
    grown,
    promoted,
    rolled_back,
    version_for,
    with_canary,
    with_shadow,
)
from lorewright.errors import InvalidSetting, NotFound


def three_versions() -> Deployment:
    """Return a deployment of three versions, the first of which is live."""
    deployment = Deployment(name="desk")
    for _ in range(3):
        deployment = grown(deployment, at=1.0, by="ada")
    return promoted(deployment, 1, at=1.0, by="ada")


def test_a_canary_answers_about_its_share() -> None:
    deployment = with_canary(three_versions(), 2, 0.2, at=1.0, by="ada")
    answered = [version_for(deployment, str(who)) for who in range(2000)]
    assert 0.17 < answered.count(2) / 2000 < 0.23
    assert set(answered) == {1, 2}


def test_a_growing_canary_keeps_those_it_answered() -> None:
    """Nobody's conversation changes its version because others come to the canary."""
    small = with_canary(three_versions(), 2, 0.1, at=1.0, by="ada")
    large = with_canary(small, 2, 0.5, at=2.0, by="ada")
    at_first = [who for who in map(str, range(500)) if version_for(small, who) == 2]
    assert at_first
    assert {version_for(large, who) for who in at_first} == {2}
    assert large.canary_since == 1.0


def test_a_rollback_ends_the_canary_and_goes_one_version_back() -> None:
    deployment = promoted(three_versions(), 2, at=1.0, by="ada")
    back = rolled_back(with_canary(deployment, 3, 0.5, at=1.0, by="ada"), at=2.0, by="bob")
    assert (back.live, back.canary, back.earlier) == (1, 0, ())
    assert (back.history[-1].by, back.history[-1].what) == ("bob", "rolled back from version 2 to 1")


def test_a_version_is_in_one_place_only() -> None:
    deployment = with_shadow(three_versions(), 2, at=1.0, by="ada")
    assert with_canary(deployment, 2, 0.5, at=1.0, by="ada").shadow == 0
    assert promoted(deployment, 2, at=1.0, by="ada").shadow == 0
    with pytest.raises(InvalidSetting, match="already answers callers"):
        with_shadow(deployment, 1, at=1.0, by="ada")


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(NotFound, match="no version 9"):
        promoted(three_versions(), 9, at=1.0, by="ada")
    with pytest.raises(InvalidSetting, match=r"share is 1\.5"):
        with_canary(three_versions(), 2, 1.5, at=1.0, by="ada")
    with pytest.raises(InvalidSetting, match="no live version"):
        with_canary(grown(Deployment(name="desk"), at=1.0, by="ada"), 1, 0.5, at=1.0, by="ada")


@pytest.mark.parametrize("name", ["", "Desk", "a b", "a/b", "desk@2", "-desk", "x" * 64])
def test_names_are_plain(name: str) -> None:
    with pytest.raises(InvalidSetting):
        check_name(name)
