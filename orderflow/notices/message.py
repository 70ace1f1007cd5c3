"""What a channel is given, and what it says became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Message:
    """One notice on its way. `key` is the same at every attempt, so that a receiver can tell a second one.

    `attachment` goes along where the channel can carry files.
    """

    key: str
    event: str
    severity: str
    subject: str
    text: str
    address: str
    numbers: Sequence[str] = ()
    attachment: Path | None = None


class Outcome(StrEnum):
    """What is known after an attempt.

    `DELIVERED`: the receiver said so. `REFUSED`: it certainly has not taken the message. `TOO_FAST`: the same, and
    the whole channel has to pause. `UNKNOWN`: it may have; only a person can tell.
    """

    DELIVERED = "delivered"
    REFUSED = "refused"
    TOO_FAST = "too-fast"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an attempt ended, and why: `reason` is a key of `notices.reasons`, `detail` what the receiver said.

    `final`: asking again cannot help. `pause`: seconds that the receiver asked us to wait.
    """

    outcome: Outcome
    reason: str = ""
    detail: str = ""
    final: bool = False
    pause: float = 0


DELIVERED = Verdict(Outcome.DELIVERED)


def refused(reason: str, detail: str = "", *, final: bool = False) -> Verdict:
    """The receiver has certainly not taken the message."""
    return Verdict(Outcome.REFUSED, reason, detail, final)


def unknown(reason: str, detail: str = "") -> Verdict:
    """The message was handed over, and no answer came."""
    return Verdict(Outcome.UNKNOWN, reason, detail)


def too_fast(detail: str, pause: float) -> Verdict:
    """The receiver wants fewer messages, or none for so many seconds."""
    return Verdict(Outcome.TOO_FAST, "too-fast", detail, pause=pause)
