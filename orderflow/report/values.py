"""Values of a report as people read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from orderflow import text
from orderflow.records.report import Shape, Value

NOTHING = "—"
_SPARKS = "▁▂▃▄▅▆▇█"


def shown(value: Value, shape: Shape, lang: str) -> str:
    """One value with its unit: `3.2 小时`, `12.5%`, `1,234`; a dash where there is none."""
    if value is None:
        return NOTHING
    if isinstance(value, str | date):
        return str(value)
    return text.say(lang, f"messages.shapes.{shape.value}", value=_plain(value, shape))


def bare(value: Value, shape: Shape, lang: str) -> str:
    """The same without a unit, where one that has it stands beside it; a percent sign stays."""
    is_time = shape in (Shape.HOURS, Shape.DAYS) and isinstance(value, int | float | Decimal)
    return _plain(value, shape) if is_time else shown(value, shape, lang)  # type: ignore[arg-type]


def _plain(value: int | float | Decimal, shape: Shape) -> str:
    match shape:
        case Shape.SHARE:
            return f"{value * 100:.1f}"
        case Shape.COUNT:
            return f"{value:,.0f}"
        case _:
            return f"{value:,.2f}"


def change(now: Value, before: Value, shape: Shape, lang: str, written: Callable[..., str] = shown) -> str:
    """How a figure moved: `+0.50 小时`, `−2.0 个百分点`; a dash where one of the two is not known."""
    if not (isinstance(now, int | float | Decimal) and isinstance(before, int | float | Decimal)):
        return NOTHING
    moved = float(now) - float(before)
    sign = "+" if moved > 0 else "−" if moved < 0 else "±"
    if shape is Shape.SHARE:  # a share that goes from 4 % to 6 % has not grown by 2 %
        points = "points" if written is shown else "points_short"
        return sign + text.say(lang, f"messages.shapes.{points}", value=_plain(abs(moved), shape))
    return sign + written(abs(moved), shape, lang)


def sparkline(values: list[float | None]) -> str:
    """The months as a row of bars; a month without a value is a dot."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), max(known) - min(known)
    steps = len(_SPARKS) - 1
    return "".join(
        "·" if value is None else _SPARKS[round((value - low) / span * steps) if span else steps // 2]
        for value in values
    )
