"""Whether notices can leave as the settings stand: channels, routes, secrets and templates, looked at, not tried."""

from __future__ import annotations

from collections.abc import Iterator

from orderflow.flows.desk import Desk
from orderflow.notices.compose import check_template, shipped_template, template_of
from orderflow.notices.routing import takes
from orderflow.notices.secrets import secrets_of
from orderflow.records.errors import OrderflowError
from orderflow.records.events import EVENTS, Recipient


def troubles(desk: Desk) -> Iterator[str]:
    """What keeps notices from leaving, each with the key or file to mend; no secret is among it."""
    for name, channel in desk.settings.channels.items():
        try:
            secrets_of(channel, desk.path)
        except OrderflowError as missing:
            yield f"[channels.{name}] {missing.params['reference']}"
    yield from _routes(desk)
    for event in EVENTS:
        try:
            template = template_of(event, desk.lang, desk.path)
            if template != shipped_template(event, desk.lang):  # to compile them all takes longer than all else
                check_template(event, template, desk.lang)
        except OrderflowError as broken:
            yield f"notices/{event}.txt: {broken.params['why']}"


def _routes(desk: Desk) -> Iterator[str]:
    """Channels that no route leads to, and routes that lack an address; customers bring their own."""
    led_to = {route.channel for route in desk.settings.routes}
    yield from (f"[channels.{name}] [[routes]]" for name in desk.settings.channels if name not in led_to)
    for nth, route in enumerate(desk.settings.routes, 1):
        only_customers = set(route.recipients) == {Recipient.CUSTOMER}
        wanting = not route.address and only_customers
        if not wanting and not takes(desk.settings.channels[route.channel], route.address):
            yield f'[[routes]] {nth} address = "{route.address}"'
