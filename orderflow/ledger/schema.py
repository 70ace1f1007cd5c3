"""The tables. The columns of the workbooks' rows come from `records.rows`; the rest is the desk's bookkeeping.

The same on SQLite and PostgreSQL: moments are whole seconds since 1970 (UTC), days are ISO texts, decimals are
texts without trailing zeros, JSON is text; so every comparison is exact on both.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.types import TypeEngine

from orderflow.ledger.values import number_of, serial_of, stored_fields
from orderflow.records.column import Kind
from orderflow.records.improvement import Improvement
from orderflow.records.registration import Registration
from orderflow.records.rows import Customer, Feedback, Plan, Priority, Product, Progress, RowType

VERSION = 2
"""The version of the tables that this tool writes; the newest migration bears the same number."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


class DeskNumber(TypeDecorator[str]):
    """A desk number, `YYYYMM-NNN` in Python and a whole number in SQL.

    So `202411-1000` comes after `202411-999` in every sort, a month is a range, and the key is the row itself.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite knows a row by an `INTEGER` key only."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        """The whole number that stands for `value`."""
        return None if value is None else serial_of(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """The desk number that `value` stands for."""
        return None if value is None else number_of(value)


_SQL_TYPES: dict[Kind, type[TypeEngine[Any]]] = {Kind.MOMENT: BigInteger, Kind.SCORE: Integer, Kind.NUMBER: DeskNumber}
_Id = BigInteger().with_variant(Integer, "sqlite")
_Flag = Boolean(create_constraint=False)


def _fields(*rows: RowType, key: tuple[str, ...] = ()) -> list[Column[Any]]:
    kinds = stored_fields(*rows)
    return [Column(name, _SQL_TYPES.get(kind, Text)) for name, kind in kinds.items() if name not in key]


def _key(name: str, kind: Any = _Id, *, given: bool = True) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=not given)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def _number(name: str = "number", *, null: bool = False) -> Column[str]:
    return Column(name, DeskNumber, nullable=null)


def _run(name: str = "run", *, null: bool = False) -> Column[int]:
    return Column(name, ForeignKey("runs.id"), nullable=null)


def _index_where_filled(column: str, *more: str) -> Index:
    """On SQLite, of rows whose first column says something, where few do: the others cost nothing to insert.

    To say so for PostgreSQL would load its dialect (20 ms) with every command.
    """
    return Index(None, column, *more, sqlite_where=text(f"{column} IS NOT NULL"))


# The chain of changes: where it ends, and what it tells of.

version = Table(
    "ledger_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="ledger_version_pkc"),
)  # as Alembic makes it

head = Table(
    "head", metadata, _key("id", Integer), _whole("seq"), Column("link", LargeBinary, nullable=False)
)  # one row: the last change

runs = Table(
    "runs",
    metadata,
    _key("id"),
    _text("command"),
    _text("actor"),
    _whole("at"),
    _whole("entered_at"),
    _text("language"),
    _text("options"),
    _text("summary", null=True),
    _whole("first_change"),
    _whole("last_change", null=True),
    _run("undone_by", null=True),
)

sources = Table(
    "sources",
    metadata,
    _key("id"),
    _run(),
    _text("path"),
    _text("name"),
    _text("sha256"),
    _text("sheet", null=True),
    _text("kind"),
    _text("layout"),
    _text("counts"),
    Index(None, "sha256"),
    Index(None, "run"),
)

# The four tables that a run fills by the hundred thousand bear no foreign keys: on PostgreSQL each would cost a trigger
# per row. `checks.references` looks for rows that refer to nothing.

lines = Table(
    "lines",
    metadata,
    _key("source"),
    _key("sheet_row"),
    _text("outcome"),
    _number(null=True),
    _text("reason", null=True),
    sqlite_with_rowid=False,
)

changes = Table(
    "changes",
    metadata,
    _key("seq"),
    _whole("run"),
    _whole("source", null=True),
    _whole("sheet_row", null=True),
    _number(null=True),
    _text("kind"),
    _whole("at"),
    _text("body"),
    _text("personal", null=True),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary),
    Column("link", LargeBinary, nullable=False),
    Index(None, "number"),
)

orders = Table(
    "orders",
    metadata,
    _key("number", DeskNumber),
    *_fields(Registration),
    _text("identity"),
    _text("fingerprint"),
    _text("twin_a", null=True),
    _text("twin_b", null=True),
    _text("channel", null=True),
    _text("unread", null=True),
    _text("extra", null=True),
    Column("received_time_known", _Flag, nullable=False),
    Column("revision", Integer, nullable=False),
    _whole("run"),
    _whole("source_id", null=True),
    _whole("sheet_row", null=True),
    Column("open_anomalies", Integer, nullable=False),
    _number("merged_into", null=True),
    Column("cancelled", _Flag, nullable=False),
    Column("undone", _Flag, nullable=False),
    _text("archived", null=True),
    Index(None, "identity"),
    Index(None, "external_number"),
    Index(None, "twin_a", "received_at"),
    Index(None, "twin_b", "received_at"),
    _index_where_filled("archived"),
)

findings = Table(
    "findings",
    metadata,
    _key("id", given=False),
    _whole("run"),
    _whole("source", null=True),
    _whole("sheet_row", null=True),
    _whole("sheet_column", null=True),
    _text("code"),
    _text("severity"),
    _text("field", null=True),
    _text("value", null=True),
    _text("params"),
    _number(null=True),
    Index(None, "source", "sheet_row"),
    Index(None, "number"),
)

# What an order gathers about it.

anomalies = Table(
    "anomalies",
    metadata,
    _key("id", given=False),
    _number(),
    _text("code"),
    _text("field", null=True),
    _text("params"),
    _whole("opened_run"),
    _whole("opened_at"),
    _whole("closed_run", null=True),
    _whole("closed_at", null=True),
    _text("how", null=True),
    Index(None, "number"),
    Index(None, "opened_run"),
    Index(None, "closed_run"),
)

conflicts = Table(
    "conflicts",
    metadata,
    _key("id", given=False),
    _number(),
    _text("field"),
    _text("base"),
    _text("ours"),
    _text("theirs"),
    _run(),
    _whole("source", null=True),
    _whole("sheet_row", null=True),
    _run("decided_run", null=True),
    _text("decision", null=True),
    Index(None, "number"),
    Index(None, "decided_run"),
)

evidence = Table(
    "evidence",
    metadata,
    _key("id", given=False),
    _number(),
    _run(),
    _text("kind"),
    _text("name"),
    _text("path"),
    _text("sha256"),
    _whole("size"),
    Index(None, "number"),
)

# What stands beside an order, written by `attached`: its judgement, its plan and stages, how its delivery went.


def _beside() -> list[Column[Any]]:
    """What a row of one of these workbooks bears beside its fields."""
    revision = Column("revision", Integer, nullable=False)
    return [_text("unread", null=True), _text("extra", null=True), revision, _whole("run")]


priorities = Table(
    "priorities",
    metadata,
    _key("number", DeskNumber),
    *_fields(Priority),  # as people declared it in the workbook
    _text("in_force", null=True),
    _text("verdict", null=True),
    _text("rests_on", null=True),
    *_beside(),
)

plans = Table(
    "plans",
    metadata,
    _key("number", DeskNumber),
    _text("kind", null=True),
    _whole("rush", null=True),
    _text("planned_by", null=True),
    _whole("planned_at", null=True),
    _whole("completed_at", null=True),
    _text("promise", null=True),
    _text("rests_on", null=True),
    _text("unknown_years", null=True),
    Column("revision", Integer, nullable=False),
    _whole("run"),
)

stages = Table(
    "stages",
    metadata,
    _key("number", DeskNumber),
    _key("stage", Text),
    _key("seq", Integer),
    *_fields(Plan, Progress, key=("stage",)),
    *_beside(),
    Index(None, "due"),
)

feedbacks = Table(
    "feedbacks",
    metadata,
    _key("number", DeskNumber),
    _key("seq", Integer),
    *_fields(Feedback),
    _text("origin", null=True),
    _text("identity", null=True),
    Column("complains", Integer),
    *_beside(),
    Index(None, "recorded_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _key("number", DeskNumber),
    _whole("delivered_at", null=True),
    _text("delivered_by", null=True),
    _whole("accepted_at", null=True),
    _whole("surveyed_at", null=True),
    _whole("answered_at", null=True),
    _whole("reminded_at", null=True),
    _whole("closed_at", null=True),
    _text("closed_how", null=True),
    Column("revision", Integer, nullable=False),
    _whole("run"),
    Index(None, "closed_at"),
)

cases = Table(
    "cases",
    metadata,
    _key("number", DeskNumber),
    _whole("opened_at", null=True),
    _text("causes", null=True),
    _text("owner", null=True),
    _text("offered_by", null=True),
    _text("offer_reason", null=True),
    _text("helpers", null=True),
    _text("proposed", null=True),
    _text("proposed_unit", null=True),
    _text("remedies", null=True),
    _whole("closed_at", null=True),
    Column("revision", Integer, nullable=False),
    _whole("run"),
    Index(None, "closed_at"),
)

replacements = Table(
    "replacements",
    metadata,
    _key("number", DeskNumber),
    _number("original", null=True),
    Column("revision", Integer, nullable=False),
    _whole("run"),
    Index(None, "original"),
)  # which order replaces goods of which

# The two reference workbooks.

customers = Table("customers", metadata, _key("key", Text), *_fields(Customer), _whole("run"))

products = Table("products", metadata, _key("key", Text), *_fields(Product), _whole("run"))

issued_reports = Table(
    "issued_reports",
    metadata,
    _key("month", Text),
    _whole("run"),
    _whole("seq"),
    _text("report"),
    Column("orders", LargeBinary, nullable=False),
)  # monthly reports as they were issued

improvements = Table("improvements", metadata, _key("id"), *_fields(Improvement), _whole("run"))

# What the desk has to do, and what it remembers.

notices = Table(
    "notices",
    metadata,
    _key("id", given=False),
    _run(),
    _text("event"),
    _text("severity"),
    _text("numbers"),
    _text("recipient"),
    _text("department", null=True),
    _text("address", null=True),
    _text("facts"),
    _text("state"),
    _whole("created_at"),
    Column("key", Text, nullable=False, unique=True),
    _text("token"),
    _whole("copy_of", null=True),
    _text("channel", null=True),
    _text("target", null=True),
    _text("subject", null=True),
    _text("words", null=True),
    _whole("attempts"),
    _whole("attempted_at", null=True),
    _whole("next_at", null=True),
    _whole("settled_at", null=True),
    _run("settled_run", null=True),
    _text("reason", null=True),
    _text("detail", null=True),
    Index(None, "run"),
    Index(None, "state"),
    _index_where_filled("channel", "attempted_at"),
)

pending = Table(
    "pending",
    metadata,
    _key("id", given=False),
    _run(),
    _text("kind"),
    _text("spec"),
    _whole("done_at", null=True),
    Index(None, "done_at"),
)

warnings = Table(
    "warnings",
    metadata,
    _key("number", DeskNumber),
    _key("clock", Text),
    _key("started"),
    _key("degree", Text),
    _run(),
    sqlite_with_rowid=False,
)

open_clocks = Table(
    "open_clocks",
    metadata,
    _key("number", DeskNumber),
    _key("place", Integer),
    _text("clock"),
    _whole("started", null=True),
    _whole("due", null=True),
    Column("lasts", _Flag, nullable=False),
    sqlite_with_rowid=False,
)  # what `open_clocks_basis` found running; worked out from the history, so that not every look has to

open_clocks_basis = Table(
    "open_clocks_basis", metadata, _key("id", Integer), _whole("seq"), _whole("at"), _text("limits")
)  # one row: the last change that was looked at, when, and by which limits

layouts = Table("layouts", metadata, _key("signature", Text), _text("answers"), _run())

outputs = Table(
    "outputs",
    metadata,
    _key("path", Text),
    _text("sha256"),
    _text("kind"),
    _whole("written_at"),
    _text("content", null=True),
    _text("seen", null=True),
    Index(None, "sha256"),
)  # the workbooks that the desk wrote, as it wrote them last

drafts = Table(
    "drafts", metadata, _key("kind", Text), _key("id"), _text("cells"), _text("code"), _run()
)  # rows that people wrote into a workbook of the desk, and that are no rows yet

jottings = Table(
    "jottings",
    metadata,
    _key("kind", Text),
    _key("row", Text),
    _key("place", Text),
    _text("comment", null=True),
    _text("fill", null=True),
    _text("form", null=True),
)  # what people put on cells of a workbook of the desk: a comment, a colour, a number in a column of their own

bags = Table(
    "bags",
    metadata,
    _key("name", Text),
    _text("month"),
    _text("digest"),
    _whole("orders"),
    _whole("last_closing"),
    _whole("sealed_at"),
    _text("predecessor", null=True),
    _run(),
    _run("removed_run", null=True),
)  # the sealed bags of the archive; an order's `archived` names one

upkeep = Table(
    "upkeep", metadata, _key("kind", Text), _whole("at"), _text("what")
)  # when the desk last did what keeps it safe: a backup, a verification of its archive

counters = Table("counters", metadata, _key("month", Text), _whole("next"))

gaps = Table(
    "gaps", metadata, _key("month", Text), _key("first"), _whole("last"), _run(), _text("why")
)  # numbers passed over, first and last included
