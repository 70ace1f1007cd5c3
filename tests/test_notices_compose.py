"""What a notice says: made of its facts by a template in the desk's language, with contacts masked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderflow import text
from orderflow.flows.setup import write_templates
from orderflow.notices.compose import check_template, compose, shipped_template, template_of
from orderflow.notices.masking import masked
from orderflow.notices.routing import Way, ways
from orderflow.records.channels import AnyChannel, Command, Email, Route, Sms
from orderflow.records.errors import OrderflowError
from orderflow.records.events import EVENTS, Recipient
from orderflow.records.finding import Severity

FACTS = {
    "orders": [
        {"number": f"202405-{nth:03d}", "codes": ["missing-payment", "missing-payment"]} for nth in range(1, 41)
    ],
    "count": 41,
    "hours": "2",
    "due": "2024-05-10T11:00:00+08:00",
}
CHANNELS: dict[str, AnyChannel] = {
    "mail": Email(kind="email", host="mail.example.com", sender="desk@example.com"),
    "phone": Sms(kind="sms", url="env:SMS", success="ok"),
    "screen": Command(kind="command", run=("show",)),
}


def said(facts: dict[str, Any], template: str) -> str:
    return compose("flagged", facts, template, "zh-Hans").text


@pytest.mark.parametrize("lang", text.LANGUAGES)
@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_template_of_its_facts_in_every_language(event: str, lang: str) -> None:
    check_template(event, shipped_template(event, lang), lang)
    assert {*EVENTS[event].facts, "title"} == text.domain(lang, "notices")["events"][event].keys()


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_a_flagged_notice_says_how_many_which_and_until_when(lang: str) -> None:
    subject, words = compose("flagged", FACTS, shipped_template("flagged", lang), lang)
    assert ("41" in subject, "05-10 11:00" in subject, "\n" in subject) == (True, True, False)
    title = text.say(lang, "findings.missing-payment.title")
    assert (words.count(title), "202405-030" in words, "202405-031" in words) == (30, True, False)


def test_contacts_in_facts_are_masked_and_numbers_are_not() -> None:
    told = {
        "a": "打 13912345678 或 +86 139-1234-5678，也可 0571-88886666",
        "b": ["lin.yi@example.com", {"c": "订单 202405-001，来源单号 1234567890123456789"}],
    }
    assert masked(told) == {
        "a": "打 139****5678 或 +86 139****5678，也可 0571-****6666",
        "b": ["l***@example.com", {"c": "订单 202405-001，来源单号 1234567890123456789"}],
    }


def test_what_a_template_itself_says_is_left_as_it_is() -> None:
    assert said({"count": "13912345678"}, "x\n请致电 0571-88886666：{{ count }}") == "请致电 0571-88886666：139****5678"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{% for x in orders %}",
        "{{ nobody }}",
        "{{ 1 / 0 }}",
        "{{ count.x.y }}",
        "{{ x | no }}",
    ],
)
def test_a_template_that_is_wrong_or_reaches_out_is_refused(template: str) -> None:
    with pytest.raises(OrderflowError) as refused:
        compose("flagged", FACTS, template, "en")
    assert refused.value.code == "template-broken"


def test_what_a_fact_says_is_never_a_template() -> None:
    assert said({"count": "{{ 7 * 7 }}"}, "x\n{{ count }}") == "{{ 7 * 7 }}"


def test_a_desk_has_templates_of_its_own(tmp_path: Path) -> None:
    assert template_of("flagged", "en", tmp_path) == shipped_template("flagged", "en")
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "flagged.txt").write_text("本台：{{ count }}\r\n正文", encoding="utf-8-sig")
    assert compose("flagged", FACTS, template_of("flagged", "en", tmp_path), "en") == ("本台：41", "正文")
    (tmp_path / "notices" / "flagged.txt").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(OrderflowError):
        template_of("flagged", "en", tmp_path)


def test_the_shipped_texts_are_handed_out_to_be_changed_and_a_changed_one_stays(tmp_path: Path) -> None:
    own = tmp_path / "notices" / "flagged.txt"
    assert own in write_templates(tmp_path, "en")
    assert own.read_text(encoding="utf-8-sig") == shipped_template("flagged", "en")
    own.write_text("changed", encoding="utf-8")
    write_templates(tmp_path, "en")
    assert template_of("flagged", "en", tmp_path) == "changed"


def led(*routes: Route, **notice: Any) -> list[Way]:
    told: dict[str, Any] = {"event": "flagged", "severity": "anomaly", "recipient": "specialist", **notice}
    return ways(routes, CHANNELS, **told)


def test_a_notice_takes_every_route_that_fits_and_each_way_once() -> None:
    everything = Route(channel="screen")
    heads = Route(channel="mail", address="lin@example.com", recipients=(Recipient.HEAD,), departments=("生产",))
    grave = Route(channel="mail", address="boss@example.com", severity=Severity.ERROR)
    assert led(everything, everything, heads, grave) == [("screen", "")]
    assert led(heads, recipient="head", department="生产") == [("mail", "lin@example.com")]
    assert led(heads, recipient="head", department="采购") == []
    assert led(grave, severity="error") == [("mail", "boss@example.com")]
    assert led(Route(channel="screen", events=("flagged",)), event="other") == []


def test_a_customers_own_address_goes_before_a_routes_and_a_masked_one_is_none() -> None:
    text_message, mail = Route(channel="phone"), Route(channel="mail", address="desk@example.com")
    assert led(text_message, mail, address="13900005678") == [("phone", "13900005678")]
    assert led(text_message, address="139****5678") == []
    assert led(text_message, mail) == [("mail", "desk@example.com")]
