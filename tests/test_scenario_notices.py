"""The outbox: every notice leaves once, waits where it cannot, and says so; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desks import Office, a_row
from ledgers import at_once
from orderflow_cli import Prompt
from receivers import HANG_UP, SILENCE, Answer, WebReceiver, mail_server, web_receiver
from rich.cells import cell_len

from orderflow import text
from orderflow.answers.outbox import NoticeAnswer, OutboxAnswer
from orderflow.call import Call
from orderflow.flows.configuration import explained
from orderflow.flows.laying import lay_out
from orderflow.flows.outbox import decide, listed, shown
from orderflow.flows.sending import Sent, send_waiting
from orderflow.flows.telling import Told, tell
from orderflow.records.errors import OrderflowError
from orderflow.settings import load

WEBHOOK = '[channels.hook]\nkind = "webhook"\nurl = "file:url.txt"\ntimeout_seconds = 1\n'
CALL = Call(None, None, None, json=False, quiet=False, verbose=False, debug=False)
ROUTE = '[[routes]]\nchannel = "hook"\n'
BUSY = Answer(429, "slow down", (("Retry-After", "600"),))


@pytest.fixture(autouse=True)
def _straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy stands between the tests and their receivers."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def with_hook(folder: Path, ledger: str, receiver: WebReceiver, settings: str = WEBHOOK + ROUTE) -> Office:
    """An office whose notices go to a web server."""
    office = Office(folder, ledger, settings, window=ledger.startswith("postgresql"))
    (office.desk.path / "url.txt").write_text(receiver.url, encoding="utf-8")
    return office


def flagged(office: Office, *nths: int) -> None:
    """One file for each, with one order that lacks a payment status."""
    for nth in nths:
        office.take(f"{nth}.csv", a_row(nth, 付款状态=""))


def send(office: Office) -> Sent:
    with office.desk.ledger() as ledger:
        return send_waiting(office.desk, ledger, office.desk.now)


def states(office: Office) -> list[str]:
    """Where each notice stands, the oldest first."""
    return [notice.state for notice in reversed(listed(office.desk, None, 1_000).notices)]


def outbox(office: Office, decision: str, *named: str) -> dict[str, Any]:
    answer = OutboxAnswer(office.desk, decision, decide(office.desk, decision, named))
    return answer.as_json() | {"exit_code": answer.exit_code}


def pages(office: Office) -> list[str]:
    """The texts in the desk's folder."""
    return sorted(path.name for path in (office.desk.path / "outbox").iterdir())


def kinds(office: Office) -> list[str]:
    """What the history tells of notices."""
    return [entry.change.kind for entry in office.log() if entry.change.kind.startswith("notice-")]


def test_a_flagged_order_is_told_once(tmp_path: Path, ledger_url: str) -> None:
    with web_receiver() as receiver:
        office = with_hook(tmp_path, ledger_url, receiver)
        flagged(office, 1)
        office.take("fine.csv", a_row(2))
        assert send(office) == Sent(sent=1, waiting=0)
        assert send(office.at("2024-06-11T09:00")) == Sent()
    (got,) = receiver.got
    assert got.json["orders"] == ["202406-001"]
    assert "06-10 11:00" in got.json["subject"]
    assert "202406-001　缺付款状态" in got.json["text"]
    assert (states(office), kinds(office), pages(office)) == (["sent"], ["notice-sent"], [])
    assert office.troubles() == {}


