"""Every workbook of the desk is brought together in the same way: priority, plan, progress, feedback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from desks import Office, a_row
from openpyxl.comments import Comment
from windows import Synced, edited, page, put, synced

from orderflow.ledger import kept
from orderflow.records.rows import Feedback, Plan, Priority, Progress, RowType, columns

ONE, TWO = "202406-001", "202406-002"


class Case(NamedTuple):
    """One workbook: a row as a person adds it, and a cell of it that is edited: header, field, before, after, wrong."""

    name: str
    table: str
    row: RowType
    typed: dict[str, Any]
    header: str
    field: str
    before: tuple[Any, Any]
    after: tuple[Any, Any]
    others: tuple[Any, Any]
    wrong: tuple[str, str, str]

    @property
    def kind(self) -> str:
        """As `sync` calls it."""
        return self.name.removesuffix(".xlsx")


PRIORITY = Case(
    "priority.xlsx", "priority", Priority,
    {"订单编号": ONE, "客户等级": "VIP", "订单金额(万元)": 12, "交付紧急度": "宽松(7天以上)", "判定人": "王经理"},
    "客户等级", "priority.level", ("vip", "VIP"), ("普通", "regular"), ("新", "new"),
    ("订单金额(万元)", "很多", "unreadable-amount"),
)  # fmt: skip
PLAN = Case(
    "plan.xlsx", "stage", Plan,
    {"订单编号": ONE, "执行阶段": "生产", "负责人": "李工", "计划开始时间": "2024-06-11", "计划结束时间": "2024-06-13"},
    "负责人", "stage/production/1.owner", ("李工", "李工"), ("赵工", "赵工"), ("钱工", "钱工"),
    ("计划结束时间", "05/06/2024", "ambiguous-date"),
)  # fmt: skip
PROGRESS = Case(
    "progress.xlsx", "stage", Progress,
    {"订单编号": ONE, "执行阶段": "物流", "负责人": "老陈", "计划完成时间": "2024-06-15"},
    "物流单号", "stage/logistics/1.tracking_number", (None, None), ("SF1001", "SF1001"), ("SF2002", "SF2002"),
    ("实际完成时间", "尽快", "unreadable-date"),
)  # fmt: skip
FEEDBACK = Case(
    "feedback.xlsx", "feedback", Feedback,
    {"订单编号": ONE, "客户名称": "潮汐贸易", "验收结果": "合格", "满意度评分": 4},
    "满意度评分", "feedback/1.score", ("4", 4), ("5", 5), ("3", 3),
    ("产品质量", "很好", "unreadable-score"),
)  # fmt: skip
CASES = [pytest.param(case, id=case.kind) for case in (PRIORITY, PLAN, PROGRESS, FEEDBACK)]


def opened_office(folder: Path, ledger: str = "sqlite:///ledger.db") -> Office:
    made = Office(folder, ledger=ledger, window=ledger.startswith("postgresql"))
    made.take("a.xlsx", a_row(1), a_row(2))
    return made


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with two orders, to be copied."""
    folder = tmp_path_factory.mktemp("opened") / "office"
    opened_office(folder)
    return folder


@pytest.fixture(scope="module")
def filled(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Path]:
    """For each case an office in which its row was brought into the ledger, made once and to be copied."""
    made: dict[str, Path] = {}

    def folder(case: Case) -> Path:
        if case.kind not in made:
            made[case.kind] = tmp_path_factory.mktemp("filled") / "office"
            said = fill_in(Office.copied(opened, made[case.kind]), case)
            assert said.codes == []
            assert said.json["changes"]
        return made[case.kind]

    return folder


@pytest.fixture
def office(opened: Path, tmp_path: Path) -> Office:
    return Office.copied(opened, tmp_path / "office")


def fill_in(office: Office, case: Case) -> Synced:
    """The case's row, in the place there is for it or below the others, brought into the ledger."""

    def change(opened: Any) -> None:
        numbers = opened.column("订单编号")
        row = numbers.index(ONE) + 1 if ONE in numbers else opened.add({})
        for header, value in case.typed.items():
            opened[row, header] = value

    synced(office, case.kind)
    edited(office, change, name=case.name)
    return synced(office, case.kind)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, filled: Callable[[Case], Path], office: Office) -> Case:
    """A workbook of the office whose first row is the case's."""
    found: Case = request.param
    Office.copied(filled(found), office.desk.path.parent)
    return found


