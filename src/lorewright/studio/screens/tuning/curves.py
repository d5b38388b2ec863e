"""Losses over steps, drawn: runs laid over each other, in the page's own colours; and the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.export import chart_buttons
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import Text, muted
from lorewright.tuning.curve import Curve

WIDTH, HEIGHT = 760, 280
LEFT, RIGHT, TOP, BOTTOM = 48, 14, 12, 34
MOST_POINTS = 300
N_IN_TABLE = 25
N_COLOURS = 6
_SMOOTH = 0.85


@dataclass(frozen=True, slots=True)
class Line:
    """The curve of one run under its name."""

    name: str
    curve: Curve


def draw_curves(lines: Sequence[Line], label: str, *, is_saved: bool = True) -> None:
    """Draw the training loss (smoothed) and the validation loss of runs over their steps.

    Where it `is_saved` buttons download the drawing.
    """
    lines = [line for line in lines if line.curve.losses or line.curve.looks]
    if not lines:
        muted(t("Waiting for the first steps …"))
        return
    scale = _Scale([line.curve for line in lines])
    place = ui.element("div").classes("lw-full lw-scroll")
    with place:
        plot = ui.element("svg").classes("tun-plot").props(f'viewBox="0 0 {WIDTH} {HEIGHT}" role=img')
    plot.props["aria-label"] = f"{label}. " + " ".join(_description(line) for line in lines)
    with plot:
        _axes(scale)
        for number, line in enumerate(lines):
            _line(line.curve, scale, number % N_COLOURS, is_alone=len(lines) == 1)
    _legend(lines)
    if is_saved:
        chart_buttons("loss-by-step", place)


def curve_table(lines: Sequence[Line]) -> None:
    """Show the curves as a table, for those who read rather than see: some steps of each."""
    rows: list[tuple[str, int, str, str]] = []
    for line in lines:
        looks = {look.step: look.loss for look in line.curve.looks}
        n = len(line.curve.losses)
        every = max(1, n // N_IN_TABLE)
        steps = sorted({step for step in range(1, n + 1) if step % every == 0 or step in (1, n)} | set(looks))
        for step in steps:
            loss = f"{line.curve.losses[step - 1]:.3f}" if 0 < step <= n else ""
            held_out = looks.get(step)
            rows.append((line.name, step, loss, "" if held_out is None else f"{held_out:.3f}"))
    table(t("Losses"), (t("Run"), t("Step"), t("Training loss"), t("Validation loss")), rows)


class _Scale:
    """From steps and losses to places."""

    def __init__(self, curves: Sequence[Curve]) -> None:
        self.n_steps = max(1, *(max(curve.n_steps, len(curve.losses)) for curve in curves))
        losses = [loss for curve in curves for loss in smoothed(curve.losses)]
        losses += [look.loss for curve in curves for look in curve.looks if look.loss is not None]
        self.high = max(losses, default=1.0) * 1.06 or 1.0

    def x(self, step: float) -> float:
        """Return the place of a step across."""
        return LEFT + step / self.n_steps * (WIDTH - LEFT - RIGHT)

    def y(self, loss: float) -> float:
        """Return the place of a loss upwards."""
        return HEIGHT - BOTTOM - min(loss, self.high) / self.high * (HEIGHT - TOP - BOTTOM)


def smoothed(losses: Sequence[float]) -> list[float]:
    """Return losses with each drawn towards those before it; the first ones are not held back by zero."""
    averages, mean, weight = list[float](), 0.0, 0.0
    for loss in losses:
        mean, weight = _SMOOTH * mean + (1 - _SMOOTH) * loss, _SMOOTH * weight + 1 - _SMOOTH
        averages.append(mean / weight)
    return averages


def _description(line: Line) -> str:
    looks = [look for look in line.curve.looks if look.loss is not None]
    steps = t("{name}: {n} of {of} steps", name=line.name, n=len(line.curve.losses), of=line.curve.n_steps)
    if line.curve.losses:
        steps += ", " + t("training loss {loss}", loss=f"{smoothed(line.curve.losses)[-1]:.2f}")
    if looks:
        first, last = f"{looks[0].loss:.2f}", f"{looks[-1].loss:.2f}"
        steps += ", " + t("validation loss from {first} to {last}", first=first, last=last)
    return f"{steps}."


def _axes(scale: _Scale) -> None:
    for loss in _ticks(scale.high):
        y = scale.y(loss)
        ui.element("line").classes("tun-axis").props(f"x1={LEFT} x2={WIDTH - RIGHT} y1={y:.1f} y2={y:.1f}")
        Text("text", f"{loss:g}").props(f"x={LEFT - 8} y={y + 4:.1f} text-anchor=end")
    for step in [step for step in _ticks(scale.n_steps) if step == int(step)]:
        Text("text", f"{step:g}").props(f"x={scale.x(step):.1f} y={HEIGHT - 12} text-anchor=middle")


def _ticks(high: float) -> list[float]:
    power = 1.0
    while power > high:
        power /= 10
    while power * 10 <= high:
        power *= 10
    step = next(step for step in (0.2, 0.5, 1.0, 2.0, 5.0) if high / (step * power) <= 6) * power
    return [round(n * step, 6) for n in range(int(high / step) + 1)]


def _line(curve: Curve, scale: _Scale, colour: int, *, is_alone: bool) -> None:
    if is_alone:
        _draw(list(enumerate(curve.losses, 1)), scale, f"tun-raw tun-c{colour}")
    _draw(list(enumerate(smoothed(curve.losses), 1)), scale, f"tun-line tun-c{colour}")
    looks = [(look.step, look.loss) for look in curve.looks if look.loss is not None]
    second = colour + 1 if is_alone else colour
    _draw(looks, scale, f"tun-looks tun-c{second}")
    for step, loss in looks:
        mark = ui.element("circle").classes(f"tun-look tun-c{second}")
        with mark.props(f"cx={scale.x(step):.1f} cy={scale.y(loss):.1f} r=4"):
            Text("title", t("Step {n}: validation loss {loss}", n=step, loss=f"{loss:.3f}"))


def _draw(points: Sequence[tuple[int, float]], scale: _Scale, classes: str) -> None:
    every = max(1, len(points) // MOST_POINTS)
    kept = [*points[::every], *points[-1:]]
    places = " ".join(f"{scale.x(step):.1f},{scale.y(loss):.1f}" for step, loss in kept)
    if len(kept) > 1:
        ui.element("polyline").classes(classes).props(f'points="{places}"')


def _legend(lines: Sequence[Line]) -> None:
    n_held_out = max(line.curve.n_held_out for line in lines)
    label = t("validation loss, {n} rows", n=n_held_out) if n_held_out else t("validation loss")
    with ui.element("ul").classes("tun-legend"):
        if len(lines) == 1:
            _entry("tun-line tun-c0", t("training loss"))
            if lines[0].curve.looks:
                _entry("tun-looks tun-c1", label)
            return
        for place, line in enumerate(lines):
            _entry(f"tun-line tun-c{place % N_COLOURS}", line.name)
        _entry("tun-looks tun-c5", label)


def _entry(classes: str, name: str) -> None:
    with ui.element("li"):
        with ui.element("svg").props('width="26" height="8" viewBox="0 0 26 8" aria-hidden="true"'):
            ui.element("line").classes(classes).props("x1=0 y1=4 x2=26 y2=4")
        Text("span", name)
