"""A desk as an office keeps it, for the tests of whole commands: files come in, workbooks go back, people mend them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
from ledgers import new_ledger
from openpyxl.worksheet.worksheet import Worksheet

from orderflow.answers.digest import DigestAnswer
from orderflow.answers.explain import ExplainAnswer, WhatIfAnswer
from orderflow.answers.feedback import FeedbackAnswer
from orderflow.answers.intake import IntakeAnswer
from orderflow.answers.orders import OrderAnswer, OrdersAnswer, order_json
from orderflow.answers.plan import PlanAnswer
from orderflow.answers.priority import PrioritizeAnswer
from orderflow.answers.progress import ProgressAnswer
from orderflow.answers.today import TodayAnswer
from orderflow.answers.watch import WatchAnswer
from orderflow.flows.board import today
from orderflow.flows.desk import Desk
from orderflow.flows.digest import digest
from orderflow.flows.doctor import examine
from orderflow.flows.doing import Done
from orderflow.flows.explaining import explain, what_if
from orderflow.flows.feedback import feedback
from orderflow.flows.intake import take_in
from orderflow.flows.judging import DECLARED, Edit
from orderflow.flows.marks import Marking, record
from orderflow.flows.merging import merge_orders
from orderflow.flows.planning import Edit as StageEdit
from orderflow.flows.queries import Entry, Query, find_orders, history_of, whole_order
from orderflow.flows.request import Request
from orderflow.flows.steps import plan_orders, prioritize, track
from orderflow.flows.tracking import REPORTED, Report
from orderflow.flows.undoing import undo_run
from orderflow.flows.watch import watch
from orderflow.records.rows import Priority, Progress, RowType
from orderflow.report.progress import Progress as Bar
from orderflow.settings import load
from orderflow.sheets.book import open_book
from orderflow.sheets.reader import TableReader
from orderflow.sheets.table import open_table

EXAMPLES = Path(__file__).parent.parent / "examples"
CUSTOMERS = ("南湖医院", "潮汐贸易", "麦田学校", "太岭机械厂", "谷雨餐饮店", "银杏物业", "晴川电子", "苍鹭研究所")
TRULY = datetime(2099, 1, 2, 3, 4, 5, tzinfo=UTC)
MORNING = "2024-06-10T09:00"


def examples_in(folder: Path) -> Path:
    """A copy of the examples as they come with the project, whatever the README's first command has put beside them."""
    copy = folder / "examples"
    shutil.copytree(EXAMPLES, copy, ignore=shutil.ignore_patterns("*.checked*", "*.py", "__pycache__"))
    return copy


def a_row(nth: int = 1, **changed: Any) -> dict[str, Any]:
    """An order with nothing to object to, as a clerk types it; each `nth` another customer's. `None` leaves out."""
    row = {
        "客户名称": CUSTOMERS[nth % len(CUSTOMERS)] + (str(nth) if nth >= len(CUSTOMERS) else ""),
        "联系人": "*经理",
        "联系方式": f"1{30 + nth % 60}****{1000 + nth * 7919 % 9000}",
        "产品名称/型号": "A型设备-2024款",
        "订单数量": f"{nth % 9 + 1}台",
        "交付日期": "2024-06-28",
        "订单来源": "直报",
        "付款状态": "已付",
        "备注(特殊需求)": "",
        "接单时间": "2024-06-10 08:30",
        "客户等级": "普通",
        "订单金额(万元)": "3",
    }
    row.update(changed)
    return {header: value for header, value in row.items() if value is not None}


