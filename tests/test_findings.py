"""Every code of the catalogue has a file under tests/findings that brings it about, where and as grave as told here."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from desks import Mended, Office, a_row
from findings.make import HEADERS

from orderflow import text
from orderflow.flows.feedback import feedback
from orderflow.flows.intake import take_in
from orderflow.flows.planning import Edit as StageEdit
from orderflow.flows.queries import whole_order
from orderflow.flows.request import Request
from orderflow.flows.steps import plan_orders, prioritize, track
from orderflow.flows.workbooks import KINDS
from orderflow.ledger.opening import open_ledger
from orderflow.records.catalogue import CATALOGUE
from orderflow.records.errors import Unreadable
from orderflow.records.finding import Finding
from orderflow.records.rows import columns
from orderflow.report.progress import Progress
from orderflow.report.sentences import explain, words
from orderflow.settings import Plan, StageLimits, StageOwners
from orderflow.sheets.book import open_book
from orderflow.sheets.reader import TableReader
from orderflow.sheets.table import open_table

FILES = Path(__file__).with_name("findings")
NOON = "2024-05-10T12:00"
NUMBER = "订单编号"

# What the last file of each code comes to, besides nothing else: severity, code, cell (a column or a row: part of it).
FOUND: Mapping[str, tuple[str, ...]] = {
    "missing-customer": ("anomaly missing-customer A2",),
    "missing-contact": ("anomaly missing-contact C2",),
    "missing-product": ("anomaly missing-product D2",),
    "missing-quantity": ("anomaly missing-quantity E2",),
    "missing-delivery-date": ("anomaly missing-delivery-date F2",),
    "missing-payment": ("anomaly missing-payment H2", "note stock-unknown"),
    "missing-column": ("anomaly missing-column",),
    "missing-level": ("warning missing-level J2",),
    "missing-amount": ("warning missing-amount K2",),
    "over-stock-unpaid": ("anomaly over-stock-unpaid E2",),
    "stock-unknown": ("note stock-unknown",),
    "delivery-before-receipt": ("anomaly delivery-before-receipt F2",),
    "quantity-not-positive": ("anomaly quantity-not-positive E2",),
    "unit-mismatch": ("anomaly unit-mismatch E2",),
    "amount-implausible": ("anomaly amount-implausible K2",),
    "custom-without-parameter": ("anomaly custom-without-parameter I2",),
    "custom-vague": ("anomaly custom-vague I2",),
    "rush-date-not-urgent": ("anomaly rush-date-not-urgent I2",),
    "possible-duplicate": ("anomaly possible-duplicate 3",),
    "duplicate-row": ("note duplicate-row 4",),
    "duplicate-file": ("note duplicate-file",),
    "line-of-one-purchase": ("note line-of-one-purchase L2",),
    "unreadable-date": ("anomaly unreadable-date F2",),
    "ambiguous-date": ("anomaly ambiguous-date F2",),
    "date-out-of-range": ("anomaly date-out-of-range F2",),
    "several-dates": ("anomaly several-dates F2",),
    "unreadable-quantity": ("anomaly unreadable-quantity E2",),
    "several-quantities": ("anomaly several-quantities E2",),
    "unreadable-amount": ("warning unreadable-amount K2",),
    "several-amounts": ("warning several-amounts K2",),
    "amount-unit-unclear": ("warning amount-unit-unclear K2",),
    "unknown-choice": ("anomaly unknown-choice H2", "warning unknown-choice G3", "note stock-unknown"),
    "closed-at-source": ("anomaly closed-at-source H2", "note stock-unknown"),
    "several-contacts": ("warning several-contacts C2",),
    "error-value": ("anomaly error-value E2",),
    "formula-not-calculated": ("anomaly formula-not-calculated E2",),
    "digits-lost": ("warning digits-lost L2",),
    "text-too-long": ("warning text-too-long I2",),
    "number-adopted": ("note number-adopted",),
    "original-unknown": ("warning original-unknown I2",),
    "number-read-as-external": ("note number-read-as-external",),
    "number-changed": ("warning number-changed B2",),
    "number-removed": ("warning number-removed B2",),
    "number-swapped": ("warning number-swapped B2", "warning number-swapped B3"),
    "number-retired": ("warning number-retired B2",),
    "number-of-another-order": ("anomaly number-of-another-order A2",),
    "computed-cell-changed": ("warning computed-cell-changed N2",),
    "changed-by-person": ("warning changed-by-person E2",),
    "changed-on-both-sides": ("warning changed-on-both-sides G2",),
    "duplicate-row-differs": ("warning duplicate-row-differs 3",),
    "checker-is-enterer": ("warning checker-is-enterer M2",),
    "check-voided": ("note check-voided 2",),
    "row-says-nothing": ("error row-says-nothing 3",),
    "unknown-column": ("note unknown-column L1",),
    "hidden-sheet": ("note hidden-sheet",),
    "hidden-rows": ("note hidden-rows",),
    "hidden-columns": ("note hidden-columns",),
    "received-time-unknown": ("note received-time-unknown",),
    "copy-not-written": ("error copy-not-written",),
    "date-not-feasible": ("warning date-not-feasible F2",),
}
REFUSED = frozenset(
    ("column-unclear", "no-orders", "other-workbook", "file-empty", "file-locked", "file-changing", "file-unreachable",
     "file-unknown", "file-is-lock", "file-is-pdf", "file-is-picture", "file-is-archive", "file-is-document",
     "file-is-presentation", "file-is-numbers", "file-too-old", "file-encrypted", "file-encrypted-ods",
     "password-wrong", "file-damaged", "file-far-cell", "file-too-large", "file-too-slow", "page-without-table",
     "text-undecodable", "text-quote-open", "text-cell-too-long", "file-missing")
)  # fmt: skip
# What the orders of a file come to when they are judged, with what a manager writes of them (the second file).
JUDGED: Mapping[str, tuple[str, ...]] = {
    "not-judgeable": ("warning not-judgeable",),
    "floor-unconfirmed": ("warning floor-unconfirmed",),
    "urgency-differs": ("warning urgency-differs",),
    "override-without-reason": ("warning override-without-reason",),
}
# What the second file of a code, answers of customers to the orders of the first one, comes to ten days later.
ANSWERED: Mapping[str, tuple[str, ...]] = {
    "answer-unmatched": ("error answer-unmatched C2",),
    "answer-ambiguous": ("error answer-ambiguous C2",),
    "survey-question-unknown": ("note survey-question-unknown G1",),
    "late-reason-missing": ("warning late-reason-missing",),
}
MARKED = frozenset(("no-clock-broken",))
NO_ANSWERS = frozenset(("no-feedback",))
# What the orders of a file (or two, one after the other) come to when they are judged and planned.
PLANNED: Mapping[str, tuple[str, ...]] = {
    "waits-for-mending": ("warning waits-for-mending",),
    "waits-for-level": ("warning waits-for-level",),
    "waits-for-check": ("warning waits-for-check",),
    "waits-for-evidence": ("warning waits-for-evidence",),
    "plan-stale": ("warning plan-stale", "warning waits-for-check"),
    "owner-missing": ("warning owner-missing",),
    "moved-by-rush": ("warning moved-by-rush",),
    "stage-dates-wrong": ("warning stage-dates-wrong",),
    "stage-unknown": ("warning stage-unknown",),
    "holidays-unknown": ("warning holidays-unknown",),
}
DESKS = {
    "owner-missing": Plan(owners=StageOwners(logistics="")),
    "moved-by-rush": Plan(capacity=StageLimits(production=1)),
    "holidays-unknown": Plan(working_days=("logistics",)),
}
EDITED = {
    "stage-dates-wrong": StageEdit("202405-001", "logistics", {"due": date(2024, 5, 11)}),
    "stage-unknown": StageEdit("202405-001", "purchasing", {"owner": "*李工"}),
}
# What a department's reports (the second file) come to, on a day after the order of the first was planned.
REPORTED: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "stage-late": (16, ("anomaly stage-late",)),
    "stage-silent": (16, ("anomaly stage-silent", "warning promise-at-risk")),
    "stage-expected-late": (14, ("anomaly stage-expected-late", "warning promise-at-risk")),
    "promise-at-risk": (14, ("warning promise-at-risk",)),
    "status-differs": (16, ("warning status-differs",)),
    "report-to-come": (14, ("warning report-to-come",)),
}
READ_ONLY = frozenset(("unreadable-score", "file-is-folder"))  # an intake takes no feedback, and folders apart
OF_THE_DESK = frozenset(
    (
        "workbook-open",
        "workbook-edited",
        "written-elsewhere",
        "other-desk",
        "row-removed",
        "row-without-order",
        "row-without-stage",
        "formula-as-value",
        "order-archived",
    )
)  # fmt: skip; brought about in `test_findings_of_the_desk.py`
WITHOUT_A_FILE = frozenset(("file-missing", "file-is-folder")) | OF_THE_DESK
STOCKED = frozenset(("over-stock-unpaid", "unit-mismatch"))  # what is to be compared with the product workbook

MENDED: Mapping[str, Mapping[tuple[int, str], Any]] = {
    "number-changed": {(1, NUMBER): "202405-088"},
    "number-removed": {(1, NUMBER): None},
    "number-swapped": {(1, NUMBER): "202405-002", (2, NUMBER): "202405-001"},
    "number-retired": {},
    "computed-cell-changed": {(1, "状态"): "客户催了两次"},
    "changed-by-person": {(1, "订单数量"): "9台"},
    "changed-on-both-sides": {(1, "订单数量"): "9台"},
}


@pytest.fixture(scope="session")
def blank_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with nothing in it: making one takes longer than most of these files."""
    folder = tmp_path_factory.mktemp("blank")
    open_ledger("sqlite:///ledger.db", folder).close()
    return folder / "ledger.db"


