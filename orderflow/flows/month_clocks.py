"""The clocks of a month's orders: plain ones all together, of the others each by its story."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from orderflow.flows.desk import Desk
from orderflow.flows.month_frames import frame
from orderflow.flows.progress_notices import told_as
from orderflow.ledger import month, plain_clocks, stories
from orderflow.ledger.book import Book, in_chunks
from orderflow.ledger.month import Span
from orderflow.ledger.values import number_of, seconds, serial_of
from orderflow.rules.clocks import CLOCKS, clocks_of
from orderflow.rules.limits import limits
from orderflow.rules.plain_clocks import plain_clocks as of_plain
from orderflow.rules.tallies import Tally

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def clocks_of_month(desk: Desk, book: Book, span: Span) -> tuple[Tally, dict[int, str]]:
    """How often each clock ran out, and which ran out for which order (their names beside each other)."""
    tally = Tally()
    broken: dict[int, list[str]] = defaultdict(list)
    rows = frame(plain_clocks.plain(book, span))
    allowed = limits(desk.settings, desk.zone)
    found = list(of_plain(rows, allowed, seconds(desk.now)))
    sure = ~_any([one.unsure for one in found], rows)
    for one in found:
        ran_out = one.broken & sure
        tally.add_many(one.clock, int((one.measured & sure).sum()), rows.loc[ran_out, "late_reason"])
        for number in rows.loc[ran_out, "number"].tolist():
            broken[number].append(one.clock)
    measured = frame(month.measured_serials(book, span))["number"]
    others = measured[~measured.isin(rows.loc[sure, "number"])].tolist()
    for chunk in in_chunks(map(number_of, others)):
        for number, story in stories.of_orders(book, chunk, told_as).items():
            clocks = clocks_of(story, allowed, desk.now)
            tally.add(clocks)
            if names := [clock.clock for clock in clocks if clock.state == "broken"]:
                broken[serial_of(number)] = names
    place = list(CLOCKS).index
    return tally, {number: " ".join(sorted(set(names), key=place)) for number, names in broken.items()}


def _any(flags: list[Series], rows: DataFrame) -> Series:
    found = rows["number"].isna()
    for one in flags:
        found |= one
    return found
