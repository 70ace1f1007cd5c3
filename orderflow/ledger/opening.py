"""Opening a ledger: made where none is, brought up to date where it is older, refused where it cannot be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_mock_engine, insert, inspect, select, text
from sqlalchemy.exc import DatabaseError

from orderflow.ledger import backup
from orderflow.ledger.address import Address, address_of
from orderflow.ledger.chain import ORIGIN
from orderflow.ledger.engine import make_engine
from orderflow.ledger.ledger import Ledger
from orderflow.ledger.schema import VERSION, head, metadata, version
from orderflow.ledger.shares import share_kind
from orderflow.ledger.troubles import told
from orderflow.records.errors import OrderflowError

MIGRATIONS = Path(__file__).parent / "migrations"
_TURNSTILE = 0x6F726465  # the advisory lock under which a PostgreSQL ledger is made or upgraded


Traces = Callable[[], Sequence[str]]


def open_ledger(setting: str, desk: Path, traces: Traces = tuple) -> Ledger:
    """The ledger that the setting `ledger` names (`sqlite:///ledger.db`, `postgresql+psycopg://…`) for a desk.

    A missing one is made, unless `traces` names what was left of a lost one; an older one is upgraded in one
    transaction, after a copy of it was kept. Raises `OrderflowError`: `ledger-url`, `postgresql-missing`,
    `ledger-on-network` (path, kind), `ledger-lost` (path, found), `ledger-newer` (found), `ledger-damaged`, and
    those of `troubles.told`.
    """
    address = address_of(setting, desk)
    if address.path is not None and (kind := share_kind(address.path)) is not None:
        raise OrderflowError("ledger-on-network", path=str(address.path), kind=kind)
    _refuse_lost_file(address, traces)
    engine = make_engine(address)
    try:
        with told(address):
            _bring_up_to_date(engine, address, traces)
    except BaseException:
        engine.dispose()
        raise
    return Ledger(engine, address)


def _refuse_lost_file(address: Address, traces: Traces) -> None:
    """Looks before SQLite makes the file, or throws away the journal of one that is empty."""
    file = address.path
    if file is None or _has_content(file):
        return
    found = traces()
    if found and not _has_content(file):  # looked at once more: another command may have made it meanwhile
        raise OrderflowError("ledger-lost", path=address.shown, found=found)


def _has_content(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _bring_up_to_date(engine: Engine, address: Address, traces: Traces) -> None:
    with engine.connect() as connection:
        stated = _stated(connection)
        found = _version(connection, address) if stated is None else _known(stated, address)
    if address.path is not None:
        _write_ahead(engine)
    if found == VERSION:
        return
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if address.path is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURNSTILE})
        found = _version(connection, address)  # another process may have been first
        if found is None:
            if address.path is None and (left := traces()):
                raise OrderflowError("ledger-lost", path=address.shown, found=left)
            create(connection)
        elif found < VERSION:
            backup.keep(connection, address, found)
            upgrade(connection)


def _stated(connection: Connection) -> str | None:
    """What a ledger says of its version, as nearly every command finds one; `None` calls for a closer look."""
    try:
        return _said(connection)
    except DatabaseError:
        connection.rollback()
        return None


def _version(connection: Connection, address: Address) -> int | None:
    """The version of the ledger's tables, `None` where there are none yet."""
    tables = set(inspect(connection).get_table_names())
    if version.name not in tables:
        if (address.path is not None and tables) or tables & set(metadata.tables):
            raise OrderflowError("ledger-damaged", path=address.shown, why="not a ledger of orderflow")
        return None
    return _known(_said(connection), address)


def _said(connection: Connection) -> str:
    return connection.execute(select(version.c.version_num)).scalar_one_or_none() or ""


def _known(stated: str, address: Address) -> int:
    if not stated.isdecimal():
        raise OrderflowError("ledger-damaged", path=address.shown, why=f"version {stated!r}")
    if int(stated) > VERSION:
        raise OrderflowError("ledger-newer", found=int(stated))
    return int(stated)


def _write_ahead(engine: Engine) -> None:
    """Lets readers read while one writes; SQLite keeps this in the file."""
    driver = engine.raw_connection()
    try:
        cursor = driver.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()
    finally:
        driver.close()


def create(connection: Connection) -> None:
    """Makes all tables of a new ledger, as the migrations would: without Alembic, whose import takes its time."""
    dialect = connection.dialect
    for statement in _making(f"{dialect.name}+{dialect.driver}"):
        connection.exec_driver_sql(statement)
    connection.execute(insert(version).values(version_num=f"{VERSION:04d}"))
    connection.execute(insert(head).values(id=1, seq=0, link=ORIGIN))


@cache
def _making(kind: str) -> list[str]:
    """What makes the tables: to word it takes as long as to do it, and archiving makes several ledgers.

    `kind` is how an address begins: `sqlite+pysqlite`.
    """
    made: list[Any] = []
    silent = create_mock_engine(f"{kind}://", lambda statement, *_: made.append(statement))
    metadata.create_all(silent, checkfirst=False)
    return [str(statement.compile(dialect=silent.dialect)) for statement in made]


def upgrade(connection: Connection) -> None:
    """Runs the migrations that a ledger lacks, in the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
