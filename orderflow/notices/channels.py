"""Every kind of channel and how it sends; a new kind is one entry here, one in `records/channels.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from orderflow.notices.mail import send_mail
from orderflow.notices.message import Message, Verdict
from orderflow.notices.receivers import send_by_command, send_sms, send_to_webhook
from orderflow.notices.robots import send_to_robot
from orderflow.notices.secrets import without
from orderflow.records.channels import AnyChannel

SENDERS: dict[str, Callable[[Any, Message, Mapping[str, str]], Verdict]] = {
    "email": send_mail,
    "wecom": send_to_robot,
    "dingtalk": send_to_robot,
    "feishu": send_to_robot,
    "webhook": send_to_webhook,
    "sms": send_sms,
    "command": send_by_command,
}


def send(channel: AnyChannel, message: Message, secrets: Mapping[str, str]) -> Verdict:
    """Make one attempt, which takes no longer than the channel's seconds and a few more."""
    verdict = SENDERS[channel.kind](channel, message, secrets)
    return replace(verdict, detail=without(verdict.detail, secrets))
