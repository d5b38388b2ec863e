"""How readings and wording are weighed; training/judge/calibrate.py writes it."""

from collections.abc import Mapping

STATED: Mapping[str, float] = {
    "stated": 0.377,
    "held": 6.030,
    "pairs": 0.192,
    "missing": -0.962,
    "borne": 0.229,
    "doubt": -0.128,
    "bias": -9.927,
}
IN_PLACE: Mapping[str, float] = {"displaced": -3.557, "bias": 1.075}
UNCHANGED: Mapping[str, float] = {"turned": -1.338, "bias": 1.184}
SCALE, BIAS = 0.622, 3.355
SUPPORTED_FROM = 0.47