@dataclass(frozen=True)
class Answered:
    """What `intake --json` says, with the ways tests look at it."""

    exit_code: int
    json: dict[str, Any]

    @property
    def run(self) -> int:
        """The run's number."""
        return int(self.json["run"])

    @property
    def outcomes(self) -> list[str]:
        """What became of each row, in their order."""
        return [row["outcome"] for row in self.json["orders"]]

    @property
    def numbers(self) -> list[str]:
        """The order number of each row."""
        return [row["number"] for row in self.json["orders"]]

    @property
    def codes(self) -> list[str]:
        """What was found, each code once, sorted."""
        return sorted({finding["code"] for finding in self.json["findings"]})

    def found(self, code: str) -> list[dict[str, Any]]:
        """The findings of one code."""
        return [finding for finding in self.json["findings"] if finding["code"] == code]

    @property
    def checked(self) -> Path:
        """The first workbook handed back."""
        return Path(next(file["checked"] for file in self.json["files"] if file["checked"]))

    @property
    def grave(self) -> list[str]:
        """The codes that need a person."""
        grave = ("error", "anomaly")
        return sorted({f["code"] for f in self.json["findings"] if f["severity"] in grave})


class Office:
    """A desk in a folder of its own, its settings as given, and a folder where the clerk's files lie.

    Its own `registration.xlsx` takes a fifth of every run, and is written where a test asks for it (`window`). Its
    other workbooks and the pages of the outbox take a fourth: where the ledger lies in PostgreSQL they too are written
    only then; the same test on SQLite has them.
    """

    def __init__(
        self, folder: Path, ledger: str = "sqlite:///ledger.db", settings: str = "", *, window: bool = False
    ) -> None:
        self.files = folder / "files"
        self.files.mkdir(parents=True)
        path = folder / "desk"
        path.mkdir()
        for name in ("evidence", "inbox", "outbox", "reports", "archive"):
            (path / name).mkdir()
        if ledger == "sqlite:///ledger.db":
            (path / "ledger.db").write_bytes(new_ledger())
        given = settings if "[desk]" in settings else f"[desk]\n{settings}"
        config = given.replace("[desk]\n", f'[desk]\nledger = "{ledger}"\nlanguage = "zh-Hans"\n', 1)
        if not window and "registration_rows" not in config:
            config = f"{config}\n[intake]\n" if "[intake]" not in config else config
            config = config.replace("[intake]\n", "[intake]\nregistration_rows = 0\n")
        (path / "orderflow.toml").write_text(config, encoding="utf-8")
        self._open(path)

    def _open(self, path: Path) -> None:
        loaded = load(path / "orderflow.toml")
        now = datetime.fromisoformat(MORNING).replace(tzinfo=ZoneInfo(loaded.desk.timezone))
        later = not loaded.desk.ledger.startswith("sqlite") and not loaded.intake.registration_rows
        self.desk = Desk(path, loaded, "zh-Hans", "小周", now, TRULY, writes_later=later)

    @classmethod
    def again(cls, folder: Path) -> Office:
        """The office that was set up in this folder before."""
        office = object.__new__(cls)
        office.files = folder / "files"
        office._open(folder / "desk")
        return office

    @classmethod
    def copied(cls, template: Path, folder: Path) -> Office:
        """A copy, in a folder, of the office that was set up in another."""
        shutil.copytree(template, folder, dirs_exist_ok=True)
        return cls.again(folder)

    def at(self, moment: str) -> Office:
        """The same desk at another time."""
        zone = ZoneInfo(self.desk.settings.desk.timezone)
        return self._with(now=datetime.fromisoformat(moment).replace(tzinfo=zone))

    def by(self, name: str) -> Office:
        """The same desk with someone else at it."""
        return self._with(actor=name)

    def _with(self, **changed: Any) -> Office:
        other = object.__new__(Office)
        other.files, other.desk = self.files, replace(self.desk, **changed)
        return other

    def file(self, name: str, rows: Iterable[Mapping[str, Any]], sheet: str = "订单") -> Path:
        """A workbook, or by its name a CSV, of these rows; its columns are theirs."""
        rows = list(rows)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        lines: list[list[Any]] = [headers, *([row.get(header) for header in headers] for row in rows)]
        path = self.files / name
        if path.suffix == ".csv":
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(lines)
            return path
        book = openpyxl.Workbook()
        page = book.active
        assert isinstance(page, Worksheet)
        page.title = sheet
        for line in lines:
            page.append(line)
        book.save(path)
        return path

    def intake(self, *paths: Path, **asked: Any) -> Answered:
        """`orderflow intake`."""
        with Bar("zh-Hans", shown=False) as progress:
            outcome = take_in(self.desk, Request(list(paths), every_row=True, **asked), progress)
        answer = IntakeAnswer(self.desk, outcome, created=False)
        closes(answer.as_json())
        return Answered(answer.exit_code, answer.as_json())

    def take(self, name: str, *rows: Mapping[str, Any], **asked: Any) -> Answered:
        """A file of these rows, taken in."""
        return self.intake(self.file(name, rows), **asked)

    def mark(self, *words: str, run: int | None = None, **asked: Any) -> dict[str, Any]:
        """`orderflow mark`."""
        options: dict[str, Any] = {"note": None, "file": None, "at": None, **asked}
        return self._done("mark", record(self.desk, Marking.typed(list(words), run, **options)))

    def rows(self, path: Path, row: RowType) -> list[Any]:
        """The rows of a workbook of this kind."""
        found = []
        with open_book(path) as book:
            tables = [(open_table(sheet, [row]), sheet.date1904) for sheet in book.sheets()]
            for table, date1904 in tables:
                assert table is not None
                reader = TableReader(table.layout, self.desk.now.date(), date1904, self.desk.zone)
                found += [typed.row for chunk in table.chunks() for typed in reader.rows(chunk)]
        return found

    def edits(self, path: Path) -> list[Edit]:
        """What stands in a priority workbook, as a manager's edits."""
        found = self.rows(path, Priority)
        names = (*DECLARED, "judged_by", "judged_at")
        for row in found:
            row.judged_at = self.desk.aware(row.judged_at)
        said = [(row.number, {name: getattr(row, name) for name in names}) for row in found]
        return [Edit(number, {n: value for n, value in values.items() if value is not None}) for number, values in said]

    def reports(self, path: Path) -> list[Report]:
        """What stands in a progress workbook, as the departments' reports."""
        return [
            Report(row.number, row.stage, {n: said for n in REPORTED if (said := getattr(row, n)) is not None})
            for row in self.rows(path, Progress)
        ]

    def prioritize(self, *edits: Edit, **asked: Any) -> Answered:
        """`orderflow prioritize`, with what a manager wrote."""
        answer = PrioritizeAnswer(self.desk, prioritize(self.desk, edits, **asked))
        return Answered(answer.exit_code, answer.as_json())

    def explain(self, number: str) -> dict[str, Any]:
        """`orderflow explain`."""
        return ExplainAnswer(self.desk, explain(self.desk, number)).as_json()

    def what_if(self, rules: str, month: str = "this") -> dict[str, Any]:
        """`orderflow what-if` with rules of this text."""
        path = self.files / "rules.toml"
        path.write_text(rules, encoding="utf-8")
        return WhatIfAnswer(self.desk, what_if(self.desk, path, month)).as_json()

    def plan(self, *edits: StageEdit, **asked: Any) -> Answered:
        """`orderflow plan`, with what people wrote of stages."""
        answer = PlanAnswer(self.desk, plan_orders(self.desk, edits, **asked))
        return Answered(answer.exit_code, answer.as_json())

    def progress(self, *reports: Report, **asked: Any) -> Answered:
        """`orderflow progress`, with what departments reported."""
        answer = ProgressAnswer(self.desk, track(self.desk, reports, **asked))
        return Answered(answer.exit_code, answer.as_json())

    def feedback(self, path: Path | None = None, **asked: Any) -> Answered:
        """`orderflow feedback`."""
        answer = FeedbackAnswer(self.desk, feedback(self.desk, path, **asked))
        json = answer.as_json()
        for file in json["files"]:
            assert file["read"] == sum(file[kind] for kind in ("new", "updated", "unchanged", "rejected"))
        return Answered(answer.exit_code, json)

    def today(self) -> dict[str, Any]:
        """`orderflow today`."""
        return TodayAnswer(self.desk, today(self.desk)).as_json()

    def watch(self) -> dict[str, Any]:
        """`orderflow watch`."""
        with Bar(self.desk.lang, shown=False) as bar:
            return WatchAnswer(self.desk, watch(self.desk, bar)).as_json()

    def digest(self) -> dict[str, Any]:
        """`orderflow digest`."""
        return DigestAnswer(self.desk, digest(self.desk)).as_json()

    def undo(self, run: int | None = None) -> dict[str, Any]:
        """`orderflow undo`."""
        return self._done("undo", undo_run(self.desk, run))

    def merge(self, number: str, into: str) -> dict[str, Any]:
        """`orderflow merge`."""
        return self._done("merge", merge_orders(self.desk, number, into))

    def _done(self, command: str, done: Done) -> dict[str, Any]:
        return OrdersAnswer(self.desk, command, done).as_json()

    def show(self, number: str) -> dict[str, Any]:
        """`orderflow show`: the order."""
        order: dict[str, Any] = OrderAnswer(self.desk, whole_order(self.desk, number)).as_json()["order"]
        return order

    def find(self, **asked: Any) -> list[dict[str, Any]]:
        """`orderflow find`: the orders."""
        return [order_json(whole, self.desk).model_dump() for whole in find_orders(self.desk, Query(**asked))[0]]

    def log(self, number: str | None = None) -> list[Entry]:
        """`orderflow log`."""
        return history_of(self.desk, number, 10_000)

    def troubles(self) -> dict[str, list[str]]:
        """What `orderflow doctor` finds wrong; a new desk has no workbooks and no backups, so these are left out."""
        left_out = ("workbooks", "backup")
        return {check.code: check.found for check in examine(self.desk) if check.found and check.code not in left_out}


