"""A small model at temperature 0 that has begun to say the same thing over and over."""

SHORTEST, LONGEST = 16, 300
"""Characters of a stretch that counts as repeated: shorter ones are table rules, longer ones rare."""


def without_loop(text: str, *, max_repeats: int) -> str:
    """Return `text` up to the end of the stretch it keeps repeating, or unchanged where it does not.

    A loop is a stretch that is followed by itself `max_repeats` times and then begins nothing new:
    the last of them ends the text.
    """
    for length in range(SHORTEST, min(LONGEST, len(text) // (max_repeats + 1)) + 1):
        stretch = text[-length:]
        if text.endswith(stretch * (max_repeats + 1)):
            return text[: len(text) - length * max_repeats]
    return text
