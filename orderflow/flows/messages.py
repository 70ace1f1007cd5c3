"""A notice of the ledger in words, and the ways it can leave by, as the desk's settings and templates stand."""

from __future__ import annotations

from pathlib import Path

from orderflow.flows.desk import Desk
from orderflow.ledger.outbox import Notice
from orderflow.notices.compose import Composed, compose, template_of
from orderflow.notices.message import Message
from orderflow.notices.routing import Way, ways
from orderflow.records.errors import OrderflowError
from orderflow.records.events import ATTACHED


def ways_of(desk: Desk, notice: Notice) -> list[Way]:
    """Every way a notice can leave, as the settings stand."""
    return ways(
        desk.settings.routes,
        desk.settings.channels,
        event=notice.event,
        severity=notice.severity,
        recipient=notice.recipient,
        department=notice.department,
        address=notice.address,
    )


def words_of(desk: Desk, notice: Notice) -> Composed:
    """A notice as it is read, in the desk's own language whoever asks; what was once sent is never worded anew.

    Raises OrderflowError `template-broken`.
    """
    if notice.subject is not None and notice.words is not None:
        return Composed(notice.subject, notice.words)
    lang = desk.settings.desk.language or desk.lang
    return compose(notice.event, notice.facts, template_of(notice.event, lang, desk.path), lang)


def message_of(desk: Desk, notice: Notice) -> Message:
    """A notice as a channel takes it. Raises OrderflowError `template-broken` or `attachment-missing`."""
    subject, words = words_of(desk, notice)
    return Message(
        key=notice.token,
        event=notice.event,
        severity=notice.severity,
        subject=subject,
        text=words,
        address=notice.target or "",
        numbers=notice.numbers,
        attachment=_attachment(desk, notice),
    )


def _attachment(desk: Desk, notice: Notice) -> Path | None:
    """The desk's file that goes along with a notice, if one does."""
    name = notice.facts.get(ATTACHED)
    if name is None:
        return None
    path = desk.path / str(name)
    if not path.is_file():
        raise OrderflowError("attachment-missing", why=str(name))
    return path
