"""The month's figures agree, to the last digit, with a slow recomputation on random ledgers (step 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from desks import Office
from hypothesis import HealthCheck, given, settings
from months import Invented, all_of, fill, half_up, many, mean, median, ninetieth

from orderflow.flows.month import Worked, worked_out
from orderflow.ledger.ledger import Ledger
from orderflow.records.month import Metric, Month
from orderflow.records.plan import Stage
from orderflow.rules.limits import hours_of
from orderflow.rules.tracking import Delay, delays

JUNE = "202406"
PER = {Metric.RESPONSE: (3_600, "0.01"), Metric.RESPONSE_WORKING: (3_600, "0.01"), Metric.CYCLE: (1, "0.01"),
       Metric.ANOMALIES: (1, "0.001"), Metric.SATISFACTION: (1, "0.01")}  # fmt: skip
random_ledgers = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=["Asia/Shanghai", "Europe/Berlin"])
def office(request: pytest.FixtureRequest, tmp_path: Path, ledger_url: str) -> Office:
    """A desk in a zone that changes its clocks, or does not, on either database."""
    return Office(tmp_path, ledger_url, f'timezone = "{request.param}"\n').at("2024-07-03T09:00")


def reported(office: Office, ledger: Ledger, those: list[Invented]) -> Worked:
    """June of a ledger that holds these orders only; nothing of it stays."""
    with office.desk.begin(ledger, "intake") as run:
        run.discard()
        fill(run, those, office.desk.zone)
        return worked_out(office.desk, run, JUNE)


def contribution(metric: Metric, one: Invented, office: Office) -> Any:
    """What one order contributes to a figure, from its definition."""
    match metric:
        case Metric.RESPONSE:
            took = one.response()
            return None if took is None else round(took.total_seconds())
        case Metric.RESPONSE_WORKING:
            took = one.response()
            hours = hours_of(office.desk.settings, office.desk.zone)
            return None if took is None else round(hours.between(one.received, one.received + took).total_seconds())
        case Metric.CYCLE:
            return one.cycle(office.desk.zone)
        case Metric.ANOMALIES:
            return int(one.reasons > 0) if one.measured else None
    return one.score()


def same(month: Month, those: list[Invented], office: Office) -> None:
    """Every figure is what a slow recomputation makes it."""
    for metric, (per, places) in PER.items():
        figure = month.figure(metric)
        values = all_of(those, JUNE, lambda one, metric=metric: contribution(metric, one, office))  # type: ignore[misc]
        counted = sum(one.counts for one in those if one.month == JUNE)
        assert (figure.value, figure.n, figure.of) == (mean(values, per, places), len(values), counted), metric
        assert sum(figure.left_out.values()) == counted - len(values), metric
        if metric not in (Metric.ANOMALIES, Metric.SATISFACTION):
            assert (figure.median, figure.p90) == (median(values, per, places), ninetieth(values, per, places)), metric
        for name, told in (*figure.trend, ("202405", figure.previous), ("202306", figure.year_ago)):
            past = all_of(those, name, lambda one, metric=metric: contribution(metric, one, office))  # type: ignore[misc]
            assert told == mean(past, per, places), (metric, name)
        assert [name for name, _ in figure.trend] == [f"2023{at:02}" for at in range(7, 13)] + [
            f"2024{at:02}" for at in range(1, 7)
        ]
    orders = month.figure(Metric.ORDERS)
    june = [one for one in those if one.month == JUNE]
    assert (orders.n, orders.of) == (sum(one.counts for one in june), len(june))


def delays_of(one: Invented, office: Office) -> list[Delay]:
    """The stages of an order that are late, as `progress` sees it."""
    zone = office.desk.zone
    began = one.received.astimezone(zone).date()
    day = {None: None} | {n: began + timedelta(days=n) for n in range(500)}
    stages = [
        Stage(s.stage, due=day[s.due], actual=day[s.actual], expected=day[s.expected], note=s.note) for s in one.stages
    ]
    return list(delays(stages, office.desk.now.date(), 1)) if one.measured else []


@random_ledgers
@given(many)
def test_every_figure_and_group_agrees_with_a_slow_recomputation(office: Office, those: list[Invented]) -> None:
    with office.desk.ledger() as ledger:
        worked = reported(office, ledger, those)
    same(worked.month, those, office)
    late = [delay for one in those if one.month == JUNE for delay in delays_of(one, office)]
    told = {one.name: one for one in worked.month.stages}
    assert {name: one.late for name, one in told.items() if one.late} == Counter(delay.stage.stage for delay in late)
    for name, one in told.items():
        days = [delay.days for delay in late if delay.stage.stage == name]
        assert one.median == median(days, 1, "0.01")
        assert dict(one.reasons) == Counter(d.stage.note for d in late if d.stage.stage == name and d.stage.note)
    groups_add_up(worked, those, office)
    dimensions_agree(worked.month, those)


NAMED: dict[str, Callable[[Invented, Office], str | None]] = {
    "product": lambda one, office: one.product,
    "level": lambda one, office: one.level,
    "channel": lambda one, office: "direct",
    "weekday": lambda one, office: str(one.received.astimezone(office.desk.zone).isoweekday()),
}


def groups_add_up(worked: Worked, those: list[Invented], office: Office) -> None:
    """Each kind of group has every order once, and says of it what the orders say."""
    numbered = [(f"{one.month}-{nth:03d}", one) for nth, one in enumerate(those, 1)]
    june = {number: one for number, one in numbered if one.month == JUNE and one.measured}
    broken = dict(zip(worked.orders["number"], worked.orders["broken"], strict=True))
    for kind, named in NAMED.items():
        groups = {group.name: group for group in worked.month.groups if group.of == kind}
        assert groups.keys() == {named(one, office) for one in june.values()}
        for name, group in groups.items():
            own = {number: one for number, one in june.items() if named(one, office) == name}
            assert (group.orders, group.flagged) == (len(own), sum(one.reasons > 0 for one in own.values()))
            assert group.complaints == sum(one.complained for one in own.values())
            assert group.late == sum(bool(delays_of(one, office)) for one in own.values())
            assert group.broken == sum(broken[number] for number in own)
            assert group.score == mean([s for one in own.values() if (s := one.score()) is not None], 1, "0.01")
            took = [round(t.total_seconds()) for one in own.values() if (t := one.response()) is not None]
            assert group.response == mean(took, 3_600, "0.01")


def dimensions_agree(month: Month, those: list[Invented]) -> None:
    """What customers scored the quality: mean, answers, low ones."""
    scores = [s for one in those if one.month == JUNE and (s := one.quality()) is not None]
    (told,) = [one for one in month.dimensions if one.name == "quality"]
    assert (told.mean, told.n, told.low) == (mean(scores, 1, "0.01"), len(scores), sum(s <= 2 for s in scores))


def test_a_half_is_rounded_up_and_a_ninetieth_percentile_is_an_order_s_own() -> None:
    assert (half_up_of(1, 8), half_up_of(3, 8)) == (Decimal("0.13"), Decimal("0.38"))
    assert ninetieth(list(range(1, 11)), 1, "0.01") == Decimal("9.00")
    assert ninetieth([7], 1, "0.01") == Decimal("7.00")


def half_up_of(over: int, under: int) -> Decimal:
    from fractions import Fraction

    return half_up(Fraction(over, under), "0.01")


def test_both_databases_say_the_same(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url).at("2024-07-03T09:00")
    received = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)
    those = [
        Invented(JUNE, received, completed=5_400, delivered=400_000, reasons=1),
        Invented(JUNE, received, time_known=False, completed=60),
        Invented("202405", received, completed=1_800),
        Invented("202306", received, completed=7_200),
    ]
    with office.desk.ledger() as ledger:
        month = reported(office, ledger, those).month
    same(month, those, office)
    response = month.figure(Metric.RESPONSE)
    assert (response.value, response.previous, response.year_ago) == (Decimal("1.50"), Decimal("0.50"), Decimal("2.00"))
    assert response.left_out == {"no-time": 1}
    assert [value for _, value in response.trend] == [None] * 10 + [Decimal("0.50"), Decimal("1.50")]
    assert date(2024, 6, 3).isoweekday() == 1
    assert [group.name for group in month.groups if group.of == "weekday"] == ["1"]
