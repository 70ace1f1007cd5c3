"""The open clocks that a watch keeps are, at every moment, those that the history says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from desks import Office, a_row
from hypothesis import given, settings
from hypothesis import strategies as st

from orderflow.flows.open_clocks import keep_clocks, open_clocks
from orderflow.flows.progress_notices import told_as
from orderflow.flows.tracking import Report
from orderflow.ledger import open_clocks as kept
from orderflow.ledger import stories
from orderflow.records.errors import OrderflowError
from orderflow.rules.limits import limits
from orderflow.rules.open_clocks import OpenClock, open_clocks_of
from orderflow.settings import load

Open = dict[str, list[OpenClock]]
MARKS = ("contacted", "checked", "asked", "answered", "cancelled", "delivered", "complained", "satisfied", "surveyed",
         "distinct", "seen")  # fmt: skip
STEPS = (*MARKS, "take", "late", "mend", "undo", "prioritize", "plan", "watch", "keep")
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 3), st.integers(1, 1500)), min_size=4, max_size=12)


def looked_at(office: Office) -> tuple[Open, Open]:
    """The open clocks as a command sees them, and as the whole history has them."""
    with office.desk.ledger() as ledger, ledger.read() as book:
        seen = {number: list(clocks) for number, clocks in open_clocks(office.desk, book)}
        told = stories.told(book, stories.OPEN, told_as)
        allowed = limits(office.desk.settings, office.desk.zone)
        true = {number: open_clocks_of(story, allowed, office.desk.now) for number, story in told}
    return seen, {number: clocks for number, clocks in true.items() if clocks}


def keep(office: Office) -> None:
    with office.desk.ledger() as ledger:
        keep_clocks(office.desk, ledger)


def kept_since(office: Office) -> int | None:
    with office.desk.ledger() as ledger, ledger.read() as book:
        basis = kept.basis(book)
        return basis and basis.seq


def step(office: Office, what: str, nth: int) -> None:
    """One thing that people do; what the desk refuses did not happen."""
    number = f"202406-{nth:03d}"
    try:
        if what in MARKS:
            office.by("小李").mark(number, what)
        elif what == "take":
            office.take(f"{office.desk.now:%d%H%M}.xlsx", a_row(nth + 3, 付款状态="" if nth == 2 else "已付"))
        elif what == "mend":
            office.take(f"m{office.desk.now:%d%H%M}.xlsx", a_row(nth, 订单编号=number, 付款状态="已付", 订单数量="7台"))
        elif what == "late":
            office.progress(Report(number, "quality", {"actual": office.desk.now.date() + timedelta(days=2)}))
        else:
            getattr(office, what)()
    except OrderflowError:
        return


@settings(max_examples=8, deadline=None)
@given(steps)
def test_whatever_happens_the_kept_clocks_are_those_of_the_history(happened: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        office = Office(Path(folder) / "d")
        office.take("a.xlsx", a_row(1), a_row(2, 付款状态=""), a_row(3))
        for what, nth, minutes in happened:
            office = office._with(now=office.desk.now + timedelta(minutes=minutes))
            keep(office) if what == "keep" else step(office, what, nth)
            seen, true = looked_at(office)
            assert seen == true, what


def test_only_what_was_recorded_since_is_looked_at_again(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    numbers = office.take("a.xlsx", *map(a_row, range(1, 6))).numbers
    keep(office)
    later = office.at("2024-06-10T13:00")
    later.mark(numbers[0], "contacted")
    with later.desk.ledger() as ledger, ledger.read() as book:
        since = kept_since(office)
        assert since is not None
        assert kept.unsettled(book, since) == {numbers[0]}
        lasting = dict(kept.lasting(book, later.desk.now))
    assert {clock.state for clock in lasting[numbers[1]]} == {"broken"}, "time has passed"
    seen, true = looked_at(later)
    assert seen == true
    keep(later)
    seen, true = looked_at(later)
    assert seen == true
    assert sorted(seen) == sorted(numbers)
    assert [clock.clock for clock in seen[numbers[0]]] == ["plan"]


def test_a_question_that_stays_open_moves_what_is_due(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    office.mark(number, "asked")
    keep(office)
    seen, true = looked_at(office.at("2024-06-10T17:00"))
    assert seen == true
    assert {clock.state for clock in seen[number]} == {"paused"}


def test_what_was_taken_back_no_longer_counts(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url)
    (number,) = office.take("a.xlsx", a_row(1)).numbers
    office.mark(number, "contacted")
    keep(office)
    office.undo()
    seen, true = looked_at(office)
    assert seen == true
    assert [clock.clock for clock in seen[number]] == ["confirm", "plan"]


def test_other_limits_and_a_clock_set_back_look_at_everything_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.take("a.xlsx", a_row(1))
    keep(office)
    path = office.desk.path / "orderflow.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[clocks]\nconfirm_hours = [1, 1, 1]\n", encoding="utf-8")
    stricter = office._with(settings=load(path))
    for other in (stricter, office.at("2024-06-09T09:00")):
        seen, true = looked_at(other)
        assert seen == true
    before = kept_since(office)
    keep(stricter)
    assert kept_since(office) == before, "nothing was recorded, but the limits are new"
    assert looked_at(stricter)[0] != looked_at(office)[0]
