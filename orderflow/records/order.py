"""An order as the ledger keeps it, and what is recorded about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orderflow.records.registration import Registration


@dataclass(slots=True)
class Order:
    """One order: its row of the registration workbook, and what the desk keeps beside it.

    `identity` says which order a row is (PROCESS.md, step 1, "The same order"); `fingerprint` is a digest of what
    the last import said, so that an unchanged row costs no look at the history. `twin_keys` are what suspected
    twins are looked up by. `unread` holds the typed text of cells that could not be read, by field; `extra` the
    columns that are not the desk's, by header. `ended` is how far its delivery has come: `delivered`, `accepted` (its
    acceptance is recorded, whatever it was), `closed`.
    """

    row: Registration
    identity: str
    fingerprint: str
    twin_keys: tuple[str | None, str | None] = (None, None)
    channel: str | None = None
    unread: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    received_time_known: bool = True
    revision: int = 1
    run: int = 0
    source: int | None = None
    sheet_row: int | None = None
    open_anomalies: int = 0
    merged_into: str | None = None
    cancelled: bool = False
    undone: bool = False
    archived: str | None = None
    judged: bool = False
    planned: bool = False
    ended: str | None = None


@dataclass(slots=True)
class Change:
    """One entry of the history: what happened to an order (or to the desk, without a number), when and by whom.

    `kind` is what happened (`registered`, `edited`, `checked`, `contacted`, …). `at` is when it happened; when it was
    entered is the run's. `before` and `after` hold values by field, as JSON can carry them.
    """

    kind: str
    at: datetime
    number: str | None = None
    source: int | None = None
    sheet_row: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None


@dataclass(slots=True)
class Anomaly:
    """An open or closed reason for 异常: `how` it closed is `mended`, `confirmed`, `distinct`, `merged` or `undone`."""

    number: str
    code: str
    field: str | None
    params: Mapping[str, Any]
    opened_run: int
    opened_at: datetime
    closed_run: int | None = None
    closed_at: datetime | None = None
    how: str | None = None
