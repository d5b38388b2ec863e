"""How answerability is weighed; training/judge/calibrate.py writes it."""

from collections.abc import Mapping

ANSWERABLE: Mapping[str, float] = {
    "best": 0.489,
    "cosine": 3.327,
    "doubt": -0.477,
    "borne": 0.140,
    "quote": 2.0,
    "bias": -2.087,
}
ANSWERABLE_FROM = 0.14
