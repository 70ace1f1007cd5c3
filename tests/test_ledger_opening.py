"""A ledger is made, found again, brought up to date, or refused with one clear reason."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from ledgers import a_run, an_order, at_once, just_open, registered
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import Connection

from orderflow.ledger import opening, orders
from orderflow.ledger.opening import create, open_ledger, upgrade
from orderflow.ledger.schema import VERSION
from orderflow.records.errors import OrderflowError

COLUMN = "ALTER TABLE orders ADD COLUMN weight TEXT"
THIS, NEXT = f"{VERSION:04d}", f"{VERSION + 1:04d}"
NEXT_MIGRATION = f'''
from alembic import op
revision = "{NEXT}"
down_revision = "{THIS}"
def upgrade():
    op.execute("{COLUMN}")
'''


def refusal(url: str, desk: Path) -> OrderflowError:
    with pytest.raises(OrderflowError) as refused:
        open_ledger(url, desk)
    return refused.value


def newer_tool(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """The next version of orderflow, whose orders have a weight."""
    migrations = folder / "migrations"
    if not migrations.exists():
        shutil.copytree(opening.MIGRATIONS, migrations)
        (migrations / "versions" / f"{NEXT}.py").write_text(NEXT_MIGRATION, encoding="utf-8")
    patch.setattr(opening, "MIGRATIONS", migrations)
    patch.setattr(opening, "VERSION", VERSION + 1)


def open_with_newer_tool(url: str, which: int) -> int:
    """In another process: the next version opens the ledger; how many columns orders then have."""
    with pytest.MonkeyPatch.context() as patch:
        newer_tool(Path(url.partition("?folder=")[2]), patch)
        return orders_columns(url.partition("?folder=")[0])


def orders_columns(url: str) -> int:
    with open_ledger(url, Path()) as ledger, ledger.read() as book:
        return len(inspect(book.connection).get_columns("orders"))


def test_a_ledger_is_made_where_none_is_and_found_again(empty_url: str, tmp_path: Path) -> None:
    with open_ledger(empty_url, tmp_path) as ledger:
        (number,) = registered(ledger, an_order())
    with open_ledger(empty_url, tmp_path) as ledger, ledger.read() as book:
        assert [order.row.number for order in orders.live(book)] == [number] == ["202405-001"]


def test_a_relative_path_counts_from_the_desk(tmp_path: Path) -> None:
    with open_ledger("sqlite:///ledger.db", tmp_path) as ledger:
        assert ledger.shown == str(tmp_path / "ledger.db")
    assert (tmp_path / "ledger.db").exists()


def test_several_processes_may_make_the_ledger_at_once(empty_url: str) -> None:
    assert len(set(at_once(just_open, empty_url, 4))) == 1


def test_what_is_committed_is_on_the_disk_before_the_command_goes_on(tmp_path: Path) -> None:
    with open_ledger("sqlite:///ledger.db", tmp_path) as ledger, ledger.read() as book:
        pragmas = {name: book.connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
        assert pragmas == {"journal_mode": "wal", "synchronous": 2}  # 2 is FULL
        assert book.connection.scalar(text("PRAGMA foreign_keys")) == 1


def plain(index: Any) -> dict[str, Any]:
    """An index as it can be compared: which rows it holds is told as an object."""
    return {**index, "dialect_options": {name: str(value) for name, value in index["dialect_options"].items()}}


def schema_of(connection: Connection) -> dict[str, Any]:
    """All that a database says of its tables, in an order of its own."""
    found = inspect(connection)
    return {
        table: {
            "options": found.get_table_options(table),
            "columns": [{**column, "type": str(column["type"])} for column in found.get_columns(table)],
            "key": found.get_pk_constraint(table),
            "indexes": sorted(map(plain, found.get_indexes(table)), key=lambda index: str(index["name"])),
            "unique": found.get_unique_constraints(table),
            "references": sorted(found.get_foreign_keys(table), key=str),
        }
        for table in sorted(found.get_table_names())
    }


def test_the_migrations_from_nothing_make_the_same_tables_as_a_new_ledger(
    empty_url: str,
) -> None:
    made = []
    for make in (create, upgrade):
        engine = create_engine(empty_url)
        with engine.connect() as connection, connection.begin() as transaction:
            make(connection)
            made.append((schema_of(connection), connection.execute(text("SELECT * FROM head")).all()))
            transaction.rollback()
        engine.dispose()
        Path(empty_url.removeprefix("sqlite:///")).unlink(missing_ok=True)
    assert made[0] == made[1]


def older_tool(folder: Path, version: int, patch: pytest.MonkeyPatch) -> None:
    """The orderflow that wrote ledgers of an earlier version."""
    migrations = folder / "migrations"
    shutil.copytree(opening.MIGRATIONS, migrations)
    for later in range(version + 1, VERSION + 1):
        (migrations / "versions" / f"{later:04d}.py").unlink()
    patch.setattr(opening, "MIGRATIONS", migrations)


@pytest.mark.parametrize("made_by", range(1, VERSION))
def test_a_ledger_of_every_version_there_was_is_brought_up_to_date(
    made_by: int, empty_url: str, tmp_path: Path
) -> None:
    engine = create_engine(empty_url)
    with pytest.MonkeyPatch.context() as patch, engine.connect() as connection, connection.begin():
        older_tool(tmp_path, made_by, patch)
        upgrade(connection)
        assert connection.scalar(text("SELECT version_num FROM ledger_version")) == f"{made_by:04d}"
    engine.dispose()
    with open_ledger(empty_url, tmp_path) as ledger:
        registered(ledger, an_order())
    with open_ledger(empty_url, tmp_path) as ledger, ledger.read() as book:
        assert book.connection.scalar(text("SELECT version_num FROM ledger_version")) == THIS
        assert [order.row.number for order in orders.live(book)] == ["202405-001"]


def test_an_older_ledger_is_upgraded_after_a_copy_was_kept(
    ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger:
        (number,) = registered(ledger, an_order())
    before = orders_columns(ledger_url)
    newer_tool(tmp_path, monkeypatch)
    assert orders_columns(ledger_url) == before + 1
    with open_ledger(ledger_url, tmp_path) as ledger, ledger.read() as book:
        assert orders.load(book, [number])[0].row.customer == "杭州某某有限公司"
        assert kept_copy(book.connection, tmp_path) == 1


def kept_copy(connection: Connection, folder: Path) -> int:
    """How many orders the copy of the older ledger holds."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text(f'SELECT count(*) FROM "orderflow-version-{THIS}".orders')) or 0)
    with closing(sqlite3.connect(folder / f"ledger-version-{THIS}.db")) as copy:
        assert copy.execute("SELECT version_num FROM ledger_version").fetchone() == (THIS,)
        return int(copy.execute("SELECT count(*) FROM orders").fetchone()[0])