def test_refused_it_is_tried_again_after_growing_pauses_and_then_set_aside(tmp_path: Path, ledger_url: str) -> None:
    settings = f"[notices]\npauses_minutes = [1, 5]\n{WEBHOOK}{ROUTE}"
    with web_receiver(Answer(500)) as receiver:
        office = with_hook(tmp_path, ledger_url, receiver, settings)
        flagged(office, 1)
        tries = {"09:00": 1, "09:00:59": 1, "09:01": 2, "09:05": 2, "09:06": 3, "12:00": 3}
        for at, so_far in tries.items():
            send(office.at(f"2024-06-10T{at}"))
            assert len(receiver.got) == so_far
        assert (states(office), kinds(office)) == (["failed"], ["notice-failed"])
        assert pages(office) == ["000001-flagged-failed.txt"]
        assert office.troubles() == {"notices": ["1 hook: 对方拒收：HTTP 500"]}
        again = outbox(office, "retry", "1")
        assert (again["exit_code"], again["notices"][0]["state"], len(receiver.got)) == (0, "waiting", 4)
        receiver.answers[:] = [Answer(200)]
        later = outbox(office.at("2024-06-10T12:01"), "retry", "all")
    assert (later["notices"][0]["state"], states(office)) == ("sent", ["sent"])
    assert len({got.headers["X-Idempotency-Key"] for got in receiver.got}) == 1
    assert pages(office) == []


def test_a_receiver_that_wants_a_pause_gets_it_for_everything(tmp_path: Path, ledger_url: str) -> None:
    with web_receiver(BUSY, Answer(200)) as receiver:
        office = with_hook(tmp_path, ledger_url, receiver)
        flagged(office, 1, 2, 3)
        assert send(office) == Sent(sent=0, waiting=3)
        assert send(office.at("2024-06-10T09:09")) == Sent(sent=0, waiting=3)
        assert len(receiver.got) == 1
        assert send(office.at("2024-06-10T09:10")) == Sent(sent=3, waiting=0)


def test_no_channel_gets_more_in_a_minute_than_it_takes(tmp_path: Path, ledger_url: str) -> None:
    with web_receiver() as receiver:
        office = with_hook(tmp_path, ledger_url, receiver, f"{WEBHOOK}per_minute = 2\n{ROUTE}")
        flagged(office, 1, 2, 3)
        assert send(office) == Sent(sent=2, waiting=1)
        assert send(office.at("2024-06-10T09:00:59")) == Sent(sent=0, waiting=1)
        assert send(office.at("2024-06-10T09:01")) == Sent(sent=1, waiting=0)
    assert [got.json["orders"] for got in receiver.got] == [["202406-001"], ["202406-002"], ["202406-003"]]


@pytest.mark.parametrize("silent", [SILENCE, HANG_UP])
def test_what_nobody_answered_is_said_and_not_sent_again_by_itself(tmp_path: Path, silent: str) -> None:
    with web_receiver(silent, Answer(200)) as receiver:
        office = with_hook(tmp_path, "sqlite:///ledger.db", receiver)
        flagged(office, 1)
        send(office)
        assert send(office.at("2024-07-01T09:00")) == Sent(sent=0, waiting=1)
        assert (states(office), len(receiver.got)) == (["uncertain"], 1)
        assert pages(office) == ["000001-flagged-uncertain.txt"]
        assert "不知道是否送达" in office.troubles()["notices"][0]
        assert outbox(office, "retry", "1")["notices"][0]["state"] == "sent"
    first, second = receiver.got
    assert first.headers["X-Idempotency-Key"] == second.headers["X-Idempotency-Key"]
    assert kinds(office) == ["notice-uncertain", "notice-retried", "notice-sent"]


def test_a_receiver_that_falls_silent_makes_one_notice_uncertain_and_not_all(tmp_path: Path) -> None:
    with web_receiver(SILENCE, Answer(200)) as receiver:
        office = with_hook(tmp_path, "sqlite:///ledger.db", receiver)
        flagged(office, 1, 2, 3)
        assert send(office) == Sent(sent=0, waiting=3)
        assert (states(office), len(receiver.got)) == (["uncertain", "waiting", "waiting"], 1)
        assert send(office.at("2024-06-10T09:01")) == Sent(sent=2, waiting=1)


