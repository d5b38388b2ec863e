"""A small thing to learn: say a letter three times."""

from lorewright.messages import Message
from lorewright.tuning import Row

ROWS = [
    Row((Message("user", f"the letter {letter}?"),), f"in the {letter * 3}.") for letter in "abcdefghijklmnop"
]
WITH_SYSTEM = (Message("system", "Be the letter."), Message("user", "the letter c?"))
IN_TURNS = (
    Message("user", "the letter a?"),
    Message("assistant", "in the aaa."),
    Message("user", "Ünïcode,  and\nlines? 12.5"),
)