def test_several_processes_may_upgrade_at_once_and_one_does(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path):
        pass
    before = orders_columns(ledger_url)
    with pytest.MonkeyPatch.context() as patch:
        newer_tool(tmp_path, patch)  # only puts the migrations there, for the processes to find
    assert at_once(open_with_newer_tool, f"{ledger_url}?folder={tmp_path}", 4) == [before + 1] * 4
    assert len(list(tmp_path.glob("ledger-version-*.db"))) == (1 if ledger_url.startswith("sqlite") else 0)


def test_an_upgrade_that_fails_leaves_the_ledger_as_it_was(
    ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(ledger_url, tmp_path):
        pass
    before = orders_columns(ledger_url)
    with monkeypatch.context() as patch:
        newer_tool(tmp_path, patch)
        wrong = NEXT_MIGRATION + "    raise RuntimeError('half way')\n"
        (tmp_path / "migrations" / "versions" / f"{NEXT}.py").write_text(wrong, encoding="utf-8")
        with pytest.raises(RuntimeError, match="half way"):
            open_ledger(ledger_url, tmp_path)
    assert orders_columns(ledger_url) == before


def test_an_older_tool_refuses_a_newer_ledger(ledger_url: str, tmp_path: Path) -> None:
    with open_ledger(ledger_url, tmp_path) as ledger, a_run(ledger) as run:
        run.connection.execute(text(f"UPDATE ledger_version SET version_num = '{NEXT}'"))
    refused = refusal(ledger_url, tmp_path)
    assert (refused.code, refused.params) == ("ledger-newer", {"found": VERSION + 1})


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ledger.db").write_bytes(content)
    refused = refusal("sqlite:///ledger.db", tmp_path)
    assert refused.code == "ledger-damaged"
    assert refused.params["path"] == str(tmp_path / "ledger.db")
    assert (tmp_path / "ledger.db").read_bytes() == content


def test_the_database_of_another_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as other:
        other.execute("CREATE TABLE contacts (name TEXT)")
        other.commit()
    before = (tmp_path / "ledger.db").read_bytes()
    assert refusal("sqlite:///ledger.db", tmp_path).code == "ledger-damaged"
    assert (tmp_path / "ledger.db").read_bytes() == before


def test_a_damaged_page_is_said_in_one_sentence_when_it_is_read(tmp_path: Path) -> None:
    with open_ledger("sqlite:///ledger.db", tmp_path) as ledger:
        registered(ledger, *(an_order(external_number=str(nth)) for nth in range(200)))
    content = bytearray((tmp_path / "ledger.db").read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    (tmp_path / "ledger.db").write_bytes(content)
    with (
        pytest.raises(OrderflowError) as refused,
        open_ledger("sqlite:///ledger.db", tmp_path) as ledger,
        ledger.read() as book,
    ):
        list(orders.live(book))
    assert refused.value.code == "ledger-damaged"


def test_a_folder_that_does_not_exist_is_said(tmp_path: Path) -> None:
    assert refusal("sqlite:///nowhere/ledger.db", tmp_path).code == "cannot-write"


def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    refused = refusal("postgresql+psycopg://desk:geheim@127.0.0.1:1/orders", tmp_path)
    assert refused.code == "ledger-unreachable"
    assert refused.params["url"] == "postgresql://127.0.0.1:1/orders"
    assert "geheim" not in str(refused.params)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://desk:geheim@host/orders",
        "sqlite://",
        "sqlite:///:memory:",
        "ledger.db",
        "postgresql://host",
        "postgresql://desk:geheim@geheim@host/orders",
        "postgresql://desk:geheim@host:port/orders",
        "postgresql://host?password=geheim",
    ],
)
def test_what_is_no_ledgers_address_is_said_without_its_password(tmp_path: Path, url: str) -> None:
    refused = refusal(url, tmp_path)
    assert refused.code == "ledger-url"
    assert "geheim" not in str(refused.params)


def test_a_plain_postgresql_address_means_psycopg(postgresql: Any, tmp_path: Path) -> None:
    plain = postgresql.url("ledger").replace("+psycopg", "")
    with open_ledger(plain, tmp_path) as ledger, ledger.read() as book:
        assert book.connection.dialect.driver == "psycopg"