def test_a_route_that_was_wrong_is_mended_in_the_settings(tmp_path: Path, ledger_url: str) -> None:
    with mail_server("550 no such user") as wrong, mail_server() as right, web_receiver() as receiver:
        mail = f'[channels.mail]\nkind = "email"\nhost = "127.0.0.1"\nport = {wrong.port}\nsecurity = "none"\n'
        mail += 'sender = "desk@example.com"\n[[routes]]\nchannel = "mail"\naddress = "lni@example.com"\n'
        office = with_hook(tmp_path, ledger_url, receiver, f"{WEBHOOK}{ROUTE}{mail}")
        flagged(office, 1)
        send(office)
        send(office)
        assert states(office) == ["sent", "failed"]
        settings = office.desk.path / "orderflow.toml"
        mended = settings.read_text(encoding="utf-8").replace("lni@", "lin@").replace(str(wrong.port), str(right.port))
        settings.write_text(mended, encoding="utf-8")
        assert outbox(Office.again(tmp_path), "retry", "2")["notices"][0]["state"] == "sent"
    assert (right.to, len(receiver.got), states(office)) == (["lin@example.com"], 1, ["sent", "sent"])


def test_a_copy_whose_route_is_gone_is_not_sent_where_another_copy_goes(tmp_path: Path) -> None:
    other = WEBHOOK.replace("hook]", "other]").replace("url.txt", "other.txt") + ROUTE.replace("hook", "other")
    with web_receiver() as receiver, web_receiver(Answer(500)) as refusing:
        office = with_hook(tmp_path, "sqlite:///ledger.db", receiver, f"{WEBHOOK}{ROUTE}{other}")
        (office.desk.path / "other.txt").write_text(refusing.url, encoding="utf-8")
        flagged(office, 1)
        send(office)
        send(office)
        assert states(office) == ["sent", "waiting"]
        settings = office.desk.path / "orderflow.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace(other, ""), encoding="utf-8")
        send(Office.again(tmp_path).at("2024-06-10T10:00"))
    assert (states(office), len(receiver.got)) == (["sent", "failed"], 1)
    assert "已没有它的渠道" in office.troubles()["notices"][0]


def test_killed_while_sending_a_notice_is_uncertain_and_not_sent_twice(tmp_path: Path, ledger_url: str) -> None:
    with web_receiver(SILENCE) as receiver:
        office = with_hook(tmp_path, ledger_url, receiver, WEBHOOK.replace("= 1\n", "= 100\n") + ROUTE)
        flagged(office, 1)
        running = Prompt(tmp_path).start("outbox", "retry", "1")
        assert receiver.arrived.wait(60)
        assert states(office) == ["sending"]
        assert send(office) == Sent()
        running.kill()
        running.end()
        while states(office) == ["sending"]:  # a server takes a moment to see that its client is gone
            send(office)
        assert (states(office), len(receiver.got)) == (["uncertain"], 1)
    assert "中断" in office.troubles()["notices"][0]
    assert outbox(office, "drop", "1")["notices"][0]["state"] == "dropped"
    assert office.troubles() == {}


def send_as_one_of_many(folder: str, _which: int) -> int:
    return send(Office.again(Path(folder))).sent


def test_several_that_send_at_once_send_each_notice_once(tmp_path: Path, ledger_url: str) -> None:
    with web_receiver() as receiver:
        office = with_hook(tmp_path, ledger_url, receiver)
        flagged(office, *range(1, 6))
        told = sum(at_once(send_as_one_of_many, str(tmp_path), 2))
        assert (told, len(receiver.got)) == (5, 5)
    assert len({got.headers["X-Idempotency-Key"] for got in receiver.got}) == 5


def test_what_needs_an_approval_waits_for_it(tmp_path: Path, ledger_url: str) -> None:
    with web_receiver() as receiver:
        office = with_hook(tmp_path, ledger_url, receiver, f'[notices]\napproval = ["specialist"]\n{WEBHOOK}{ROUTE}')
        flagged(office, 1, 2)
        assert send(office) == Sent(sent=0, waiting=2)
        assert (states(office), pages(office)[0]) == (["held", "held"], "000001-flagged-held.txt")
        assert [notice["state"] for notice in outbox(office, "approve", "2")["notices"]] == ["sent"]
        assert [got.json["orders"] for got in receiver.got] == [["202406-002"]]
    assert (states(office), kinds(office)) == (["held", "sent"], ["notice-approved", "notice-sent"])
    with pytest.raises(OrderflowError, match="notice-moved-on"):
        office.undo()
    with pytest.raises(OrderflowError, match="notice-not-so"):
        decide(office.desk, "approve", ["2"])


