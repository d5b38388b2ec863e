"""How readings and wording are weighed; training/judge/calibrate.py writes it."""

from collections.abc import Mapping

STATED: Mapping[str, float] = {
    "stated": 0.342,
    "held": 4.220,
    "pairs": 0.786,
    "missing": -1.236,
    "borne": 0.157,
    "doubt": -0.202,
    "bias": -9.759,
}
IN_PLACE: Mapping[str, float] = {"displaced": -3.204, "bias": 0.664}
UNCHANGED: Mapping[str, float] = {"turned": -1.449, "bias": 1.840}
SCALE, BIAS = 0.655, 4.165
SUPPORTED_FROM = 0.44
