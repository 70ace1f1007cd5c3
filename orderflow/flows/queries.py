"""Questions to the desk: one whole order, orders found, the history."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from orderflow.flows import across
from orderflow.flows.desk import Desk
from orderflow.flows.months import month_of
from orderflow.flows.progress_notices import told_as
from orderflow.ledger import (
    anomalies,
    evidence,
    feedback,
    history,
    improvements,
    judgements,
    lookup,
    orders,
    plans,
    search,
    stories,
)
from orderflow.ledger.book import Book
from orderflow.ledger.evidence import Evidence
from orderflow.ledger.intake import source_by_id
from orderflow.ledger.runs import PastRun, past_run, past_runs
from orderflow.places import find_desk, is_desk
from orderflow.records.choices import SOURCE
from orderflow.records.errors import OrderflowError, WrongUsage
from orderflow.records.feedback import Answer, Case, Delivery
from orderflow.records.finding import Finding
from orderflow.records.judgement import Judgement
from orderflow.records.order import Anomaly, Change, Order
from orderflow.records.plan import OrderPlan
from orderflow.records.reasons import finding_of, one_purchase
from orderflow.rules.clocks import Clock, clocks_of
from orderflow.rules.complaints import remaining
from orderflow.rules.identity import is_desk_number
from orderflow.rules.limits import limits
from orderflow.rules.state import STATES

_LATEST = 200  # order numbers that the shell's completion is offered


@dataclass(slots=True)
class WholeOrder:
    """An order with everything that is recorded of it; `purchase` are all orders of its 来源单号, where several.

    `replaces` is the order whose goods it replaces, `replaced_by` are the orders that replace its own; `remaining` is
    what was agreed to be delivered again and is not yet.
    """

    order: Order
    anomalies: Sequence[Anomaly] = ()
    clocks: Sequence[Clock] = ()
    evidence: Sequence[Evidence] = ()
    purchase: Sequence[str] = ()
    judgement: Judgement | None = None
    plan: OrderPlan | None = None
    answers: Sequence[Answer] = ()
    case: Case | None = None
    delivery: Delivery | None = None
    replaces: str | None = None
    replaced_by: Sequence[str] = ()
    remaining: Decimal | None = None

    def findings(self) -> list[Finding]:
        """What is open about the order, and the lines of its purchase, as findings."""
        found = [finding_of(anomaly) for anomaly in self.anomalies if anomaly.closed_run is None]
        if self.purchase:
            found.append(one_purchase(self.order.row.external_number or "", self.purchase))
        return found


@dataclass(frozen=True, slots=True)
class Query:
    """What `find` was asked; what is `None` does not matter."""

    words: str | None = None
    state: str | None = None
    month: str | None = None
    customer: str | None = None
    source: str | None = None
    limit: int = 50


@dataclass(slots=True)
class Entry:
    """One entry of the history, with its run and the place of the file it came from."""

    run: int
    change: Change
    actor: str
    command: str
    file: str | None = None
    sheet: str | None = None
    sha256: str | None = None
    columns: dict[str, int] = field(default_factory=dict)
    saved_by: str | None = None


def whole_order(desk: Desk, number: str) -> WholeOrder:
    """One order. Raises OrderflowError `order-unknown`."""
    with desk.ledger() as ledger, ledger.read() as book, _book_with(desk, book, number) as (own, known):
        whole = whole_orders(desk, own, [known])[0]
        whole.purchase = _purchase(own, whole.order)
        return whole


@contextmanager
def _book_with(desk: Desk, book: Book, typed: str) -> Iterator[tuple[Book, str]]:
    """What tells of an order, and its number: the ledger, else the bag that it lies in."""
    number = _normal(typed)
    sealed = across.lines_of(desk, number) if is_desk_number(number) and not orders.load(book, [number]) else []
    if not sealed:
        yield book, known_number(book, typed)
        return
    with across.book_of(desk, sealed) as own:
        yield own, number


def _purchase(book: Book, order: Order) -> list[str]:
    """The numbers of all orders of one purchase; none where the order is one by itself."""
    external = order.row.external_number
    known = lookup.by_external_number(book, [external]).get(external, ()) if external else ()
    same = (order.channel, order.row.source)
    lines = orders.load(book, [one.number for one in known]) if len(known) > 1 else []
    numbers = [line.row.number or "" for line in lines if (line.channel, line.row.source) == same]
    return numbers if len(numbers) > 1 else []


def whole_orders(desk: Desk, book: Book, numbers: Sequence[str]) -> list[WholeOrder]:
    """These orders with all that is recorded of them, in the order asked for."""
    reasons = anomalies.of_orders(book, numbers)
    files = evidence.of_orders(book, numbers)
    judged = judgements.of_orders(book, numbers)
    planned = plans.of_orders(book, numbers)
    told = stories.of_orders(book, numbers, told_as)
    said, cases = feedback.answers_of(book, numbers), feedback.cases_of(book, numbers)
    ends = feedback.deliveries_of(book, numbers)
    original, others = feedback.original_of(book, numbers), feedback.replacements_of(book, numbers)
    allowed = limits(desk.settings, desk.zone)
    whole = []
    for order in orders.load(book, numbers):
        number = order.row.number or ""
        whole.append(
            WholeOrder(
                order,
                reasons.get(number, ()),
                clocks_of(told[number], allowed, desk.now),
                files.get(number, ()),
                judgement=judged.get(number),
                plan=planned.get(number),
                answers=said.get(number, ()),
                case=cases.get(number),
                delivery=ends.get(number),
                replaces=original.get(number),
                replaced_by=others.get(number, ()),
                remaining=_remaining(book, cases.get(number), others.get(number, ())),
            )
        )
    return whole


def _remaining(book: Book, case: Case | None, replaced_by: Sequence[str]) -> Decimal | None:
    """What of the agreed goods is not delivered yet; a replacement order counts once it is."""
    agreed = [amount for name, amount in case.remedies.items() if name != "refund"] if case is not None else []
    if not agreed:
        return None
    there = (order.row.quantity for order in orders.load(book, replaced_by) if order.ended is not None)
    return remaining(agreed, sum(filter(None, there), Decimal(0)))


def known_number(book: Book, typed: str) -> str:
    """The number of an order that there is. Raises OrderflowError `order-unknown`, with the nearest one."""
    number = _normal(typed)
    if is_desk_number(number) and orders.load(book, [number]):
        return number
    raise OrderflowError("order-unknown", number=typed, nearest=_nearest(book, number))


def _normal(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip()


def refuse_ended(order: Order) -> None:
    """Nothing happens any more to an order that was taken back, or that lies sealed in the archive.

    Raises OrderflowError `order-undone` or `order-archived` (number, bag).
    """
    if order.undone:
        raise OrderflowError("order-undone", number=order.row.number)
    if order.archived is not None:
        raise OrderflowError("order-archived", number=order.row.number, bag=order.archived)


def _nearest(book: Book, typed: str) -> str | None:
    from rapidfuzz import process

    known = [order.row.number or "" for order in search.find(book, search.Search(), limit=_LATEST)]
    best = process.extractOne(typed, known)
    return str(best[0]) if best else None


def numbers_beginning(typed: str) -> list[str]:
    """Order numbers that begin with what has been typed, the newest first; none where no desk can be read."""
    path = find_desk(None)
    if not is_desk(path):
        return []
    from orderflow.flows.desk import open_desk

    try:
        with open_desk(Path(path)).ledger() as ledger, ledger.read() as book:
            found = search.find(book, search.Search(), limit=_LATEST)
    except OrderflowError:  # the shell asks, not a person: the next command says what is wrong
        return []
    return [number for order in found if (number := order.row.number or "").startswith(typed)]


def find_orders(desk: Desk, query: Query) -> tuple[list[WholeOrder], bool]:
    """The orders that fit, the newest first, and whether there are more than asked for.

    Raises WrongUsage `state-unknown` or `month-unreadable`.
    """
    if query.state is not None and query.state not in STATES:
        raise WrongUsage("state-unknown", value=query.state, known=list(STATES))
    asked = search.Search(
        text=query.words,
        state=query.state,
        month=month_of(desk, query.month) if query.month else None,
        customer=query.customer,
        source=_source(query.source) if query.source else None,
    )
    with desk.ledger() as ledger, ledger.read() as book:
        found = across.find(desk, book, asked, query.limit + 1)
        numbers = found.numbers[: query.limit]
        whole = whole_orders(desk, book, numbers)
        if found.sealed:
            with across.book_of(desk, found.sealed) as own:
                whole += whole_orders(desk, own, [number for number in numbers if number in found.sealed])
        whole.sort(key=lambda one: numbers.index(one.order.row.number or ""))
        return whole, len(found.numbers) > query.limit


def _source(typed: str) -> str:
    """A source's code by any of its words; anything else is looked for as a channel's name."""
    from orderflow.sheets.cells import read_choice

    return read_choice(typed, SOURCE).value or typed


def history_of(desk: Desk, number: str | None, limit: int) -> list[Entry]:
    """The history of an order, or of the whole desk: the newest `limit` entries, the oldest of them first.

    Raises OrderflowError `order-unknown`.
    """
    with desk.ledger() as ledger, ledger.read() as book:
        if number is None:
            return _entries(book, history.latest(book, limit))
        with _book_with(desk, book, number) as (own, known):
            return _entries(own, history.changes_of(own, known)[-limit:])


def _entries(book: Book, changes: Sequence[tuple[int, Change]]) -> list[Entry]:
    runs = {run.id: run for run in past_runs(book)}
    return [_entry(book, run, change, runs) for run, change in changes]


def entries_of_run(book: Book, run: int) -> list[Entry]:
    """What one run did to orders and improvements, in its order."""
    past = past_run(book, run)
    runs = {run: past} if past is not None else {}
    return [_entry(book, run, change, runs) for change in history.changes_of_run(book, run) if _is_told(change)]


def _is_told(change: Change) -> bool:
    return change.number is not None or change.kind in improvements.KINDS


def entries_since(book: Book, seq: int, numbers: Sequence[str]) -> list[Entry]:
    """What happened to these orders after a change of the history, in its order."""
    runs = {run.id: run for run in past_runs(book)} if numbers else {}
    return [_entry(book, run, change, runs) for run, change in history.changes_since(book, seq, numbers)]


def _entry(book: Book, run: int, change: Change, runs: dict[int, PastRun]) -> Entry:
    past = runs[run]
    entry = Entry(run, change, past.actor, past.command)
    source = source_by_id(book, change.source) if change.source is not None else None
    if source is not None:
        entry.file, entry.sheet, entry.sha256 = source.name, source.sheet, source.sha256
        entry.saved_by = source.layout.get("saved_by")
        entry.columns = {name: int(column) for column, name in source.layout.get("fields", {}).items()}
    return entry