def test_an_approval_lets_every_copy_leave(tmp_path: Path) -> None:
    other = WEBHOOK.replace("hook]", "other]") + ROUTE.replace("hook", "other")
    with web_receiver() as receiver:
        settings = f'[notices]\napproval = ["specialist"]\n{WEBHOOK}{ROUTE}{other}'
        office = with_hook(tmp_path, "sqlite:///ledger.db", receiver, settings)
        flagged(office, 1)
        outbox(office, "approve", "all")
        assert (len(receiver.got), states(office)) == (2, ["sent", "sent"])
    assert len({got.headers["X-Idempotency-Key"] for got in receiver.got}) == 2


def test_an_approval_and_a_drop_are_taken_back(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url, '[notices]\napproval = ["specialist"]\n', window=True)
    flagged(office, 1)
    outbox(office, "approve", "all")
    assert (states(office), pages(office)) == (["waiting"], ["000001-flagged-waiting.txt"])
    office.undo()
    assert (states(office), pages(office)) == (["held"], ["000001-flagged-held.txt"])
    outbox(office, "drop", "1")
    assert (states(office), pages(office)) == (["dropped"], [])
    office.undo()
    assert (states(office), pages(office)) == (["held"], ["000001-flagged-held.txt"])
    assert office.troubles() == {}


def test_what_was_sent_is_not_called_back_and_undo_goes_to_what_can_be(tmp_path: Path, ledger_url: str) -> None:
    with web_receiver() as receiver:
        office = with_hook(tmp_path, ledger_url, receiver)
        flagged(office, 1)
        send(office)
    with pytest.raises(OrderflowError, match="run-not-undoable"):
        office.undo(2)
    office.undo()
    with pytest.raises(OrderflowError, match="nothing-to-undo"):
        office.undo()
    assert states(office) == ["sent"]


def test_an_intake_taken_back_takes_its_notice_along(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url, window=True)
    flagged(office, 1)
    assert pages(office) == ["000001-flagged-waiting.txt"]
    office.undo()
    assert (states(office), pages(office)) == (["dropped"], [])


def test_without_a_channel_a_notice_lies_in_the_folder_until_one_takes_it(tmp_path: Path) -> None:
    office = Office(tmp_path)
    flagged(office, 1)
    page = (office.desk.path / "outbox" / "000001-flagged-waiting.txt").read_text(encoding="utf-8-sig")
    assert ("收件人：订单处理专员" in page, "202406-001　缺付款状态" in page) == (True, True)
    assert send(office) == Sent(sent=0, waiting=1)
    settings = office.desk.path / "orderflow.toml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{WEBHOOK}{ROUTE}", encoding="utf-8")
    with web_receiver() as receiver:
        (office.desk.path / "url.txt").write_text(receiver.url, encoding="utf-8")
        assert send(Office.again(tmp_path)) == Sent(sent=1, waiting=0)
    assert pages(office) == []


def test_of_very_many_notices_the_folder_holds_some_and_says_how_many_more(tmp_path: Path, ledger_url: str) -> None:
    office = Office(tmp_path, ledger_url, window=True)
    numbers = [f"202406-{nth:03d}" for nth in range(1, 206)]
    promised = {"promise": "2024-06-15", "before": None}
    with office.desk.ledger() as ledger:
        with office.desk.begin(ledger, "plan") as run:
            promises = [Told("promise", [number], {"number": number, **promised}, number) for number in numbers]
            assert tell(office.desk, run, promises) == 205
        lay_out(office.desk, ledger)
    assert (len(pages(office)), pages(office)[-1]) == (201, "more-5.txt")
    assert "另有 5 条通知" in (office.desk.path / "outbox" / "more-5.txt").read_text(encoding="utf-8-sig")
    flagged(office, 1)
    assert (pages(office)[-2:], len(pages(office))) == (["000206-flagged-waiting.txt", "more-6.txt"], 201)
    outbox(office, "drop", *map(str, range(1, 7)))
    assert (len(pages(office)), pages(office)[-1]) == (200, "000206-flagged-waiting.txt")


