"""Every code about the desk's own workbooks is brought about, with its severity and its words in every language."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from desks import Office, a_row
from test_findings import OF_THE_DESK, says_all, told
from windows import NAME, Page, edited, page, put

from orderflow import text
from orderflow.flows.archiving import archive
from orderflow.flows.sync import sync
from orderflow.records.errors import OrderflowError
from orderflow.records.finding import Finding
from orderflow.report.progress import Progress
from orderflow.report.sentences import explain, words

Bring = Callable[[Office, pytest.MonkeyPatch], list[str | Path]]


def opened_elsewhere(office: Office, _: pytest.MonkeyPatch) -> list[str | Path]:
    (office.desk.path / f"~${NAME}").write_bytes(b"")
    return []


def edited_meanwhile(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[str | Path]:
    """Saved between the reading and the writing: nothing of it is overwritten."""
    copy = edited(office, put(1, "联系人", "*主任"), copy="甲.xlsx")
    edited(office, put(1, "备注(特殊需求)", "送到后门"))
    return [copy]


def not_replaceable(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[str | Path]:
    """A network share on which no file can take the place of another."""
    edited(office, put(1, "联系人", "*主任"))
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if Path(target).name == NAME:
            raise OSError(95, "Operation not supported", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    return []


def of_another_desk(office: Office, _: pytest.MonkeyPatch) -> list[str | Path]:
    other = Office(office.files / "other", window=True)
    other.take("a.xlsx", a_row(1))
    return [Path(shutil.copy(other.desk.path / NAME, office.files / "别处.xlsx"))]


def without_a_row(office: Office, _: pytest.MonkeyPatch) -> list[str | Path]:
    edited(office, lambda opened: opened.sheet.delete_rows(2))
    return []


def typed_below(**row: str) -> Bring:
    def bring(office: Office, _: pytest.MonkeyPatch) -> list[str | Path]:
        taken(office, ["plan"])
        edited(office, lambda opened: opened.add(row), name="plan.xlsx")
        return ["plan"]

    return bring


def with_a_formula(office: Office, _: pytest.MonkeyPatch) -> list[str | Path]:
    def extend(opened: Page) -> None:
        opened.sheet.cell(1, len(opened.headers) + 1).value = "折后"
        opened[1, "折后"] = "=1+1"

    edited(office, extend)
    return []


def in_the_archive(office: Office, _: pytest.MonkeyPatch) -> list[str | Path]:
    taken(office, ["registration"])
    copy = edited(office, put(1, "联系人", "*主任"), copy="甲.xlsx")
    office.mark("202406-001", "cancelled")
    archive(office.at("2024-07-02T09:00").desk, "2024-06")
    taken(office, ["registration"])
    return [copy]


FOUND: Mapping[str, tuple[Bring, str]] = {
    "workbook-open": (opened_elsewhere, "note workbook-open"),
    "workbook-edited": (edited_meanwhile, "note workbook-edited"),
    "written-elsewhere": (not_replaceable, "warning written-elsewhere"),
    "other-desk": (of_another_desk, "error other-desk"),
    "row-removed": (without_a_row, "warning row-removed"),
    "row-without-order": (typed_below(订单编号="202401-999", 执行阶段="生产"), "error row-without-order A2"),
    "row-without-stage": (typed_below(订单编号="202406-001", 负责人="李工"), "error row-without-stage"),
    "order-archived": (in_the_archive, "note order-archived"),
    "formula-as-value": (with_a_formula, "note formula-as-value"),
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path, window=True)
    made.take("a.xlsx", a_row(1), a_row(2))
    return made


def taken(office: Office, asked: list[str | Path]) -> list[Finding]:
    with Progress("zh-Hans", shown=False) as progress:
        return sync(office.desk, [str(word) for word in asked or ["registration"]], progress).findings


@pytest.mark.parametrize("code", sorted(FOUND))
def test_it_is_found_and_said_in_every_language(office: Office, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bring, expected = FOUND[code]
    (found,) = taken(office, bring(office, monkeypatch))
    assert told(found).startswith(expected.removesuffix(" A2"))
    for lang in text.LANGUAGES:
        assert says_all({part: words(found, lang, part) for part in ("title", "message", "fix")})


def test_every_code_of_the_desk_s_workbooks_is_here() -> None:
    assert FOUND.keys() == OF_THE_DESK


def test_where_no_file_may_be_replaced_the_workbook_has_a_new_name_and_is_read_back_from_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(office, not_replaceable(office, monkeypatch))
    assert page(office)[1, "联系人"] == "*主任"
    written = office.desk.path / "registration-2.xlsx"
    assert Page(written)[1, "联系人"] == "*主任"
    opened = Page(written)
    opened[2, "联系人"] = "*总"
    opened.save()
    taken(office, [written])
    assert office.show("202406-002")["contact_person"] == "*总"


def test_a_kind_that_there_is_not_names_those_that_there_are(office: Office) -> None:
    with pytest.raises(OrderflowError) as refusal:
        taken(office, ["plans"])
    assert refusal.value.code == "kind-unknown"
    for lang in text.LANGUAGES:
        assert says_all(explain(lang, refusal.value))
        assert "feedback" in " ".join(explain(lang, refusal.value).values())