def stored(office: Office, case: Case) -> list[Any]:
    with office.desk.ledger() as ledger, ledger.read() as book:
        live = kept.live(book, case.table, columns(case.row))
        return [one.kept(case.row).row for rows in live for one in rows]


def value(office: Office, case: Case) -> Any:
    (row,) = stored(office, case)
    return getattr(row, case.field.rpartition(".")[2])


def test_what_is_written_into_it_is_kept_and_written_back(office: Office, case: Case) -> None:
    (row,) = stored(office, case)
    assert row.number == ONE
    opened = page(office, case.name)
    assert opened.column("订单编号")[0] == ONE
    assert opened[1, case.header] == (None if case.before[0] is None else case.before[1])
    assert opened.book.worksheets[-1].sheet_state == "veryHidden"
    saved = opened.save().read_bytes()
    assert synced(office, case.kind).nothing
    assert (office.desk.path / case.name).read_bytes() == saved
    assert office.troubles() == {}


@pytest.mark.parametrize("case", CASES)
def test_an_edit_is_recorded_as_its_author_s_and_can_be_undone_on_both_databases(
    tmp_path: Path, ledger_url: str, case: Case
) -> None:
    office = opened_office(tmp_path / "both", ledger_url)
    fill_in(office, case)
    edited(office, put(1, case.header, case.after[0]), name=case.name)
    said = synced(office.by("老王"), case.kind)
    assert said.edits[ONE, case.field] == case.after[1]
    change = said.json["changes"][0]  # what follows from it, such as another level, comes after
    assert (change["owner"], change["file"]) == ("老王", case.name)
    assert change["values"][0]["cell"]
    assert value(office, case) == case.after[1]
    office.undo(said.json["run"])
    assert value(office, case) in case.before
    synced(office, case.kind)
    assert page(office, case.name)[1, case.header] in case.before
    assert office.troubles() == {}


def test_a_row_that_was_added_goes_with_its_undo(office: Office, case: Case) -> None:
    office.undo()
    assert stored(office, case) == [] or case.table == "priority"
    synced(office, case.kind)
    assert page(office, case.name).column(case.header)[:1] in ([None], [])
    assert office.troubles() == {}
    again = case._replace(typed={"订单编号": ONE, "执行阶段": case.typed.get("执行阶段"), case.header: case.after[0]})
    again = again._replace(typed={header: said for header, said in again.typed.items() if said is not None})
    assert fill_in(office, again).codes == []
    assert value(office, case) == case.after[1]
    assert office.troubles() == {}


def test_a_bad_cell_keeps_its_text_marked_and_the_good_one_beside_it_goes_in(office: Office, case: Case) -> None:
    header, typed, code = case.wrong

    def change(opened: Any) -> None:
        opened[1, header], opened[1, case.header] = typed, case.after[0]

    edited(office, change, name=case.name)
    said = synced(office, case.kind)
    assert said.codes == [code]
    assert said.json["findings"][0]["cell"]
    assert header in said.json["findings"][0]["message"] or typed in said.json["findings"][0]["message"]
    assert value(office, case) == case.after[1]
    opened = page(office, case.name)
    assert opened[1, header] == typed
    assert opened.at(1, header).comment is not None
    opened.save()
    assert synced(office, case.kind).nothing


def test_what_two_copies_say_differently_is_put_before_a_person(office: Office, case: Case) -> None:
    mine = edited(office, put(1, case.header, case.after[0]), copy="甲.xlsx", name=case.name)
    yours = edited(office, put(1, case.header, case.others[0]), copy="乙.xlsx", name=case.name)
    assert synced(office, mine).exit_code == 0
    said = synced(office.by("老王"), yours)
    (conflict,) = said.json["conflicts"]
    assert (conflict["number"], conflict["field"]) == (ONE, case.field)
    assert (said.exit_code, value(office, case)) == (1, case.after[1])
    opened = page(office, case.name)
    assert str(case.others[0]) in opened.at(1, case.header).comment.text
    opened.book["待定"].cell(3, 7).value = "采用表里的"
    opened.save()
    assert synced(office, case.kind).json["conflicts"] == []
    assert value(office, case) == case.others[1]
    assert office.troubles() == {}


def test_a_copy_weeks_old_changes_only_what_was_changed_in_it(office: Office, case: Case) -> None:
    old = edited(office, lambda opened: opened.add({}), copy="旧的.xlsx", name=case.name)
    edited(office, put(1, case.header, case.after[0]), name=case.name)
    synced(office, case.kind)
    later = office.at("2024-07-05T10:00")
    assert synced(later, old).edits == {}
    assert value(office, case) == case.after[1]


