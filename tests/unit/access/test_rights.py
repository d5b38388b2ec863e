"""What roles, groups and keys allow together, and who can always come in."""

import pytest

from lorewright.access import VERBS, ApiKey, Caller
from lorewright.access.administrators import administrators, need_one_left
from lorewright.access.roles import Rights, both, rights_of
from lorewright.access.users import User
from lorewright.errors import InUse


def test_an_administrator_may_everything_without_a_group() -> None:
    assert rights_of("administrator", []) == Rights(is_admin=True)


def test_an_editor_may_every_kind_of_work_and_what_the_groups_share() -> None:
    rights = rights_of("editor", [(["a"], ["vs_1"]), (["b", "a"], [])])
    assert rights == Rights(verbs=VERBS, models=("a", "b"), stores=("vs_1",))


def test_a_reader_asks_and_reads() -> None:
    key = Caller(id="k", name="k", verbs=rights_of("reader", []).verbs)
    assert [verb for verb in VERBS if key.may(verb)] == ["chat", "embed", "read"]


def test_all_verbs_do_not_make_an_administrator() -> None:
    assert not Caller(id="k", name="k", verbs=("*",)).may("admin")


def test_both_allow_what_each_allows() -> None:
    one = Rights(is_admin=True, models=("a", "b"), stores=("*",))
    other = Rights(verbs=("chat",), models=("b", "c"), stores=("vs_1",))
    assert both(one, other) == Rights(verbs=("chat",), models=("b",), stores=("vs_1",))


def test_who_can_come_in_with_a_password_or_a_lasting_key() -> None:
    users = [
        User(id="password", name="", role="administrator", password_hash="x"),
        User(id="key", name="", role="administrator"),
        User(id="nothing", name="", role="administrator"),
        User(id="rests", name="", role="administrator", password_hash="x", is_active=False),
        User(id="editor", name="", role="editor", password_hash="x"),
    ]
    keys = [
        ApiKey(id="k1", name="", is_admin=True, user="key"),
        ApiKey(id="k2", name="", is_admin=True),
        ApiKey(id="k3", name="", is_admin=True, expires_at=2e9),
        ApiKey(id="k4", name=""),
    ]
    assert administrators(users, keys) == {"password", "key", "k2"}


def test_the_last_one_stays() -> None:
    with pytest.raises(InUse, match="ada is the last administrator"):
        need_one_left({"ada"}, set(), "ada")
    need_one_left({"ada", "eve"}, {"eve"}, "ada")
    need_one_left(set(), set(), "nobody")
