"""What is said to people who never saw a terminal."""

import pytest

from lorewright.studio.studio_words import studio_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Train it with: lorewright tune", "Train it with: Tuning"),
        (
            "Run: lorewright models pull hf:a/b, then: lorewright add --sync",
            "Run: Models, then: Documents → Sync",
        ),
        ("Rebuild the index: lorewright add --rebuild", "Rebuild the index: Documents → Rebuild index"),
        ("You have 90: lorewright compare --limit 90.", "You have 90: Compare."),
        ("Run lorewright compare: it measures every arm.", "Run Compare: it measures every arm."),
        ("It costs less (costs.person_hour_usd) then.", "It costs less then."),
        (
            "The search missed it: raise retrieval.n_kept.",
            "The search missed it: raise “Chunks kept” in Settings.",
        ),
        ("lorewright.toml states 3 changed facts.", "Settings state 3 changed facts."),
        ("See leave.md and models.py.", "See leave.md and models.py."),
        ("Restore it with: lorewright restore FILE", "Restore it with: lorewright restore FILE"),
        ("The lorewright package is too old.", "The lorewright package is too old."),
    ],
)
def test_commands_become_places(text: str, shown: str) -> None:
    """A hint leads to a page, not to a prompt; what has no page stays as it is."""
    assert studio_words(text) == shown
