"""Which channels a notice leaves over: by recipient, event, department and severity."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orderflow.records.channels import AnyChannel, Route
from orderflow.records.finding import Severity

_GRAVITY = list(Severity)
_ADDRESSES = {"email": re.compile(r"[^@\s*]+@[^@\s*]+"), "sms": re.compile(r"\+?[\d -]{5,}")}


class Way(NamedTuple):
    """A channel by its name, and the address there; empty where the channel itself is the address."""

    channel: str
    address: str


def ways(
    routes: Sequence[Route],
    channels: Mapping[str, AnyChannel],
    *,
    event: str,
    severity: str,
    recipient: str,
    department: str | None = None,
    address: str | None = None,
) -> list[Way]:
    """Every way that fits, each once. `address` is the recipient's own; a route's holds where there is none.

    A masked address, or none that fits the channel, is no way: the notice waits for a person.
    """
    found: dict[Way, None] = {}
    for route in routes:
        if _fits(route, event, severity, recipient, department):
            way = Way(route.channel, (address or route.address).strip())
            if takes(channels[route.channel], way.address):
                found[way] = None
    return list(found)


def _fits(route: Route, event: str, severity: str, recipient: str, department: str | None) -> bool:
    wanted = (
        (route.recipients, recipient),
        (route.events, event),
        (route.departments, department),
    )
    grave = _GRAVITY.index(Severity(severity)) <= _GRAVITY.index(route.severity)
    return grave and all(not listed or value in listed for listed, value in wanted)


def takes(channel: AnyChannel, address: str) -> bool:
    """Whether a channel can bring something to an address; robots, webhooks and programs need none."""
    form = _ADDRESSES.get(channel.kind)
    return form is None or form.fullmatch(address.strip()) is not None