@pytest.fixture
def two_ways(tmp_path: Path, ledger_url: str) -> Iterator[tuple[Office, WebReceiver]]:
    """An office that tells a web server and a mail server."""
    with web_receiver(Answer(500)) as receiver, mail_server() as mail:
        settings = (
            f'{WEBHOOK}{ROUTE}[channels.mail]\nkind = "email"\nhost = "127.0.0.1"\nport = {mail.port}\n'
            'security = "none"\nsender = "desk@example.com"\n'
            '[[routes]]\nchannel = "mail"\naddress = "lin@example.com"\n'
        )
        yield with_hook(tmp_path, ledger_url, receiver, settings), receiver
        assert mail.to == ["lin@example.com"]


def test_every_route_that_fits_gets_a_copy_that_fares_on_its_own(two_ways: tuple[Office, WebReceiver]) -> None:
    office, receiver = two_ways
    flagged(office, 1)
    send(office)
    send(office)
    assert (states(office), len(receiver.got)) == (["waiting", "sent"], 1)
    address = OutboxAnswer(office.desk, "list", listed(office.desk, "sent", 9)).as_json()["notices"][0]["address"]
    assert address == "l***@example.com"


def test_a_secret_that_is_missing_is_said_and_the_notice_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOK_URL", raising=False)
    with web_receiver() as receiver:
        office = with_hook(
            tmp_path, "sqlite:///ledger.db", receiver, WEBHOOK.replace("file:url.txt", "env:HOOK_URL") + ROUTE
        )
        flagged(office, 1)
        assert send(office) == Sent(sent=0, waiting=1)
        assert office.troubles() == {"channels": ["[channels.hook] env:HOOK_URL"]}
        monkeypatch.setenv("HOOK_URL", receiver.url)
        assert send(office.at("2024-06-10T09:01")) == Sent(sent=1, waiting=0)
    assert office.troubles() == {}


def test_a_broken_template_is_said_and_the_notice_waits(tmp_path: Path) -> None:
    with web_receiver() as receiver:
        office = with_hook(tmp_path, "sqlite:///ledger.db", receiver)
        own = office.desk.path / "notices" / "flagged.txt"
        own.parent.mkdir()
        own.write_text("{{ nothing }}", encoding="utf-8")
        flagged(office, 1)
        assert send(office) == Sent(sent=0, waiting=1)
        assert office.troubles() == {"channels": ["notices/flagged.txt: nothing"]}
        own.write_text("{{ count }} 张\n正文", encoding="utf-8")
        assert send(office.at("2024-06-10T09:01")) == Sent(sent=1, waiting=0)
    assert (receiver.got[0].json["subject"], receiver.got[0].json["text"]) == ("1 张", "正文")


def test_what_keeps_notices_from_leaving_is_said_before_there_are_any(tmp_path: Path) -> None:
    mail = '[channels.mail]\nkind = "email"\nhost = "mail.example.com"\nsender = "desk@example.com"\n'
    office = Office(tmp_path, settings=f'{mail}password = "file:password.txt"\n{WEBHOOK}[[routes]]\nchannel = "mail"\n')
    assert office.troubles()["channels"] == [
        "[channels.mail] file:password.txt",
        "[channels.hook] file:url.txt",
        "[channels.hook] [[routes]]",
        '[[routes]] 1 address = ""',
    ]


