"""Writing what a bag holds: the five workbooks, the tables, the files beside them, and how to read it all."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orderflow
from orderflow.archive import bagit, parquet
from orderflow.flows.bag_plan import BagPlan
from orderflow.flows.bag_reading import LINK_COLUMNS, LINKS, PREDECESSOR, ROWS, SERIAL, TABLES
from orderflow.flows.desk import Desk
from orderflow.flows.issued import NAMES, write_issued
from orderflow.flows.refreshing import window_of
from orderflow.flows.window_kinds import KINDS
from orderflow.ledger import bags, excerpt
from orderflow.ledger.book import Book
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.schema import orders
from orderflow.ledger.search import WORDS, WORDS_SAID
from orderflow.ledger.values import moment, serial_of
from orderflow.records.bag import Columns, Form, shown_month
from orderflow.records.rows import WORKBOOKS, columns
from orderflow.sheets.atomic import disk_trouble, settle
from orderflow.sheets.writer import write_workbook

README, DEFINITIONS, CARRIED_OVER, REPORT = "README.txt", "definitions.csv", "carried-over.csv", "report"


def write_bag(desk: Desk, ledger: Ledger, plan: BagPlan, scratch: Path, folder: Path) -> str:
    """Writes and seals the bag in a new folder, every byte of it on the disk when this returns; its digest.

    Raises OrderflowError `disk-full` or `cannot-write`.
    """
    with disk_trouble(folder):
        data = folder / bagit.PAYLOAD
        (data / TABLES).mkdir(parents=True)
        with excerpt.excerpt_at(scratch) as book:
            info = _info(desk, plan, book)
            for kind in KINDS:
                write_workbook(window_of(desk, book, kind).layout(), data / f"{kind.workbook.name}.xlsx")
            info |= {f"{ROWS}{name}": str(count) for name, count in _tables(ledger, book, data / TABLES)}
        _copy(plan.files, data)
        if plan.report is not None:
            write_issued(desk, plan.report, data / REPORT)
        _csv(data / CARRIED_OVER, _carried_over(desk, plan))
        _csv(data / DEFINITIONS, _definitions(desk))
        (folder / README).write_bytes(_readme(desk, plan).encode())
        digest = bagit.seal(folder, info)
        for path in sorted(folder.rglob("*"), reverse=True):
            settle(path)
        settle(folder)
        return digest


def _tables(ledger: Ledger, book: Book, folder: Path) -> Iterator[tuple[str, int]]:
    """Writes each table, and what the links of the changes rest on; their names and numbers of rows."""
    for table in excerpt.TABLES:
        path = folder / f"{table.name}.parquet"
        columns: Columns = excerpt.columns_of(table)
        rows: Iterable[Sequence[Any]] = excerpt.rows(book, table, by_order=True)
        if table is orders:
            columns, rows = {**columns, SERIAL: Form.WHOLE}, ((*row, serial_of(row[0])) for row in rows)
        yield table.name, parquet.write(path, columns, rows, {WORDS: WORDS_SAID} if table is orders else {})
    with ledger.read() as whole:
        before = excerpt.links_before(whole, book)
        yield LINKS, parquet.write(folder / f"{LINKS}.parquet", LINK_COLUMNS, before)


def _info(desk: Desk, plan: BagPlan, book: Book) -> dict[str, str]:
    """What the bag says of itself in `bag-info.txt`."""
    first, month = f"{shown_month(plan.month)}-01", shown_month(plan.month)
    closing = moment(bags.last_closing(book))
    said = {
        "Source-Organization": desk.settings.desk.name or desk.path.name,
        "External-Identifier": plan.name,
        "Bag-Group-Identifier": month,
        "Bagging-Date": f"{desk.now:%Y-%m-%d}",
        "Bag-Software-Agent": f"orderflow {orderflow.__version__}",
        "External-Description": desk.say("archive.description", month=month, count=len(plan.numbers)),
        "Orderflow-Month": month,
        "Orderflow-Period": f"{first} - {_last_day(plan.month)} ({desk.settings.desk.timezone})",
        "Orderflow-Sealed-At": desk.now.isoformat(),
        "Orderflow-Last-Closing": closing.astimezone(desk.zone).isoformat(),
        "Orderflow-Orders": str(len(plan.numbers)),
        "Orderflow-First-Order": plan.numbers[0],
        "Orderflow-Last-Order": plan.numbers[-1],
        "Orderflow-Carried-Over": str(len(plan.carried_over)),
        "Orderflow-Evidence-Files": str(len(plan.files)),
        "Orderflow-Report": _report(plan),
        "Orderflow-Chain-Head": f"{plan.seq} {plan.link}",
        "Orderflow-Definitions": f"{bagit.PAYLOAD}/{DEFINITIONS}",
        "Orderflow-Language": desk.lang,
    }
    if plan.earlier:
        said[PREDECESSOR] = f"{plan.earlier[-1].name} {plan.earlier[-1].digest}"
    return said


def _report(plan: BagPlan) -> str:
    """Where the issued report stands, when and by whom it was issued; or that there was none."""
    if plan.report is None:
        return "none"
    where = ", ".join(f"{bagit.PAYLOAD}/{REPORT}/{name}" for name in NAMES)
    return f"{where} ({plan.report.at.isoformat()}, {plan.report.by})"


def _last_day(month: str) -> str:
    from calendar import monthrange

    return f"{shown_month(month)}-{monthrange(int(month[:4]), int(month[4:]))[1]}"


def _copy(files: Sequence[tuple[str, Path]], data: Path) -> None:
    for name, path in files:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, data / name)


def _csv(path: Path, lines: Iterable[Sequence[str]]) -> None:
    """A table that Excel, WPS and every text editor opens, Chinese included."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)


