"""Group robots of WeCom, DingTalk and Feishu: they answer 200 and say in the body whether the message was taken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from orderflow.notices.message import DELIVERED, Message, Outcome, Verdict, refused, too_fast, unknown
from orderflow.notices.web import Reply, ask, verdict_of_status
from orderflow.records.channels import Robot

_LIMITS = {"wecom": 2_048, "dingtalk": 15_000, "feishu": 15_000}  # bytes of text that each takes
_CODES = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}
_TOO_FAST = {"wecom": {45009}, "dingtalk": {130101, 90030}, "feishu": {11232}}
_PAUSES = {"wecom": 60.0, "dingtalk": 600.0, "feishu": 60.0}  # DingTalk shuts a robot out for ten minutes


def send_to_robot(robot: Robot, message: Message, secrets: Mapping[str, str]) -> Verdict:
    """Post plain text, in which no name of a customer can mention or format anything."""
    words = fitted(f"{message.subject}\n{message.text}", _LIMITS[robot.kind])
    url, sign, now = secrets["url"], secrets["sign"], time.time()
    if robot.kind == "feishu":
        body = {"msg_type": "text", "content": {"text": words.replace("<", "＜")}, **_feishu_sign(sign, int(now))}
    else:
        body = {"msgtype": "text", "text": {"content": words}}
        url += _dingtalk_sign(sign, int(now * 1000)) if robot.kind == "dingtalk" else ""
    reply = ask(url, body, robot.timeout_seconds)
    return reply if isinstance(reply, Verdict) else _verdict(robot.kind, reply)


def _verdict(kind: str, reply: Reply) -> Verdict:
    by_status, said = verdict_of_status(reply), reply.json()
    code = said.get(_CODES[kind])
    if code in _TOO_FAST[kind]:
        return too_fast(_detail(code, said), _PAUSES[kind])
    if by_status.outcome is not Outcome.DELIVERED:
        return by_status
    if code is None:
        return unknown("no-code")
    return DELIVERED if code == 0 else refused("code", _detail(code, said))


def _detail(code: Any, said: Mapping[str, Any]) -> str:
    return f"{code} {said.get('errmsg') or said.get('msg') or ''}".strip()


def _dingtalk_sign(sign: str, milliseconds: int) -> str:
    """DingTalk's signature: the secret signs time and secret, and both go into the URL."""
    if not sign:
        return ""
    digest = hmac.new(sign.encode(), f"{milliseconds}\n{sign}".encode(), hashlib.sha256).digest()
    return f"&timestamp={milliseconds}&sign={quote_plus(base64.b64encode(digest))}"


def _feishu_sign(sign: str, seconds: int) -> dict[str, str]:
    """Feishu's signature: time and secret are the key, and nothing is signed with it."""
    if not sign:
        return {}
    digest = hmac.new(f"{seconds}\n{sign}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(seconds), "sign": base64.b64encode(digest).decode()}


def fitted(words: str, most: int) -> str:
    """`words` in at most so many bytes of UTF-8: whole lines, and a sign that some are missing."""
    if len(words.encode()) <= most:
        return words
    kept, left = [], most - len("……\n".encode())
    for line in words.splitlines():
        left -= len(line.encode()) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join([*kept, "……"])
