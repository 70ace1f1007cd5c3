"""Where the marks of a chart stand: geometry only, in the units of an SVG; the page's template draws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from orderflow.records.report import Chart, Form
from orderflow.report.values import shown

WIDTH = 640
_ROW, _LABELS, _VALUES = 26, 170, 84
_HEIGHT, _LEFT, _BOTTOM, _TOP = 220, 84, 28, 14
_LONGEST = 24  # columns of a label, of which a Chinese character takes two; all of it stands in the table behind


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its label and its value in words."""

    y: float
    length: float
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a line."""

    x: float
    y: float
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A label under a chart."""

    x: float
    said: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across a chart, with its value."""

    y: float
    said: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All marks of one chart; `paths` are the pieces of its line, which is broken where a value is missing."""

    height: float
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()
    ticks: tuple[Tick, ...] = ()
    marks: tuple[Mark, ...] = ()
    paths: tuple[str, ...] = ()


def drawn(chart: Chart, lang: str) -> Drawing:
    """The marks of a chart."""
    return _line(chart, lang) if chart.form is Form.LINE else _bars(chart, lang)


def _bars(chart: Chart, lang: str) -> Drawing:
    """A bar a point; in a Pareto chart each also says what share of all it and those above it make up."""
    points = [(label, value or 0.0) for label, value in chart.points]
    most = max((value for _, value in points), default=0.0) or 1.0
    total, so_far, bars = sum(value for _, value in points), 0.0, []
    for at, (label, value) in enumerate(points):
        so_far += value
        said = shown(value, chart.shape, lang)
        if chart.form is Form.PARETO and total:
            said = f"{said} · {so_far / total:.0%}"
        bars.append(Bar(at * _ROW + 4, (WIDTH - _LABELS - _VALUES) * value / most, _short(label), said))
    return Drawing(len(points) * _ROW + 8, bars=tuple(bars))


def _line(chart: Chart, lang: str) -> Drawing:
    points = chart.points
    known = [value for _, value in points if value is not None]
    low, high, step = _scale(min(known, default=0.0), max(known, default=1.0))
    across = (WIDTH - _LEFT - 24) / max(len(points) - 1, 1)

    def height(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)

    every = ceil(len(points) / 8)
    dots = [
        Dot(_LEFT + at * across, height(value), label, shown(value, chart.shape, lang))
        for at, (label, value) in enumerate(points)
        if value is not None
    ]
    marks = [Mark(_LEFT + at * across, label) for at, (label, _) in enumerate(points) if at % every == 0]
    ticks = [
        Tick(height(low + nth * step), shown(low + nth * step, chart.shape, lang))
        for nth in range(round((high - low) / step) + 1)
    ]
    return Drawing(
        _HEIGHT, dots=tuple(dots), ticks=tuple(ticks), marks=tuple(marks), paths=tuple(_pieces(points, across, height))
    )


def _pieces(points: Sequence[tuple[str, float | None]], across: float, height: Callable[[float], float]) -> list[str]:
    pieces: list[list[str]] = [[]]
    for at, (_, value) in enumerate(points):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{_LEFT + at * across:.1f},{height(value):.1f}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """Round bounds around the values, and the step between lines; from zero where that is not far."""
    if low > 0 and low < high * 0.6:
        low = 0.0
    span = (high - low) or abs(high) or 1.0
    rough = span / 4
    size = 10 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    first, last = floor(low / step) * step, ceil(high / step) * step
    return first, last if last > first else first + step, step


def _short(label: str) -> str:
    from rich.cells import cell_len, set_cell_size

    return label if cell_len(label) <= _LONGEST else set_cell_size(label, _LONGEST - 1).rstrip() + "…"
