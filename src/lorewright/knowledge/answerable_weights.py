"""How answerability is weighed; training/judge/calibrate.py writes it."""

from collections.abc import Mapping

ANSWERABLE: Mapping[str, float] = {
    "best": 0.322,
    "cosine": 2.781,
    "doubt": -0.205,
    "borne": 0.327,
    "bias": -1.783,
}
ANSWERABLE_FROM = 0.22
