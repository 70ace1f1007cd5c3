"""The desk's own workbooks in people's hands, for the tests of `sync`: opened, edited, saved, brought together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from desks import Office
from openpyxl.worksheet.worksheet import Worksheet

from orderflow.answers.sync import SyncAnswer
from orderflow.flows.sync import sync
from orderflow.report.progress import Progress

NAME = "registration.xlsx"


class Page:
    """The registration workbook, or a copy of it, in a person's hands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet: Worksheet = self.book.worksheets[0]

    @property
    def headers(self) -> list[Any]:
        return [cell.value for cell in self.sheet[1]]

    def at(self, row: int, header: str) -> Any:
        return self.sheet.cell(row + 1, self.headers.index(header) + 1)

    def __getitem__(self, place: tuple[int, str]) -> Any:
        return self.at(*place).value

    def __setitem__(self, place: tuple[int, str], value: Any) -> None:
        self.at(*place).value = value

    def column(self, header: str) -> list[Any]:
        """The cells under a header, from the first row to the last."""
        return [self[row, header] for row in range(1, self.sheet.max_row)]

    def add(self, row: dict[str, Any]) -> int:
        """A row below the others."""
        below = self.sheet.max_row
        for header, value in row.items():
            self[below, header] = value
        return below

    def save(self, name: str | None = None) -> Path:
        self.book.save(path := self.path.with_name(name) if name else self.path)
        return path


class Synced:
    """What `sync --json` says."""

    def __init__(self, answer: SyncAnswer) -> None:
        self.exit_code, self.json = answer.exit_code, answer.as_json()

    @property
    def codes(self) -> list[str]:
        return sorted({finding["code"] for finding in self.json["findings"]})

    @property
    def edits(self) -> dict[tuple[str, str], Any]:
        """What changed, by order and field: the value after."""
        return {(c["number"], v["field"]): v["after"] for c in self.json["changes"] for v in c["values"]}

    @property
    def nothing(self) -> bool:
        return self.json["run"] is None and not self.json["findings"] and not self.json["changes"]


def synced(office: Office, *words: str | Path) -> Synced:
    """`orderflow sync`."""
    with Progress("zh-Hans", shown=False) as progress:
        return Synced(SyncAnswer(office.desk, sync(office.desk, [str(word) for word in words], progress)))


def page(office: Office, name: str = NAME) -> Page:
    """A workbook of the desk, as a person opens it."""
    return Page(office.desk.path / name)


def edited(office: Office, change: Callable[[Page], object], copy: str | None = None, name: str = NAME) -> Path:
    """A workbook of the desk, or a copy of it among the clerk's files, as someone saved it."""
    opened = page(office, name)
    change(opened)
    if copy is None:
        return opened.save()
    opened.book.save(path := office.files / copy)
    return path


def put(row: int, header: str, value: Any) -> Callable[[Page], None]:
    """One cell changed."""

    def change(opened: Page) -> None:
        opened[row, header] = value

    return change
