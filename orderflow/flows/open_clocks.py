"""The clocks that are still running, or have run out with nobody having done what they wait for (step 4)."""

from __future__ import annotations

from collections.abc import Iterator

from orderflow.flows.desk import Desk
from orderflow.flows.progress_notices import told_as
from orderflow.ledger import stories
from orderflow.ledger.book import Book
from orderflow.rules.clocks import Clock, clocks_of
from orderflow.rules.limits import limits


def open_clocks(desk: Desk, book: Book) -> Iterator[tuple[str, list[Clock]]]:
    """Every order that is not closed and has clocks nobody has stopped, with these; by number."""
    allowed = limits(desk.settings, desk.zone)
    for number, story in stories.told(book, stories.OPEN, told_as):
        found = [clock for clock in clocks_of(story, allowed, desk.now) if clock.stopped is None]
        if found:
            yield number, found