@pytest.fixture
def office(tmp_path: Path, blank_ledger: Path) -> Office:
    made = Office(tmp_path).at(NOON)
    shutil.copy(blank_ledger, made.desk.path)
    return made


def laid_in(office: Office, name: str) -> Path:
    """The reproducing file (`name`, or the one of that code) among the clerk's files."""
    found = next(file for file in sorted(FILES.iterdir()) if name in (file.name, file.stem))
    return Path(shutil.copy(found, office.files))


def taken(office: Office, *paths: Path, **asked: Any) -> list[Finding]:
    with Progress(office.desk.lang, shown=False) as progress:
        return take_in(office.desk, Request(list(paths), **asked), progress).findings


def mend(office: Office, code: str, name: str) -> Path:
    """The copy of a file that went back, with what a person wrote into it."""
    page = Mended(office.files / f"{name}.checked.xlsx")
    for cell, value in MENDED[code].items():
        page[cell] = value
    return page.save()


def found_in(office: Office, code: str) -> list[Finding]:
    """What the files of a code come to, the last one's findings."""
    if code in STOCKED:
        shutil.copy(FILES / "products.csv", office.desk.path / "products.xlsx")  # known by its bytes, not its name
    if (FILES / f"{code}.1.csv").exists():
        taken(office, laid_in(office, f"{code}.1.csv"))
        if code == "changed-by-person":
            taken(office, mend(office, code, f"{code}.1"))
        found = taken(office, laid_in(office, f"{code}.2.csv"))
        return taken(office, mend(office, code, f"{code}.1")) if code == "changed-on-both-sides" else found
    file = laid_in(office, code)
    if code == "copy-not-written":
        return taken(office, file, checked=str(office.files / "no such folder" / "copy.xlsx"))
    found = taken(office, file)
    if code == "number-retired":
        office.undo()
    if code in MENDED:
        return taken(office, mend(office, code, file.stem))
    return taken(office, file) if code == "duplicate-file" else found


