"""The channels that a desk can declare in `orderflow.toml`, and the routes that lead notices to them.

What each key means is told in `locales/*/notices.toml`; `docs/notices.md` is made from both.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from orderflow.records.events import Recipient
from orderflow.records.finding import Severity

Secret = Annotated[str, Field(pattern=r"^(env|file):.+")]
"""Where a secret stands (`env:NAME` or `file:PATH`); never the secret itself, which would travel with the settings."""
Seconds = Annotated[int, Field(ge=1, le=120)]
Rate = Annotated[int, Field(ge=1)]


class Channel(BaseModel):
    """What every channel has: how long its receiver may take, and how many messages a minute it takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    timeout_seconds: Seconds = 10
    per_minute: Rate = 60


class Email(Channel):
    """A mail server."""

    kind: Literal["email"]
    host: str
    port: int = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    sender: str
    user: str = ""
    password: Secret | None = None


class Robot(Channel):
    """The robot of a group in WeCom, DingTalk or Feishu; each of them takes 20 messages a minute at least."""

    kind: Literal["wecom", "dingtalk", "feishu"]
    url: Secret
    sign: Secret | None = None
    per_minute: Rate = 20


class Webhook(Channel):
    """Any receiver of JSON over HTTP."""

    kind: Literal["webhook"]
    url: str
    token: Secret | None = None
    success: str = ""


class Sms(Channel):
    """An SMS gateway that is asked by URL; without `success` nothing would tell a refusal from a delivery."""

    kind: Literal["sms"]
    url: Secret
    success: Annotated[str, Field(min_length=1)]


class Command(Channel):
    """A program of the user's own."""

    kind: Literal["command"]
    run: Annotated[tuple[str, ...], Field(min_length=1)]


AnyChannel = Annotated[Email | Robot | Webhook | Sms | Command, Field(discriminator="kind")]
KINDS: dict[str, type[Channel]] = {
    "email": Email,
    "wecom": Robot,
    "dingtalk": Robot,
    "feishu": Robot,
    "webhook": Webhook,
    "sms": Sms,
    "command": Command,
}


class Route(BaseModel):
    """One `[[routes]]`: the notices that fit leave over `channel`, to `address` where the channel needs one.

    An empty list lets everything pass; `severity` is the least that does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    channel: str
    address: str = ""
    recipients: tuple[Recipient, ...] = ()
    events: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    severity: Severity = Severity.NOTE
