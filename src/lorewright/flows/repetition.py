"""A small model at temperature 0 that has begun to say the same thing over and over."""

SHORTEST, LONGEST = 16, 300
"""Characters of a stretch that counts as repeated: shorter ones are table rules, longer ones rare."""


def without_loop(text: str, *, max_repeats: int) -> str:
    """Return `text` up to the end of the stretch it keeps repeating, or unchanged where it does not.

    A loop is a stretch that is followed by itself `max_repeats` times and then begins nothing new:
    the last of them ends the text.
    """
    longest = min(LONGEST, len(text) // (max_repeats + 1))
    # A text that repeats a stretch ends as it did one stretch ago: only such places are looked at,
    # for this is asked after every token.
    end = text[-SHORTEST:]
    first, place = len(text) - longest - SHORTEST, len(text)
    while longest >= SHORTEST:
        place = text.rfind(end, first, min(len(text) - SHORTEST, place + SHORTEST - 1))
        if place < 0:
            break
        length = len(text) - SHORTEST - place
        if text.endswith(text[-length:] * (max_repeats + 1)):
            return text[: len(text) - length * max_repeats]
    return text
