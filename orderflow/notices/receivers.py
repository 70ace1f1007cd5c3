"""The other ways out: any webhook, an SMS gateway asked by URL, a program of the user's own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from orderflow.notices.message import DELIVERED, Message, Outcome, Verdict, refused, unknown
from orderflow.notices.web import Reply, ask, says_success, verdict_of_status
from orderflow.records.channels import Command, Sms, Webhook

_LONGEST_SMS = 500  # characters: about seven parts


def send_to_webhook(channel: Webhook, message: Message, secrets: Mapping[str, str]) -> Verdict:
    """Post the message as JSON; the key goes along as `X-Idempotency-Key`."""
    headers = {"X-Idempotency-Key": message.key}
    if secrets["token"]:
        headers["Authorization"] = f"Bearer {secrets['token']}"
    return _judged(ask(secrets["url"], as_json(message), channel.timeout_seconds, headers), channel.success)


def send_sms(channel: Sms, message: Message, secrets: Mapping[str, str]) -> Verdict:
    """Ask the gateway's URL, with `{address}`, `{text}` and `{key}` filled in."""
    url = secrets["url"]
    words = {"address": message.address, "text": message.text[:_LONGEST_SMS], "key": message.key}
    for name, value in words.items():
        url = url.replace(f"{{{name}}}", quote(value, safe=""))
    return _judged(ask(url, None, channel.timeout_seconds), channel.success)


def send_by_command(channel: Command, message: Message, secrets: Mapping[str, str]) -> Verdict:
    """Start the program with the message as JSON on its input; it ends with 0 once the message is delivered."""
    try:
        done = subprocess.run(
            channel.run,
            input=json.dumps(as_json(message), ensure_ascii=False).encode(),
            capture_output=True,
            timeout=channel.timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return unknown("no-answer", channel.run[0])
    except OSError as unstarted:
        return refused("not-started", f"{channel.run[0]}: {unstarted.strerror}")
    if done.returncode == 0:
        return DELIVERED
    said = f"{done.returncode} {done.stderr.decode('utf-8', 'replace')}"
    return refused("exit", said) if done.returncode > 0 else unknown("no-answer", said)


def as_json(message: Message) -> dict[str, Any]:
    """A message as webhooks and programs get it."""
    return {
        "key": message.key,
        "event": message.event,
        "severity": message.severity,
        "subject": message.subject,
        "text": message.text,
        "address": message.address,
        "orders": list(message.numbers),
    }


def _judged(reply: Reply | Verdict, success: str) -> Verdict:
    """What a reply comes to: its status, and, where the settings say what means success, its body too."""
    if isinstance(reply, Verdict):
        return reply
    by_status = verdict_of_status(reply)
    if by_status.outcome is not Outcome.DELIVERED or not success or says_success(reply, success):
        return by_status
    return refused("body", reply.body)