def told(finding: Finding) -> str:
    cell = finding.place.cell if finding.place else None
    return " ".join(filter(None, (finding.severity.value, finding.code, cell)))


def says_all(sentences: Mapping[str, str]) -> bool:
    """Whether nothing was left for the sentences to be filled in with."""
    return all(said and not re.search(r"[{}]|\bNone\b", said) for said in sentences.values())


@pytest.mark.parametrize("code", FOUND)
def test_the_file_of_a_code_brings_it_about_where_it_is_and_nothing_else(office: Office, code: str) -> None:
    found = found_in(office, code)
    assert sorted(map(told, found)) == sorted(FOUND[code])
    for finding in found:
        assert finding.place is not None
        assert Path(finding.place.file).is_absolute()
        assert finding.place.sheet in (None, "订单", *(f"{code}{nth}" for nth in ("", ".1", ".2")))
        assert (finding.place.sheet is None) == (code in ("duplicate-file", "copy-not-written"))
        for lang in text.LANGUAGES:
            assert says_all({part: words(finding, lang, part) for part in ("title", "message", "fix")})


@pytest.mark.parametrize("code", JUDGED)
def test_judging_the_orders_of_a_file_brings_a_code_about(office: Office, code: str) -> None:
    written = FILES / f"{code}.2.csv"
    taken(office, laid_in(office, f"{code}.1.csv" if written.exists() else code))
    found = prioritize(office.desk, office.edits(written) if written.exists() else []).findings
    assert sorted(map(told, found)) == sorted(JUDGED[code])
    for finding, lang in product(found, text.LANGUAGES):
        assert says_all({part: words(finding, lang, part) for part in ("title", "message", "fix")})


