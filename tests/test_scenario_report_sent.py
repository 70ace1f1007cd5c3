"""The report reaches the desk's group with its workbook, and nobody forgets that it is due (step 6)."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from desks import Office, a_row
from orderflow_cli import Prompt
from receivers import mail_server

from orderflow.flows.month import work_out
from orderflow.flows.month_notices import remind_of_report
from orderflow.flows.watch import watch
from orderflow.ledger import outbox
from orderflow.report.progress import Progress
from orderflow.rules.calendar import Calendar
from orderflow.rules.report_due import due_on

MAIL = """[channels.mail]
kind = "email"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "desk@example.com"
[[routes]]
channel = "mail"
recipients = ["group"]
address = "group@example.com"
"""


def test_issuing_sends_the_report_once_with_its_workbook(tmp_path: Path, ledger_url: str) -> None:
    with mail_server() as server:
        office = Office(tmp_path, ledger_url, MAIL.format(port=server.port))
        office.take("orders.xlsx", a_row(1), a_row(2))
        july = office.at("2024-07-03T09:00")
        for _ in range(2):
            work_out(july.desk, "last", issue=True)
    (mail,) = map(message_from_bytes, server.got)
    names = [part.get_filename() for part in mail.walk() if part.get_filename()]
    assert names == ["2024-06.xlsx"]
    attached = next(part.get_payload(decode=True) for part in mail.walk() if part.get_filename())
    assert attached == (office.desk.path / "reports" / "2024-06.xlsx").read_bytes()


def test_cron_sends_last_months_report_once_and_issuing_the_same_figures_does_not_send_it_again(
    tmp_path: Path,
) -> None:
    with mail_server() as server:
        office = Office(tmp_path, settings=MAIL.format(port=server.port))
        office.take("orders.xlsx", a_row(1), a_row(2))
        july = Prompt(tmp_path, now="2024-07-05T08:00")
        for words in (("--month", "2024-05"), ("--orders", "orders"), ("--month", "last"), (), ("--issue",)):
            assert july.run("monthly-report", *words, "--quiet").exit_code == 0
    (mail,) = map(message_from_bytes, server.got)
    (attached,) = [part for part in mail.walk() if part.get_filename()]
    book = openpyxl.load_workbook(BytesIO(attached.get_payload(decode=True)))  # type: ignore[arg-type]
    figures = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert (figures["订单数量"], attached.get_filename()) == (2, "2024-06.xlsx")
    assert json_of_issued(july) is not None


def json_of_issued(prompt: Prompt) -> object:
    """When the month was issued, as the report says it."""
    return prompt.json("monthly-report").json["issued"]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A desk with an order of June that tells nobody of anything."""
    office = Office(tmp_path)
    office.take("orders.xlsx", a_row(1))
    return office


def test_a_terminal_or_a_desk_without_a_channel_sends_nothing(office: Office) -> None:
    july = office.at("2024-07-03T09:00")
    work_out(july.desk, "last", send=True)
    with july.desk.ledger() as ledger, ledger.read() as book:
        assert not [one for one in outbox.waiting(book) if one.event == "report"]


def test_without_a_channel_it_waits_in_the_outbox_and_a_lost_workbook_is_said(office: Office) -> None:
    july = office.at("2024-07-03T09:00")
    work_out(july.desk, "last", issue=True)
    with july.desk.ledger() as ledger, ledger.read() as book:
        (notice,) = [one for one in outbox.waiting(book) if one.event == "report"]
    assert notice.facts["workbook"] == "reports/2024-06.xlsx"
    assert notice.facts["figures"][-1] == "订单数量 1 (1/1, —)"


def test_the_specialist_is_reminded_once_while_no_report_is_issued(office: Office) -> None:
    def reminded(at: str) -> int:
        with office.desk.ledger() as ledger, office.at(at).desk.begin(ledger, "watch") as run:
            return remind_of_report(office.at(at).desk, run)

    assert [reminded(f"2024-07-0{day}T09:00") for day in (4, 5, 6)] == [0, 1, 0]
    work_out(office.at("2024-08-01T09:00").desk, "last", issue=True)
    assert reminded("2024-08-06T09:00") == 0


@pytest.mark.parametrize(
    ("month", "due"),
    [("2024-07", "2024-07-05"), ("2024-05", "2024-05-06"), ("2024-10", "2024-10-08"), ("2024-01", "2024-01-05")],
)
def test_it_is_due_on_the_last_working_day_up_to_the_fifth(month: str, due: str) -> None:
    assert due_on(date.fromisoformat(f"{month}-01"), 5, Calendar().is_working) == date.fromisoformat(due)


def test_the_watch_reminds_of_it_once(office: Office) -> None:
    with Progress("zh-Hans", shown=False) as progress:
        for at in ("2024-07-05T09:00", "2024-07-05T09:05"):
            watch(office.at(at).desk, progress)
    with office.desk.ledger() as ledger, ledger.read() as book:
        assert [one.event for one in outbox.waiting(book)].count("report-due") == 1
