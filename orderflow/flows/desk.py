"""The desk: one folder with its settings, its ledger and its workbooks; and who acts at it, when, in which language."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from orderflow import settings as configuration
from orderflow import text
from orderflow.places import SETTINGS, find_desk, is_desk
from orderflow.records.errors import OrderflowError
from orderflow.records.storable import storable

if TYPE_CHECKING:
    from orderflow.ledger.book import Run
    from orderflow.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Desk:
    """An open desk.

    `now` is the time the command works with (`ORDERFLOW_NOW` pins it) in the desk's time zone, `entered_at` the
    true time; both are recorded. `actor` is a declaration, not a login. With `writes_later` a step leaves the desk's
    workbooks and the folder `outbox` as they are: whoever walks many steps brings them up to date after the last.
    """

    path: Path
    settings: configuration.Settings
    lang: str
    actor: str
    now: datetime
    entered_at: datetime
    writes_later: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The desk's time zone."""
        return ZoneInfo(self.settings.desk.timezone)

    def place_of(self, path: Path) -> str:
        """How the ledger names a file: within the desk's folder, which may be moved or lie on a share, or in full."""
        return path.relative_to(self.path).as_posix() if path.is_relative_to(self.path) else str(path)

    def begins(self, day: date) -> datetime:
        """The first moment of a day in the desk's time zone."""
        return datetime.combine(day, time(), self.zone)

    def ends(self, day: date) -> datetime:
        """The last second of a day: of a day without a time no clock is said to have run out too early."""
        return self.begins(day) + timedelta(days=1, seconds=-1)

    def local(self, moment: datetime | None) -> datetime | None:
        """`moment` in the desk's time zone."""
        return None if moment is None else moment.astimezone(self.zone)

    def aware(self, moment: datetime | None) -> datetime | None:
        """`moment` as a time of the desk where it has no zone of its own, as cells have none."""
        return moment.replace(tzinfo=self.zone) if moment is not None and moment.tzinfo is None else moment

    def say(self, key: str, /, **params: object) -> str:
        """The words under `key` in the desk's language."""
        return text.say(self.lang, key, **params)

    def ledger(self) -> Ledger:
        """The desk's ledger, opened; upgraded where it is older, made where the desk never had orders.

        Raises what `open_ledger` raises, `ledger-lost` (path, found) among them.
        """
        from orderflow.flows.traces import traces
        from orderflow.ledger.opening import open_ledger

        return open_ledger(self.settings.desk.ledger, self.path, lambda: traces(self.path))

    def begin(
        self, ledger: Ledger, command: str, options: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[Run]:
        """A run of this desk, at its time and by who acts at it; see `Ledger.write`."""
        return ledger.write(
            command=command,
            actor=self.actor,
            at=self.now,
            entered_at=self.entered_at,
            language=self.lang,
            options=options,
        )


def open_desk(given: Path | None = None, actor: str | None = None, lang: str | None = None) -> Desk:
    """Open the desk that `given` or the surroundings name.

    Raises OrderflowError `desk-missing`, `clock-unreadable` or what `settings.load` raises.
    """
    path = find_desk(given)
    if not is_desk(path):
        raise OrderflowError("desk-missing", path=str(path))
    return desk_at(path, actor, lang)


def desk_at(path: Path, actor: str | None, lang: str | None) -> Desk:
    """The desk in a folder, whether one has been set up there or not; without settings the defaults hold."""
    settings = configuration.load(path / SETTINGS)
    entered_at = datetime.now(UTC)
    now = _pinned(settings.desk.timezone) or entered_at.astimezone(ZoneInfo(settings.desk.timezone))
    return Desk(
        path=path,
        settings=settings,
        lang=lang or settings.desk.language or text.from_environment(),
        actor=_named(actor) or _named(os.environ.get("ORDERFLOW_AS")) or _system_user(),
        now=now.replace(microsecond=0),
        entered_at=entered_at.replace(microsecond=0),
    )


def _pinned(timezone: str) -> datetime | None:
    """The time that `ORDERFLOW_NOW` pins the clock to, in the desk's time zone."""
    pinned = os.environ.get("ORDERFLOW_NOW")
    return parse_moment(pinned, timezone) if pinned else None


def parse_moment(written: str, timezone: str) -> datetime:
    """An ISO time as typed, the desk's where it has no offset. Raises OrderflowError `clock-unreadable`."""
    zone = ZoneInfo(timezone)
    try:
        moment = datetime.fromisoformat(written)
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except (ValueError, OverflowError) as wrong:
        raise OrderflowError("clock-unreadable", value=written) from wrong


def _named(name: str | None) -> str | None:
    return " ".join(storable(name).split()) if name else None


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name in the environment, and no entry for this user
        return "?"
