"""Workbooks edited at random, sorted, copied, while the ledger moves: what is in the end is what a plain model says."""

from __future__ import annotations

import random
import shutil
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from desks import Office, a_row
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from windows import NAME, Page, page, synced

REMARK, PERSON, QUANTITY = "备注(特殊需求)", "联系人", "订单数量"
FIELDS = {REMARK: "remark", PERSON: "contact_person"}
WORDS = ("加固包装", "送到后门", "*主任", "*总", "周五前电话", "0012", "x=y")
ROWS = 4
Cell = tuple[str, str]


class Desk(RuleBasedStateMachine):
    """A desk of four orders, its workbook, and copies of it that lie about with edits of their own.

    The model: `ledger` is what every cell has to be; a workbook is what it was written with and what was typed since.
    A cell is taken where only the workbook moved; where both did, it is asked about, and the ledger's stays.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.office = Office(Path(self.folder.name) / "office", window=True)
        self.office.take("a.xlsx", *(a_row(nth) for nth in range(1, ROWS + 1)))
        self.numbers = [f"202406-00{nth}" for nth in range(1, ROWS + 1)]
        self.ledger: dict[Cell, str | None] = {}
        for number in self.numbers:
            self.ledger |= {(number, REMARK): None, (number, PERSON): "*经理"}
        self.typed: dict[Cell, str] = {}
        self.saved = False  # by someone, since the desk wrote it
        self.base = dict(self.ledger)
        self.copies: list[tuple[Path, dict[Cell, str | None], dict[Cell, str]]] = []
        self.names = count(1)

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(nth=st.integers(0, ROWS - 1), header=st.sampled_from(sorted(FIELDS)), word=st.sampled_from(WORDS))
    def edit(self, nth: int, header: str, word: str) -> None:
        """Someone types into the desk's own workbook."""
        opened = page(self.office)
        opened[opened.column("订单编号").index(self.numbers[nth]) + 1, header] = word
        opened.save()
        self.typed[self.numbers[nth], header], self.saved = word, True

    @rule(seed=st.integers(0, 9))
    def sort(self, seed: int) -> None:
        """The rows in another order, each whole."""
        opened = page(self.office)
        rows = [[cell.value for cell in row] for row in opened.sheet.iter_rows(min_row=2, max_row=1 + ROWS)]
        random.Random(seed).shuffle(rows)
        for at, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                opened.sheet.cell(at, column).value = value
        opened.save()
        self.saved = True

    @precondition(lambda self: len(self.copies) < 2)
    @rule(nth=st.integers(0, ROWS - 1), header=st.sampled_from(sorted(FIELDS)), word=st.sampled_from(WORDS))
    def copy(self, nth: int, header: str, word: str) -> None:
        """A copy of the workbook as it is, with an edit more."""
        path = self.office.files / f"{next(self.names)}.xlsx"
        shutil.copy(self.office.desk.path / NAME, path)
        opened = Page(path)
        opened[opened.column("订单编号").index(self.numbers[nth]) + 1, header] = word
        opened.save()
        self.copies.append((path, dict(self.base), {**self.typed, (self.numbers[nth], header): word}))

    @rule()
    def bring_together(self) -> None:
        """`orderflow sync`: the desk's own workbook is taken and written again."""
        synced(self.office, "registration")
        self.take(self.base, self.typed)
        self.base, self.typed, self.saved = dict(self.ledger), {}, False

    @precondition(lambda self: self.copies)
    @rule()
    def bring_a_copy(self) -> None:
        """`orderflow sync copy.xlsx`: the ledger moves, and the desk's own is written again unless it was edited."""
        path, base, typed = self.copies.pop(0)
        synced(self.office, path)
        self.take(base, typed)
        if not self.saved:
            self.base = dict(self.ledger)

    def take(self, base: dict[Cell, str | None], typed: dict[Cell, str]) -> None:
        for cell, theirs in typed.items():
            ours = self.ledger[cell]
            if theirs == ours or theirs == base[cell]:
                continue
            if ours == base[cell]:
                self.ledger[cell] = theirs

    @invariant()
    def the_ledger_is_the_model(self) -> None:
        for order in self.office.find(limit=ROWS + 1):
            for header, field in FIELDS.items():
                assert order[field] == self.ledger[order["number"], header], (order["number"], field)


Desk.TestCase.settings = settings(
    max_examples=6, stateful_step_count=7, deadline=None, suppress_health_check=list(HealthCheck)
)
test_the_desk_is_what_the_model_says = Desk.TestCase