def _carried_over(desk: Desk, plan: BagPlan) -> Iterator[Sequence[str]]:
    """The orders of the month that are still open, and why."""
    yield [desk.say("archive.number"), desk.say("archive.why")]
    for standing in plan.carried_over:
        yield [standing.number, desk.say(f"messages.states.{standing.state}")]


def _definitions(desk: Desk) -> Iterator[Sequence[str]]:
    """What every column of every table means: by its header in the workbooks where it has one."""
    yield [desk.say(f"archive.definitions.{part}") for part in ("table", "column", "kind", "header")]
    titles = {name: column.words.of(desk.lang) for book in WORKBOOKS for name, column in columns(book.row).items()}
    for table in excerpt.TABLES:
        for name, form in excerpt.columns_of(table).items():
            kind = desk.say(f"archive.kinds.{form}")
            yield [f"{TABLES}/{table.name}.parquet", name, kind, titles.get(name, "")]
    yield [f"{TABLES}/{orders.name}.parquet", SERIAL, desk.say(f"archive.kinds.{Form.WHOLE}"), titles["number"]]
    yield [f"{TABLES}/{orders.name}.parquet", WORDS, desk.say(f"archive.kinds.{Form.TEXT}"), desk.say("archive.words")]
    for name, form in LINK_COLUMNS.items():
        yield [f"{TABLES}/{LINKS}.parquet", name, desk.say(f"archive.kinds.{form}"), ""]


def _readme(desk: Desk, plan: BagPlan) -> str:
    """How to check and to read the bag without orderflow; with the line ends that Windows' editor wants."""
    lines = desk.say(
        "archive.readme",
        name=plan.name,
        month=shown_month(plan.month),
        desk=desk.settings.desk.name or desk.path.name,
        count=len(plan.numbers),
        seq=plan.seq,
        link=plan.link,
        sealed=f"{desk.now:%Y-%m-%d %H:%M}",
        version=orderflow.__version__,
    )
    return lines.replace("\n", "\r\n") + "\r\n"
