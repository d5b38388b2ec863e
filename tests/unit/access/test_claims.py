"""What an OpenID provider says of somebody."""

import pytest

from lorewright.access.claims import Person, person_in
from lorewright.errors import Unauthenticated
from lorewright.settings import Oidc

CLAIMS = {"iss": "https://id.example", "sub": "1", "email": "ann@example.org", "email_verified": True}


def person(*, groups: object = None, email: object = True, **settings: object) -> Person:
    more = {} if groups is None else {"groups": groups}
    claims = CLAIMS | {"email_verified": email, "preferred_username": "ann"} | more
    return person_in(claims, Oidc(issuer="https://id.example", client_id="a", **settings))  # type: ignore[arg-type]


def test_a_role_is_left_alone_where_no_groups_give_one() -> None:
    assert person(groups=["admins"]).role is None


@pytest.mark.parametrize(
    ("groups", "role"), [(["admins", "staff"], "administrator"), ("staff", "editor"), ([], "reader")]
)
def test_the_highest_role_of_all_groups_counts(groups: object, role: str) -> None:
    assert person(groups=groups, administrators=("admins",), editors=("staff",)).role == role


@pytest.mark.parametrize("groups", [None, 7, {"a": 1}, [1, {}]])
def test_groups_of_another_shape_are_none(groups: object) -> None:
    assert person(groups=groups).groups == ()


@pytest.mark.parametrize("email", [False, None, "true", 1])
def test_an_address_is_proven_by_nothing_but_true(email: object) -> None:
    assert not person(email=email).is_proven


def test_a_name_that_people_choose_proves_nothing() -> None:
    chosen = person(name_claim="preferred_username")
    assert (chosen.name, chosen.is_proven) == ("ann", False)


@pytest.mark.parametrize("domain", ["xample.org", "example.or", "org", "ann@example.org"])
def test_a_domain_is_the_whole_of_what_follows_the_at(domain: str) -> None:
    with pytest.raises(Unauthenticated, match="email domain is not allowed"):
        person(allowed_domains=(domain,))
