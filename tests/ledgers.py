"""Orders and runs for the tests of the ledger; and what other processes do with a ledger at the same time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from multiprocessing.context import BaseContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from orderflow.ledger import numbers, orders
from orderflow.ledger.book import Run
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.opening import open_ledger
from orderflow.records.order import Order
from orderflow.records.registration import Registration

SHANGHAI = timezone(timedelta(hours=8))
NINE = datetime(2024, 5, 10, 9, 0, tzinfo=SHANGHAI)
TRULY = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@cache
def new_ledger() -> bytes:
    """A new SQLite ledger, as its file stands."""
    with TemporaryDirectory() as folder:
        open_ledger("sqlite:///ledger.db", Path(folder)).close()
        return (Path(folder) / "ledger.db").read_bytes()


def an_order(number: str | None = None, **fields: Any) -> Order:
    """An order as intake makes it; `fields` are those of its row."""
    row: dict[str, Any] = {
        "customer": "杭州某某有限公司",
        "contact_person": "*经理",
        "contact": "139****5678",
        "product": "激光打印机 M1136",
        "quantity": Decimal("5.00"),
        "unit": "台",
        "delivery_date": date(2024, 5, 20),
        "source": "platform",
        "payment": "paid",
        "received_at": NINE,
        "amount": Decimal("0.80"),
    }
    kept = Registration(number=number, **row | fields)
    said = f"{kept.customer} {kept.product} {kept.external_number}"
    return Order(kept, f"i {said}", f"f {said} {kept.payment}", (kept.contact, kept.customer))


@contextmanager
def a_run(ledger: Ledger, command: str = "intake", at: datetime = NINE) -> Iterator[Run]:
    """A run of 王五."""
    with ledger.write(command=command, actor="王五", at=at, entered_at=TRULY) as run:
        yield run


def register(run: Run, *new: Order, month: str = "202405") -> list[str]:
    """Registers orders, each with the next number where it bears none; their numbers."""
    bare = [order for order in new if order.row.number is None]
    for order, number in zip(bare, numbers.give(run, month, len(bare)), strict=True):
        order.row.number = number
    orders.insert(run, new)
    return [order.row.number or "" for order in new]


def registered(ledger: Ledger, *new: Order) -> list[str]:
    """Registers orders in a run of their own."""
    with a_run(ledger) as run:
        return register(run, *new)


def at_once(work: Callable[..., Any], url: str, processes: int = 8) -> list[Any]:
    """What `work(url, which)` gives in so many processes of this machine at the same time."""
    with ProcessPoolExecutor(processes, mp_context=_context()) as pool:
        return list(pool.map(work, [url] * processes, range(processes)))


def _context() -> BaseContext:
    """New processes, that need not import everything again where the system has a way."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["warm", "psycopg", "alembic.command"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))  # Python 3.11 preloads nothing but what it finds itself
        ensure_running()
    return context


def give_and_register(url: str, which: int) -> list[str]:
    """A clerk's ten runs of three orders each."""
    given = []
    with open_ledger(url, Path()) as ledger:
        for nth in range(10):
            new = [an_order(external_number=f"{which}-{nth}-{line}") for line in range(3)]
            given += registered(ledger, *new)
    return given


def just_open(url: str, which: int) -> str:
    """Opens a ledger, and says where it is."""
    with open_ledger(url, Path()) as ledger:
        return ledger.shown
