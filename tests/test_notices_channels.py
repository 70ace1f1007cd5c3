"""Channels: delivered is what the receiver says is delivered, and what nobody knows is said to be unknown."""

from __future__ import annotations

import email
import json
import ssl
import sys
from collections.abc import Sequence
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import TypeAdapter
from receivers import HANG_UP, SILENCE, Answer, mail_server, nobody, web_receiver

from orderflow.notices.channels import SENDERS, send
from orderflow.notices.message import Message, Outcome, Verdict
from orderflow.notices.robots import fitted
from orderflow.records.channels import KINDS, AnyChannel

KEY = "0123456789abcdef0123456789abcdef"
ROBOTS = ("wecom", "dingtalk", "feishu")
TAKEN = {"wecom": '{"errcode":0,"errmsg":"ok"}', "dingtalk": '{"errcode":0}', "feishu": '{"code":0,"msg":"success"}'}
REFUSED = {
    "wecom": '{"errcode":93000,"errmsg":"invalid webhook url"}',
    "dingtalk": '{"errcode":310000,"errmsg":"keywords not in content"}',
    "feishu": '{"code":19021,"msg":"sign match fail"}',
}
TOO_FAST = {"wecom": '{"errcode":45009}', "dingtalk": '{"errcode":130101}', "feishu": '{"code":11232}'}


@pytest.fixture(autouse=True)
def _straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy stands between the tests and their receivers."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def channel(kind: str, **keys: Any) -> AnyChannel:
    made: AnyChannel = TypeAdapter(AnyChannel).validate_python({"kind": kind, "timeout_seconds": 1, **keys})
    return made


def attempt(made: AnyChannel, address: str = "", text: str = "第二行", **secrets: str) -> Verdict:
    message = Message(KEY, "flagged", "anomaly", "1 张订单异常", text, address, ["202405-001"])
    return send(made, message, {"url": "", "password": "", "sign": "", "token": "", **secrets})


def mail(port: int) -> AnyChannel:
    return channel("email", host="127.0.0.1", port=port, security="none", sender="desk@example.com")


def test_every_kind_of_channel_has_a_way_to_send() -> None:
    assert SENDERS.keys() == KINDS.keys()


def test_a_mail_arrives_with_its_key_and_readable_words() -> None:
    with mail_server() as server:
        verdict = attempt(mail(server.port), "lin@example.com", ".dotted\n第二行")
    got = email.message_from_bytes(server.got[0], policy=default)
    assert (verdict.outcome, server.to) == (Outcome.DELIVERED, ["lin@example.com"])
    assert (got["Message-ID"], got["Subject"], got["To"]) == (f"<{KEY}@orderflow>", "1 张订单异常", "lin@example.com")
    assert got.get_content().splitlines() == [".dotted", "第二行"]


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome", "final"),
    [
        ("250 OK", "451 try later", Outcome.REFUSED, False),
        ("250 OK", "554 no spam", Outcome.REFUSED, True),
        ("550 no such user", "250 OK", Outcome.REFUSED, True),
        ("450 mailbox busy", "250 OK", Outcome.REFUSED, False),
        ("250 OK", HANG_UP, Outcome.UNKNOWN, False),
    ],
)
def test_what_a_mail_server_says_is_believed(rcpt: str, data: str, outcome: Outcome, final: bool) -> None:
    with mail_server(rcpt, data) as server:
        verdict = attempt(mail(server.port), "lin@example.com")
    assert (verdict.outcome, verdict.final) == (outcome, final)


