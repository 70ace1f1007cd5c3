"""Where a ledger lies: the `ledger` setting made into an address that never shows a password."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from orderflow.records.errors import OrderflowError


class Address(NamedTuple):
    """A ledger's place: its URL, its file (SQLite) or `None` (PostgreSQL), and what a person may be shown of it."""

    url: URL
    path: Path | None
    shown: str


def address_of(setting: str, desk: Path) -> Address:
    """The address that the setting `ledger` names; a relative SQLite path counts from the desk.

    Raises `OrderflowError`: `ledger-url` (url: neither SQLite nor PostgreSQL, or no URL at all), `postgresql-missing`.
    """
    try:
        url = make_url(setting)
    except (ArgumentError, ValueError):
        raise OrderflowError("ledger-url", url=_masked(setting)) from None
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database and url.database != ":memory:":
        path = (desk / url.database).absolute()
        return Address(URL.create("sqlite", database=str(path)), path, str(path))
    # An @ in the host is the tail of a password that holds one: showing the host would show the tail.
    if kind != "postgresql" or not url.database or "@" in (url.host or ""):
        raise OrderflowError("ledger-url", url=_masked(setting))
    if find_spec("psycopg") is None:
        raise OrderflowError("postgresql-missing")
    return Address(_with_driver(url), None, _shown(url))


def _with_driver(url: URL) -> URL:
    """psycopg 3, which gives up after 10 s where nothing answers; UTF-8 whatever the machine's locale."""
    url = url.set(drivername="postgresql+psycopg")
    defaults = {"connect_timeout": "10", "client_encoding": "utf8"}
    return url.set(query={**defaults, **url.query})


def _masked(setting: str) -> str:
    """A setting that may not even be a URL, without whatever could be a password."""
    before, found, after = setting.rpartition("@")
    scheme, slashes, _ = before.partition("//")
    return f"{scheme}{slashes}***@{after.partition('?')[0]}" if found else setting.partition("?")[0]


def _shown(url: URL) -> str:
    host = url.host or url.query.get("host", "")
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{host}{port}/{url.database}"
