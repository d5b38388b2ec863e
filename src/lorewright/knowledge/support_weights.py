"""How readings and wording are weighed; training/judge/calibrate.py writes it."""

from collections.abc import Mapping

STATED: Mapping[str, float] = {
    "stated": 0.369,
    "held": 6.294,
    "pairs": 0.268,
    "missing": -0.999,
    "borne": 0.141,
    "doubt": -0.256,
    "bias": -9.311,
}
IN_PLACE: Mapping[str, float] = {"displaced": -3.637, "bias": 1.112}
UNCHANGED: Mapping[str, float] = {"turned": -2.140, "bias": 2.873}
SCALE, BIAS = 0.634, 2.796
SUPPORTED_FROM = 0.46