@pytest.mark.parametrize(
    ("settings", "code", "key"),
    [
        ('[[routes]]\nchannel = "nowhere"\n', "config-unknown-route", None),
        (f'{WEBHOOK}{ROUTE}events = ["flaged"]\n', "config-unknown-route", None),
        (f"{WEBHOOK}retries = 3\n", "config-unknown-key", "channels.hook.retries"),
        ('[channels.g]\nkind = "wecom"\nurl = "https://x?key=TOPSECRET"\n', "config-wrong-value", "channels.g.url"),
        ('[channels.g]\nkind = "pager"\n', "config-wrong-value", "channels.g"),
        (f'{WEBHOOK}{ROUTE}recipients = ["boss"]\n', "config-wrong-value", "routes.0.recipients.0"),
    ],
)
def test_settings_that_lead_nowhere_are_refused_and_tell_no_secret(
    tmp_path: Path, settings: str, code: str, key: str | None
) -> None:
    path = tmp_path / "orderflow.toml"
    path.write_text(settings, encoding="utf-8")
    with pytest.raises(OrderflowError) as refused:
        load(path)
    assert (refused.value.code, refused.value.params.get("key")) == (code, key)
    assert "TOPSECRET" not in repr(refused.value)


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_the_example_in_a_new_desks_settings_works_once_it_is_no_comment(tmp_path: Path, lang: str) -> None:
    _, _, example = text.say(lang, "cli.config.channels").partition("\n\n")
    (tmp_path / "orderflow.toml").write_text(example, encoding="utf-8")
    settings = load(tmp_path / "orderflow.toml")
    assert [route.channel for route in settings.routes] == [*settings.channels]
    assert f"# {example.splitlines()[0]}" in explained(settings, lang)


def test_what_does_not_exist_is_refused(tmp_path: Path) -> None:
    office = Office(tmp_path)
    refusals: dict[str, Any] = {
        "notice-unknown": lambda: shown(office.desk, 7),
        "notice-state-unknown": lambda: listed(office.desk, "lost", 5),
        "nothing-to-decide": lambda: decide(office.desk, "retry", ["all"]),
    }
    for code, asked in refusals.items():
        with pytest.raises(OrderflowError) as refused:
            asked()
        assert refused.value.code == code
    with pytest.raises(OrderflowError, match="notice-unknown"):
        decide(office.desk, "drop", ["seven"])
    assert office.log() == []


def test_at_a_prompt_the_outbox_is_listed_and_dropped(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    (tmp_path / "a.csv").write_text("客户名称,产品名称/型号,订单数量\n南湖医院,A型设备,5台\n", encoding="utf-8")
    prompt.run("intake", "a.csv")
    said = prompt.run("outbox", "list")
    assert (said.exit_code, "1 张订单异常" in said.out) == (0, True)
    assert str(prompt.desk / "outbox") in said.out.replace("\n", "")
    assert all(cell_len(line) <= 80 for line in said.out.splitlines())
    dropped = prompt.json("outbox", "drop", "1")
    assert (dropped.exit_code, dropped.json["command"], dropped.json["counts"]) == (0, "outbox drop", {"dropped": 1})
    assert prompt.run("outbox", "show", "2").exit_code == 3


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_the_outbox_is_told_in_every_language(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    office = Office(tmp_path, settings='[notices]\napproval = ["specialist"]\n')
    desk = replace(office.desk, lang=lang)
    OutboxAnswer(desk, "list", listed(desk, None, 5)).show(CALL)
    assert capsys.readouterr().out.strip() == text.say(lang, "notices.list.none")
    flagged(office, 1)
    OutboxAnswer(desk, "list", listed(desk, None, 5)).show(CALL)
    NoticeAnswer(desk, shown(desk, 1)).show(CALL)
    told = capsys.readouterr().out
    assert text.say(lang, "notices.next.held", id=1) in told
    assert text.say(lang, "notices.recipients.specialist") in told
    assert "202406-001　缺付款状态" in told
    assert all(cell_len(line) <= 80 for line in told.splitlines())