def closes(json: Mapping[str, Any]) -> None:
    """Every row read of every sheet is accounted for."""
    kinds = ("new", "flagged", "updated", "unchanged", "duplicate", "rejected")
    assert all(file["read"] == sum(file[kind] for kind in kinds) for file in json["files"])
    assert len(json["orders"]) == sum(file["read"] for file in json["files"])


class Mended:
    """A workbook handed back, opened by a clerk; saved where it was or under another name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.page: Worksheet = self.book.worksheets[1]

    @property
    def headers(self) -> list[str]:
        """The headers of the sheet of orders."""
        return [str(cell.value) for cell in self.page[1]]

    def column(self, header: str) -> int:
        """Where a column stands, from 1."""
        return self.headers.index(header) + 1

    def __getitem__(self, at: tuple[int, str]) -> Any:
        """The cell of a row (from 1, without the header) under a header."""
        return self.page.cell(at[0] + 1, self.column(at[1]))

    def __setitem__(self, at: tuple[int, str], value: Any) -> None:
        self[at].value = value

    def add(self, row: Mapping[str, Any]) -> None:
        """A row below the others."""
        self.page.append({self.column(header): value for header, value in row.items() if header in self.headers})

    def sort(self, key: Callable[[Sequence[Any]], Any]) -> None:
        """The rows in another order, each as it is."""
        rows = sorted((list(row) for row in self.page.iter_rows(min_row=2, values_only=True) if any(row)), key=key)
        for at, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                self.page.cell(at, column).value = value

    def save(self, name: str | None = None) -> Path:
        """Save it, under another name in the same folder if one is given."""
        path = self.path.with_name(name) if name else self.path
        self.book.save(path)
        return path

    def as_csv(self, name: str) -> Path:
        """The sheet of orders as Excel saves it for CSV UTF-8."""
        path = self.path.with_name(name)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(self.page.iter_rows(values_only=True))
        return path
