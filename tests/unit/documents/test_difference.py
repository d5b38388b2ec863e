"""What changed between two texts."""

from lorewright.documents import DiffLine, differences


def test_what_stayed_the_same_is_no_difference() -> None:
    assert differences("a\nb\n", "a\nb\n") == []


def test_what_went_and_what_came_stand_among_their_neighbours() -> None:
    old, new = "\n".join("abcdefg"), "\n".join("abcXefg")
    assert differences(old, new) == [
        DiffLine("gap", ""), DiffLine("same", "b"), DiffLine("same", "c"),
        DiffLine("old", "d"), DiffLine("new", "X"),
        DiffLine("same", "e"), DiffLine("same", "f"),
    ]  # fmt: skip


def test_far_away_changes_are_told_apart() -> None:
    old = [str(number) for number in range(50)]
    new = ["first", *old[1:49], "last"]
    found = differences("\n".join(old), "\n".join(new))
    assert [line.text for line in found if line.kind == "new"] == ["first", "last"]
    assert [line.kind for line in found].count("gap") == 1