def let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: LoginPassword) -> AuthResult:
    """Only the desk, with its password."""
    return AuthResult(success=(login.login, login.password) == (b"desk", b"p4ss"), handled=False)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_server_is_trusted_by_its_certificate_and_lets_in_with_a_password(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, known = trustme.CA(), tmp_path / "authority.pem"
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(known)
    asked: dict[str, Any] = {"ssl_context": context, "auth_require_tls": False}
    if security == "starttls":
        asked = {"tls_context": context, "auth_required": True}
    with mail_server(authenticator=let_in, **asked) as server:
        made = channel(
            "email", host="127.0.0.1", port=server.port, security=security, sender="desk@example.com", user="desk"
        )
        stranger = attempt(made, "lin@example.com", password="p4ss")
        monkeypatch.setenv("SSL_CERT_FILE", str(known))
        wrong = attempt(made, "lin@example.com", password="guess")
        right = attempt(made, "lin@example.com", password="p4ss")
    assert (stranger.outcome, stranger.reason) == (Outcome.REFUSED, "unreached")
    assert (wrong.reason, wrong.final, "535" in wrong.detail) == ("smtp", False, True)
    assert (right.outcome, len(server.got)) == (Outcome.DELIVERED, 1)


def test_an_address_cannot_smuggle_a_header_in() -> None:
    with mail_server() as server:
        verdict = attempt(mail(server.port), "lin@example.com\r\nBcc: all@example.com")
    assert (verdict.reason, verdict.final, server.got) == ("bad-address", True, [])


@pytest.mark.parametrize("kind", ["email", "wecom", "webhook"])
def test_where_nobody_listens_the_message_has_certainly_not_left(kind: str) -> None:
    with nobody() as port:
        keys = {"wecom": {"url": "env:X"}, "webhook": {"url": "env:X"}, "email": {}}[kind]
        made = mail(port) if kind == "email" else channel(kind, **keys)
        verdict = attempt(made, "lin@example.com", url=f"http://127.0.0.1:{port}/")
    assert (verdict.outcome, verdict.reason, verdict.final) == (Outcome.REFUSED, "unreached", False)


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_robot_has_the_message_when_it_says_so_in_the_body(kind: str) -> None:
    for body, outcome in ((TAKEN, Outcome.DELIVERED), (REFUSED, Outcome.REFUSED), (TOO_FAST, Outcome.TOO_FAST)):
        with web_receiver(Answer(200, body[kind])) as robot:
            verdict = attempt(channel(kind, url="env:X"), url=robot.url)
        assert verdict.outcome is outcome
        assert json.dumps(robot.got[0].json, ensure_ascii=False).count("1 张订单异常") == 1


@pytest.mark.parametrize("answer", [Answer(200, "<html>"), Answer(200, ""), SILENCE, HANG_UP, Answer(504)])
def test_an_answer_that_says_nothing_leaves_a_robot_uncertain(answer: Answer | str) -> None:
    with web_receiver(answer) as robot:
        verdict = attempt(channel("wecom", url="env:X"), url=robot.url)
    assert (verdict.outcome, len(robot.got)) == (Outcome.UNKNOWN, 1)


@pytest.mark.parametrize(
    ("status", "headers", "outcome", "pause"),
    [
        (429, (("Retry-After", "120"),), Outcome.TOO_FAST, 120),
        (429, (), Outcome.TOO_FAST, 60),
        (503, (("Retry-After", "Wed, 21 Oct 2099 07:28:00 GMT"),), Outcome.TOO_FAST, 86_400),
        (503, (), Outcome.REFUSED, 0),
        (500, (), Outcome.REFUSED, 0),
        (404, (), Outcome.REFUSED, 0),
        (302, (("Location", "/elsewhere"),), Outcome.REFUSED, 0),
    ],
)
def test_a_status_is_believed_and_a_pause_kept(
    status: int, headers: Sequence[tuple[str, str]], outcome: Outcome, pause: float
) -> None:
    with web_receiver(Answer(status, "no", tuple(headers)), Answer(200)) as receiver:
        verdict = attempt(channel("webhook", url="env:X"), url=receiver.url)
    assert (verdict.outcome, verdict.pause, len(receiver.got)) == (outcome, pause, 1)
    assert verdict.final == (status in (302, 404))


def test_a_webhook_gets_the_notice_as_json_with_key_and_token() -> None:
    with web_receiver(Answer(201)) as receiver:
        verdict = attempt(channel("webhook", url="env:X", token="env:T"), url=receiver.url, token="t0ken")
    (got,) = receiver.got
    assert (got.headers["X-Idempotency-Key"], got.headers["Authorization"]) == (KEY, "Bearer t0ken")
    assert (got.json["key"], got.json["orders"], got.json["event"]) == (KEY, ["202405-001"], "flagged")
    assert verdict.outcome is Outcome.DELIVERED


@pytest.mark.parametrize(
    ("body", "success", "outcome"),
    [
        ('{"ok": "yes"}', "ok=yes", Outcome.DELIVERED),
        ('{"ok": "no"}', "ok=yes", Outcome.REFUSED),
        ("", "ok=yes", Outcome.REFUSED),
        ("0,accepted", "0,", Outcome.DELIVERED),
        ("105,no credit", "0,", Outcome.REFUSED),
    ],
)
def test_what_means_success_is_said_in_the_settings(body: str, success: str, outcome: Outcome) -> None:
    with web_receiver(Answer(200, body)) as receiver:
        verdicts = [
            attempt(channel("webhook", url="env:X", success=success), url=receiver.url),
            attempt(channel("sms", url="env:X", success=success), "13900005678", url=receiver.url),
        ]
    assert [verdict.outcome for verdict in verdicts] == [outcome, outcome]


def test_an_sms_url_is_filled_in_and_nothing_in_the_text_can_add_to_it() -> None:
    with web_receiver(Answer(200, "ok")) as gateway:
        url = f"{gateway.url}&to={{address}}&text={{text}}&id={{key}}"
        attempt(channel("sms", url="env:X", success="ok"), "+86 13900005678", "a&to=1 {key} 您好", url=url)
    path = gateway.got[0].path
    assert "&to=%2B86%2013900005678&text=a%26to%3D1%20%7Bkey%7D%20%E6%82%A8%E5%A5%BD" in path
    assert path.endswith(f"&id={KEY}")


def test_signatures_are_those_of_the_robots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderflow.notices.robots.time.time", lambda: 1_715_300_000.0)
    with web_receiver(Answer(200, TAKEN["dingtalk"])) as ding:
        attempt(channel("dingtalk", url="env:X", sign="env:S"), url=ding.url, sign="SEC123")
    with web_receiver(Answer(200, TAKEN["feishu"])) as fei:
        attempt(channel("feishu", url="env:X", sign="env:S"), url=fei.url, sign="SEC123")
    signed = "Bm8anttBrKmwUM%2FtMqDeHGzgIZEpp988WyB5kTIhKfA%3D"  # both signatures as openssl makes them
    assert ding.got[0].path.endswith(f"&timestamp=1715300000000&sign={signed}")
    signed = "v6ddFwmb6shhPJAywQl1ep40Alg/MviIbSlCdNsOKWA="
    assert (fei.got[0].json["timestamp"], fei.got[0].json["sign"]) == ("1715300000", signed)


def test_a_name_cannot_call_everybody_in_a_group() -> None:
    with web_receiver(Answer(200, TAKEN["feishu"])) as robot:
        attempt(channel("feishu", url="env:X"), text='客户 <at user_id="all"></at>', url=robot.url)
    assert "<at" not in robot.got[0].body


def test_a_text_too_long_for_a_robot_is_cut_at_a_line_and_says_so() -> None:
    words = "\n".join(f"202405-{nth:03d}　缺付款状态" for nth in range(1, 200))
    cut = fitted(words, 2_048)
    assert len(cut.encode()) <= 2_048
    assert cut.splitlines()[-1] == "……"
    assert words.startswith(cut.removesuffix("……"))
    assert fitted("short", 2_048) == "short"


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("import sys, json; sys.exit(json.load(sys.stdin)['orders'] != ['202405-001'])", Outcome.DELIVERED),
        ("import sys; sys.exit('no credit')", Outcome.REFUSED),
        ("import sys; sys.stdin.close(); import threading; threading.Event().wait()", Outcome.UNKNOWN),
    ],
)
def test_a_program_has_the_message_when_it_ends_well(program: str, outcome: Outcome) -> None:
    verdict = attempt(channel("command", run=[sys.executable, "-I", "-S", "-c", program]))
    assert verdict.outcome is outcome
    assert ("no credit" in verdict.detail) == (outcome is Outcome.REFUSED)


def test_a_program_that_is_not_there_has_not_got_the_message() -> None:
    assert attempt(channel("command", run=["no-such-program"])).reason == "not-started"


@pytest.mark.parametrize("url", ["no url", "ftp://127.0.0.1/", "http://127.0.0.1:x/", "file:///etc/hostname"])
def test_what_is_no_url_of_the_web_is_refused_for_good(url: str) -> None:
    verdict = attempt(channel("webhook", url="env:X"), url=url)
    assert (verdict.outcome, verdict.final) == (Outcome.REFUSED, True)


def test_no_verdict_tells_a_secret() -> None:
    echo = '{"errcode": 93000, "errmsg": "unknown key TOPSECRET in TOPSECRET"}'
    with web_receiver(Answer(200, echo)) as robot:
        secret = robot.url.partition("key=")[2]
        told = [attempt(channel("wecom", url="env:X"), url=robot.url, token=secret)]
    with nobody() as port:
        told.append(attempt(channel("wecom", url="env:X"), url=f"http://127.0.0.1:{port}/?key=TOPSECRET"))
    assert [verdict.outcome for verdict in told] == [Outcome.REFUSED] * 2
    assert not any("TOPSECRET" in repr(verdict) for verdict in told)