def test_a_column_a_comment_and_the_row_s_place_are_people_s(office: Office, case: Case) -> None:
    def change(opened: Any) -> None:
        opened.sheet.cell(1, len(opened.headers) + 1).value = "班组"
        opened[1, "班组"] = "甲班"
        opened.at(1, case.header).comment = Comment("问过了", "小李")

    edited(office, change, name=case.name)
    synced(office, case.kind)
    office.take("b.xlsx", a_row(3))
    synced(office, case.kind)
    opened = page(office, case.name)
    assert opened[1, "班组"] == "甲班"
    assert opened.at(1, case.header).comment.text == "问过了"


def test_a_removed_row_is_reported_and_comes_back(office: Office, case: Case) -> None:
    edited(office, lambda opened: opened.sheet.delete_rows(2), name=case.name)
    assert synced(office, case.kind).codes == ["row-removed"]
    assert page(office, case.name).column("订单编号")[0] == ONE


def test_the_number_of_a_row_is_not_for_people_to_change(office: Office, case: Case) -> None:
    edited(office, put(1, "订单编号", "202499-001"), name=case.name)
    assert synced(office, case.kind).codes == ["computed-cell-changed"]
    assert page(office, case.name)[1, "订单编号"] == ONE


def test_a_row_of_no_order_stays_as_it_was_typed(office: Office, case: Case) -> None:
    typed = {**case.typed, "订单编号": "202401-999"}
    edited(office, lambda opened: opened.add(typed), name=case.name)
    said = synced(office, case.kind)
    assert (said.exit_code, said.codes) == (1, ["row-without-order"])
    opened = page(office, case.name)
    last = opened.column("订单编号").index("202401-999") + 1
    assert opened.at(last, "订单编号").comment is not None
    opened[last, "订单编号"] = TWO
    opened.save()
    synced(office, case.kind)
    assert sorted(row.number for row in stored(office, case)) == [ONE, TWO]


def test_a_workbook_of_another_kind_in_its_place_is_refused(office: Office, case: Case) -> None:
    synced(office, "registration")
    page(office).path.replace(office.desk.path / case.name)
    page(office, case.name).save()
    assert synced(office, case.kind).codes == ["other-workbook"]


def test_a_stage_without_its_name_is_asked_for(office: Office) -> None:
    synced(office, "plan")
    edited(office, lambda opened: opened.add({"订单编号": ONE, "负责人": "李工"}), name="plan.xlsx")
    assert synced(office, "plan").codes == ["row-without-stage"]
    edited(office, put(1, "执行阶段", "质检"), name="plan.xlsx")
    assert synced(office, "plan").codes == []
    assert [row.stage for row in stored(office, PLAN)] == ["inspection"]


def test_a_stage_typed_twice_is_asked_about_and_a_second_delivery_is_a_row_of_its_own(office: Office) -> None:
    for case, codes in ((PLAN, ["duplicate-row-differs"]), (FEEDBACK, [])):
        fill_in(office, case)
        again = page(office, case.name)
        again.add({**case.typed, case.header: case.after[0]})
        again.save()
        assert synced(office, case.kind).codes == codes
    assert len(stored(office, PLAN)) == 1
    assert [row.score for row in stored(office, FEEDBACK)] == [4, 5]


def test_a_stage_has_one_owner_in_the_plan_and_in_the_progress(office: Office) -> None:
    fill_in(office, PLAN)
    synced(office, "progress")
    edited(office, put(1, "负责人", "周工"), name="progress.xlsx")
    synced(office, "plan", "progress")
    assert page(office, "plan.xlsx")[1, "负责人"] == "周工"


def test_stages_stand_in_the_order_in_which_they_follow_each_other(office: Office) -> None:
    def add(opened: Any) -> None:
        for number, stage in ((TWO, "物流"), (ONE, "物流"), (ONE, "生产"), (ONE, "质检")):
            opened.add({"订单编号": number, "执行阶段": stage})

    synced(office, "plan")
    edited(office, add, name="plan.xlsx")
    synced(office, "plan", "progress")
    opened = page(office, "progress.xlsx")
    assert list(zip(opened.column("订单编号"), opened.column("执行阶段"), strict=True)) == [
        (ONE, "生产"),
        (ONE, "质检"),
        (ONE, "物流"),
        (TWO, "物流"),
    ]