@pytest.mark.parametrize("code", ANSWERED)
def test_the_answers_to_the_orders_of_a_file_bring_a_code_about(office: Office, code: str) -> None:
    taken(office, laid_in(office, f"{code}.1.csv"))
    found = feedback(office.at("2024-05-20T12:00").desk, laid_in(office, f"{code}.2.csv")).findings
    assert sorted(map(told, found)) == sorted(ANSWERED[code])
    for finding, lang in product(found, text.LANGUAGES):
        assert says_all({part: words(finding, lang, part) for part in ("title", "message", "fix")})


@pytest.mark.parametrize("code", PLANNED)
def test_planning_the_orders_of_a_file_brings_a_code_about(office: Office, code: str) -> None:
    settings = office.desk.settings.model_copy(update={"plan": DESKS.get(code, Plan())})
    office.desk = replace(office.desk, settings=settings)
    if code == "holidays-unknown":
        office = office.at("2090-05-10T12:00")
    found: list[Finding] = []
    for file in sorted(FILES.glob(f"{code}*.csv")):
        taken(office, laid_in(office, file.name), checked="none")
        prioritize(office.desk)
        found = plan_orders(office.desk).findings
    if code in EDITED:
        found = plan_orders(office.desk, [EDITED[code]]).findings
    assert sorted(map(told, found)) == sorted(PLANNED[code])
    for finding, lang in product(found, text.LANGUAGES):
        assert says_all({part: words(finding, lang, part) for part in ("title", "message", "fix")})


def test_a_reason_for_an_order_that_was_not_late_is_said_to_be_none(office: Office) -> None:
    (code,) = MARKED
    taken(office, laid_in(office, code))
    (found,) = office.mark("202405-001", "reason", note="系统维护")["findings"]
    assert (found["severity"], found["code"]) == ("note", code)


def test_a_file_without_answers_is_refused(office: Office) -> None:
    (code,) = NO_ANSWERS
    path = laid_in(office, code)
    with pytest.raises(Unreadable) as refusal:
        feedback(office.desk, path)
    assert refusal.value.code == code
    assert all(says_all(explain(lang, refusal.value)) for lang in text.LANGUAGES)


@pytest.mark.parametrize("code", REPORTED)
def test_what_departments_report_in_a_file_brings_a_code_about(office: Office, code: str) -> None:
    taken(office, laid_in(office, f"{code}.1.csv"), checked="none")
    prioritize(office.desk)
    plan_orders(office.desk)
    day, expected = REPORTED[code]
    later = office.at(f"2024-05-{day}T12:00")
    found = track(later.desk, later.reports(FILES / f"{code}.2.csv")).findings
    assert sorted(map(told, found)) == sorted(expected)
    for finding, lang in product(found, text.LANGUAGES):
        assert says_all({part: words(finding, lang, part) for part in ("title", "message", "fix")})


def circumstances(office: Office, code: str) -> tuple[Office, dict[str, Any]]:
    """What else has to be so for a file to be refused: the desk it is handed to, and what is asked."""
    if code == "file-too-slow":
        settings = office.desk.settings
        hasty = settings.model_copy(update={"reading": settings.reading.model_copy(update={"seconds": -1.0})})
        office = office.at(NOON)
        office.desk = replace(office.desk, settings=hasty)
    if code != "password-wrong":
        return office, {}
    password = office.files / "password"
    password.write_text("芝麻开门\n", encoding="utf-8")
    return office, {"password_file": password}


