"""Points with whiskers, drawn: the exact figures stand in each point's name for readers and pointers."""

import math
from collections.abc import Callable, Sequence

from nicegui import ui

from lorewright.advisor import Point
from lorewright.studio.i18n import t
from lorewright.studio.parts.figures import exact
from lorewright.studio.parts.text import Text

WIDTH, HEIGHT = 560, 330
LEFT, RIGHT, TOP, BOTTOM = 46, 16, 16, 36
_LABEL_HEIGHT, _LETTER = 15, 6.6


def draw(points: Sequence[Point], text: Callable[[float], str], label: str) -> None:
    """Draw points; across is logarithmic where values lie far apart, up is a share from 0 to 100%."""
    if not points:
        return
    scale = _Scale(points)
    labels = [_description(point, text) for point in points]
    with ui.element("svg").classes("cmp-plot").props(f'viewBox="0 0 {WIDTH} {HEIGHT}" role=img') as plot:
        plot.props["aria-label"] = f"{label}. " + " ".join(labels)
        _axes(scale, text)
        _front(points, scale)
        for point, point_label in zip(points, labels, strict=True):
            _point(point, scale, point_label)
        for x, y, anchor, name, is_far in _labels(points, scale):
            if is_far is not None:
                _line(*is_far, x, y - 4, "cmp-axis")
            Text("text", name, classes="cmp-name").props(f'x="{x:.1f}" y="{y:.1f}" text-anchor={anchor}')


def _description(point: Point, text: Callable[[float], str]) -> str:
    across = f"{text(point.across.mean)} ({text(point.across.low)} – {text(point.across.high)})"  # noqa: RUF001
    return t("{arm}: {share} correct at {across}.", arm=point.arm, share=exact(point.up), across=across)


_Label = tuple[float, float, str, str, tuple[float, float] | None]
"""Where a name goes, how it is anchored, the name, and the point far away that it belongs to."""


class _Scale:
    """From values to places."""

    def __init__(self, points: Sequence[Point]) -> None:
        lows = [point.across.low for point in points if point.across.low > 0]
        highs = [point.across.high for point in points if point.across.high > 0]
        low, high = min(lows, default=0.0), max(highs, default=1.0)
        self.is_log = low > 0 and high / low > 8
        if self.is_log:
            self.low, self.high = low / 1.3, high * 1.3
        else:
            self.low, self.high = 0.0, high * 1.12 or 1.0

    def x(self, value: float) -> float:
        """Return the place of a value across."""
        if self.is_log:
            value = max(value, self.low)
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, share: float) -> float:
        """Return the place of a share, 0 to 1, upwards."""
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def ticks(self) -> list[float]:
        """Return three to six round values across."""
        if self.is_log:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            every = (1, 2, 5) if last - first <= 3 else (1,)
            values = [step * 10.0**power for power in range(first, last + 1) for step in every]
        else:
            raw = self.high / 4
            power = 10.0 ** math.floor(math.log10(raw))
            step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * 0.8)
            values = [step * n for n in range(9)]
        return [value for value in values if self.low <= value <= self.high]


def _line(x1: float, y1: float, x2: float, y2: float, classes: str) -> None:
    ui.element("line").classes(classes).props(f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"')


def _axes(scale: _Scale, text: Callable[[float], str]) -> None:
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = scale.y(share)
        _line(LEFT, y, WIDTH - RIGHT, y, "cmp-axis")
        Text("text", f"{share:.0%}").props(f'x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor=end')
    for value in scale.ticks():
        x = scale.x(value)
        _line(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 5, "cmp-axis")
        Text("text", text(value) if value else "0").props(f'x="{x:.1f}" y="{HEIGHT - 14}" text-anchor=middle')


def _front(points: Sequence[Point], scale: _Scale) -> None:
    front = sorted((one for one in points if one.is_undominated), key=lambda one: one.across.mean)
    if len(front) > 1:
        places = " ".join(f"{scale.x(one.across.mean):.1f},{scale.y(one.up.mean):.1f}" for one in front)
        ui.element("polyline").classes("cmp-front").props(f'points="{places}"')


def _point(point: Point, scale: _Scale, label: str) -> None:
    x, y = scale.x(point.across.mean), scale.y(point.up.mean)
    with ui.element("g"):
        _line(x, scale.y(point.up.low), x, scale.y(point.up.high), "cmp-bars")
        _line(scale.x(point.across.low), y, scale.x(point.across.high), y, "cmp-bars")
        kind = "-chosen" if point.is_chosen else "-good" if point.is_undominated else ""
        dot = ui.element("circle").classes(f"cmp-point cmp-point{kind}")
        with dot.props(f'cx="{x:.1f}" cy="{y:.1f}" r={7 if point.is_chosen else 5}'):
            Text("title", label)


def _labels(points: Sequence[Point], scale: _Scale) -> list[_Label]:
    """Return where each name goes: beside its point, moved where it would cover another name."""
    placed: list[_Label] = []
    dots = [(scale.x(one.across.mean), scale.y(one.up.mean)) for one in points]
    boxes = [(x - 7, y + 5, 14.0) for x, y in dots]
    for point in sorted(points, key=lambda one: (not one.is_chosen, -one.up.mean)):
        x, y = scale.x(point.across.mean), scale.y(point.up.mean)
        width = len(point.arm) * _LETTER
        is_left = x + 12 + width > WIDTH - RIGHT
        start = x - 10 - width if is_left else x + 10
        spots = [y - 6 + sign * step * _LABEL_HEIGHT for step in range(12) for sign in (-1, 1)]
        spots = [spot for spot in spots if TOP - 4 <= spot <= HEIGHT - BOTTOM - 3] or [y]
        free = next((spot for spot in spots if _is_free(start, spot, width, boxes)), spots[0])
        boxes.append((start, free, width))
        leader = (x, y) if abs(free - y) > 2 * _LABEL_HEIGHT else None
        placed.append((x - 10 if is_left else x + 10, free, "end" if is_left else "start", point.arm, leader))
    return placed


def _is_free(start: float, y: float, width: float, boxes: Sequence[tuple[float, float, float]]) -> bool:
    return all(
        abs(y - other_y) >= _LABEL_HEIGHT or start + width < other or other + other_width < start
        for other, other_y, other_width in boxes
    )