class Written(io.FileIO):
    """A file that another program goes on writing to."""

    def read(self, size: int | None = -1, /) -> Any:
        content = super().read(-1 if size is None else size)
        before = os.fstat(self.fileno())
        os.utime(self.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
        return content


def opening(path: Path, how: Callable[[Path], Any]) -> Callable[..., Any]:
    usual = Path.open

    def opened(self: Path, *given: Any, **named: Any) -> Any:
        return how(self) if self == path else usual(self, *given, **named)

    return opened


def locked(path: Path) -> Any:
    raise PermissionError(errno.EACCES, "The process cannot access the file", str(path))


def unreachable(path: Path) -> Any:
    raise OSError(errno.EIO, "The network name is no longer available", str(path))


OPENED: Mapping[str, Callable[[Path], Any]] = {
    "file-locked": locked,
    "file-changing": Written,
    "file-unreachable": unreachable,
}


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_a_refused_file_is_a_finding_beside_others_and_stops_the_command_alone(
    office: Office, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.files / "none.xlsx" if code in WITHOUT_A_FILE else laid_in(office, code)
    other = laid_in(office, "clean")
    at, asked = circumstances(office, code)
    if code in OPENED:
        monkeypatch.setattr(Path, "open", opening(path, OPENED[code]))
    (found,) = taken(at, path, other, **asked)
    assert told(found) == f"error {code}"
    assert found.place is not None
    assert found.place.file == str(path)
    with pytest.raises(Unreadable) as refusal:
        taken(at, path, **asked)
    assert refusal.value.code == code
    for lang in text.LANGUAGES:
        assert says_all({part: words(found, lang, part) for part in ("title", "message", "fix")})
        said = explain(lang, refusal.value)
        assert said == {part: words(found, lang, part) for part in ("message", "fix")}
        assert says_all(said)
        assert path.name in said["message"]


def test_a_score_that_cannot_be_read_is_said_at_its_cell(office: Office) -> None:
    with open_book(laid_in(office, "unreadable-score")) as book:
        (sheet,) = book.sheets()
        table = open_table(sheet, KINDS)
        assert table is not None
        reader = TableReader(table.layout, office.desk.now.date())
        (lines,) = filter(None, table.chunks())
        ((doubt,),) = (typed.doubts for typed in reader.rows(lines))
    assert (doubt.field, doubt.column, doubt.code, doubt.text) == ("score", 4, "unreadable-score", "很好")


def test_a_folder_in_place_of_a_file_is_said(office: Office) -> None:
    with pytest.raises(Unreadable) as refusal, open_book(office.files):
        pass
    assert refusal.value.code == "file-is-folder"
    assert all(says_all(explain(lang, refusal.value)) for lang in text.LANGUAGES)


def test_every_code_has_its_file_and_every_file_its_code() -> None:
    helping = {"make", "__init__", "clean", "products"}
    files = {re.sub(r"\.[12]$", "", file.stem) for file in FILES.iterdir() if file.is_file()} - helping
    assert files == CATALOGUE.keys() - WITHOUT_A_FILE
    known = FOUND.keys() | REFUSED | READ_ONLY | JUDGED.keys() | PLANNED.keys() | REPORTED.keys() | OF_THE_DESK
    known |= ANSWERED.keys() | MARKED | NO_ANSWERS
    assert known == CATALOGUE.keys()


def test_the_made_files_have_the_headers_of_the_written_ones() -> None:
    assert (FILES / "clean.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(HEADERS)


def test_the_columns_that_differ_are_named_in_every_language(office: Office) -> None:
    (found,) = found_in(office, "duplicate-row-differs")
    for lang in text.LANGUAGES:
        said = words(found, lang, "message")
        for field in ("quantity", "delivery_date"):
            assert columns(KINDS[0])[field].words.of(lang) in said
    assert "202405-001" in words(found, "en", "message")


def test_a_duplicate_row_names_the_order_it_is_one_of(office: Office) -> None:
    (found,) = found_in(office, "duplicate-row")
    assert (found.number, found.params["number"], found.params["row"]) == ("202405-001", "202405-001", 2)


def test_lines_of_one_purchase_are_linked_in_the_note_and_in_show(office: Office) -> None:
    (found,) = found_in(office, "line-of-one-purchase")
    assert found.params["numbers"] == ["202405-001", "202405-003"]
    (shown,) = whole_order(office.desk, "202405-003").findings()
    assert (shown.code, shown.params) == (found.code, found.params)


def test_what_the_desk_itself_wrote_into_its_columns_is_never_a_change_in_any_language(office: Office) -> None:
    taken(office, laid_in(office, "missing-payment"))
    page = Mended(office.files / "missing-payment.checked.xlsx")
    page[1, "备注(特殊需求)"], page[1, "状态"] = "电话已约", text.say("en", "messages.states.checked")
    assert "computed-cell-changed" not in {finding.code for finding in taken(office, page.save())}


def test_columns_that_only_the_judging_needs_are_missed_once_for_a_sheet_without_them(office: Office) -> None:
    rows = [a_row(nth, **{"客户等级": None, "订单金额(万元)": None}) for nth in (1, 2)]
    found = taken(office, office.file("orders.csv", rows))
    assert sorted(map(told, found)) == ["warning missing-amount", "warning missing-level"]
    assert {finding.params["rows"] for finding in found} == {2}


def test_a_copy_not_written_says_why_in_words(office: Office) -> None:
    (found,) = found_in(office, "copy-not-written")
    assert all("cannot-write" not in words(found, lang, "message") for lang in text.LANGUAGES)
