"""The tables of the first ledger."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NUMBER = _ID  # a desk number, as a whole number


def upgrade() -> None:
    """Makes every table, and the end of a chain that has no changes yet."""
    for make in (_chain, _orders, _workbooks, _after_delivery, _notices, _clocks, _files, _desk, _indexes):
        make()
    head = sa.table("head", sa.column("id"), sa.column("seq"), sa.column("link", sa.LargeBinary()))
    op.execute(head.insert().values(id=1, seq=0, link=bytes(32)))


def _key(name: str, kind: Any = _ID, *, given: bool = True) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=not given)


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def _whole(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _small(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, _NUMBER, nullable=null)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(create_constraint=False), nullable=False)


def _bytes(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def _run(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, _ID, sa.ForeignKey("runs.id"), nullable=null)


def _beside() -> list[sa.Column[Any]]:
    """What a row of the other workbooks bears beside its fields."""
    return [_text("unread", null=True), _text("extra", null=True), _small("revision"), _whole("run")]


# fmt: off
def _chain() -> None:
    """The chain of changes and what it tells of."""
    op.create_table(
        "head", _key("id", sa.Integer()), _whole("seq"), _bytes("link"),
    )
    op.create_table(
        "runs", _key("id"), _text("command"), _text("actor"), _whole("at"), _whole("entered_at"),
        _text("language"), _text("options"), _text("summary", null=True), _whole("first_change"),
        _whole("last_change", null=True), _run("undone_by", null=True),
    )
    op.create_table(
        "sources", _key("id"), _run("run"), _text("path"), _text("name"), _text("sha256"),
        _text("sheet", null=True), _text("kind"), _text("layout"), _text("counts"),
    )
    op.create_table(
        "lines", _key("source"), _key("sheet_row"), _text("outcome"), _number("number", null=True),
        _text("reason", null=True), sqlite_with_rowid=False,
    )
    op.create_table(
        "changes", _key("seq"), _whole("run"), _whole("source", null=True), _whole("sheet_row", null=True),
        _number("number", null=True), _text("kind"), _whole("at"), _text("body"),
        _text("personal", null=True), _bytes("salt", null=True), _bytes("digest", null=True), _bytes("link"),
    )


def _orders() -> None:
    """Orders, and what is known about each."""
    op.create_table(
        "orders", _key("number", _NUMBER), _text("customer", null=True), _text("contact_person", null=True),
        _text("contact", null=True), _text("product", null=True), _text("quantity", null=True),
        _text("unit", null=True), _text("delivery_date", null=True), _text("source", null=True),
        _text("payment", null=True), _text("remark", null=True), _whole("received_at", null=True),
        _text("entered_by", null=True), _text("checked_by", null=True), _whole("checked_at", null=True),
        _text("level", null=True), _text("amount", null=True), _text("external_number", null=True),
        _text("external_line", null=True), _text("address", null=True), _text("delivery_method", null=True),
        _text("owner", null=True), _text("late_reason", null=True), _text("identity"), _text("fingerprint"),
        _text("twin_a", null=True), _text("twin_b", null=True), _text("channel", null=True),
        _text("unread", null=True), _text("extra", null=True), _flag("received_time_known"),
        _small("revision"), _whole("run"), _whole("source_id", null=True), _whole("sheet_row", null=True),
        _small("open_anomalies"), _number("merged_into", null=True), _flag("cancelled"), _flag("undone"),
        _text("archived", null=True),
    )
    op.create_table(
        "findings", _key("id", given=False), _whole("run"), _whole("source", null=True),
        _whole("sheet_row", null=True), _whole("sheet_column", null=True), _text("code"), _text("severity"),
        _text("field", null=True), _text("value", null=True), _text("params"), _number("number", null=True),
    )
    op.create_table(
        "anomalies", _key("id", given=False), _number("number"), _text("code"), _text("field", null=True),
        _text("params"), _whole("opened_run"), _whole("opened_at"), _whole("closed_run", null=True),
        _whole("closed_at", null=True), _text("how", null=True),
    )
    op.create_table(
        "conflicts", _key("id", given=False), _number("number"), _text("field"), _text("base"), _text("ours"),
        _text("theirs"), _run("run"), _whole("source", null=True), _whole("sheet_row", null=True),
        _run("decided_run", null=True), _text("decision", null=True),
    )
    op.create_table(
        "evidence", _key("id", given=False), _number("number"), _run("run"), _text("kind"), _text("name"),
        _text("path"), _text("sha256"), _whole("size"),
    )


def _workbooks() -> None:
    """The rows of the other workbooks."""
    op.create_table(
        "priorities", _key("number", _NUMBER), _text("level", null=True), _text("amount", null=True),
        _text("urgency", null=True), _text("priority", null=True), _text("judged_by", null=True),
        _whole("judged_at", null=True), _text("override_reason", null=True), _text("in_force", null=True),
        _text("verdict", null=True), _text("rests_on", null=True), *_beside(),
    )
    op.create_table(
        "plans", _key("number", _NUMBER), _text("kind", null=True), _whole("rush", null=True),
        _text("planned_by", null=True), _whole("planned_at", null=True), _whole("completed_at", null=True),
        _text("promise", null=True), _text("rests_on", null=True), _text("unknown_years", null=True),
        _small("revision"), _whole("run"),
    )
    op.create_table(
        "stages", _key("number", _NUMBER), _key("stage", sa.Text()), _key("seq", sa.Integer()),
        _text("owner", null=True), _text("start", null=True), _text("due", null=True),
        _text("milestone", null=True), _text("kind", null=True), _text("confirmed_by", null=True),
        _whole("confirmed_at", null=True), _text("actual", null=True), _text("status", null=True),
        _text("note", null=True), _text("measure", null=True), _whole("found_at", null=True),
        _text("expected", null=True), _text("tracking_number", null=True), *_beside(),
    )
    op.create_table(
        "customers", _key("key", sa.Text()), _text("customer", null=True), _text("level", null=True),
        _text("contact_person", null=True), _text("contact", null=True), _whole("run"),
    )
    op.create_table(
        "products", _key("key", sa.Text()), _text("product", null=True), _text("unit", null=True),
        _text("price", null=True), _text("stock", null=True), _text("supply", null=True), _whole("run"),
    )


def _after_delivery() -> None:
    """What customers answered, what is owed to them, how orders ended."""
    op.create_table(
        "feedbacks", _key("number", _NUMBER), _key("seq", sa.Integer()), _text("customer", null=True),
        _text("acceptance", null=True), _text("comment", null=True), _small("score", null=True),
        _text("suggestion", null=True), _text("recorded_by", null=True), _whole("recorded_at", null=True),
        _small("response", null=True), _small("quality", null=True), _small("timeliness", null=True),
        _small("service", null=True), _text("resolution", null=True), _text("satisfied", null=True),
        _text("origin", null=True), _text("identity", null=True), _small("complains", null=True), *_beside(),
    )
    op.create_table(
        "deliveries", _key("number", _NUMBER), _whole("delivered_at", null=True), _text("delivered_by", null=True),
        _whole("accepted_at", null=True), _whole("surveyed_at", null=True), _whole("answered_at", null=True),
        _whole("reminded_at", null=True), _whole("closed_at", null=True), _text("closed_how", null=True),
        _small("revision"), _whole("run"),
    )
    op.create_table(
        "cases", _key("number", _NUMBER), _whole("opened_at", null=True), _text("causes", null=True),
        _text("owner", null=True), _text("offered_by", null=True), _text("offer_reason", null=True),
        _text("helpers", null=True), _text("proposed", null=True), _text("proposed_unit", null=True),
        _text("remedies", null=True), _whole("closed_at", null=True), _small("revision"), _whole("run"),
    )
    op.create_table(
        "replacements", _key("number", _NUMBER), _number("original", null=True), _small("revision"), _whole("run"),
    )


def _notices() -> None:
    """What somebody has to be told, and what has to follow a run."""
    op.create_table(
        "notices", _key("id", given=False), _run("run"), _text("event"), _text("severity"), _text("numbers"),
        _text("recipient"), _text("department", null=True), _text("address", null=True), _text("facts"),
        _text("state"), _whole("created_at"), _text("key"), _text("token"),
        _whole("copy_of", null=True), _text("channel", null=True), _text("target", null=True),
        _text("subject", null=True), _text("words", null=True), _whole("attempts"),
        _whole("attempted_at", null=True), _whole("next_at", null=True), _whole("settled_at", null=True),
        _run("settled_run", null=True), _text("reason", null=True), _text("detail", null=True),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "pending", _key("id", given=False), _run("run"), _text("kind"), _text("spec"),
        _whole("done_at", null=True),
    )


def _clocks() -> None:
    """The clocks that were warned of, and those found open."""
    op.create_table(
        "warnings",
        _key("number", _NUMBER),
        _key("clock", sa.Text()),
        _key("started"),
        _key("degree", sa.Text()),
        _run("run"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "open_clocks",
        _key("number", _NUMBER),
        _key("place", sa.Integer()),
        _text("clock"),
        _whole("started", null=True),
        _whole("due", null=True),
        _flag("lasts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "open_clocks_basis", _key("id", sa.Integer()), _whole("seq"), _whole("at"), _text("limits"),
    )


def _files() -> None:
    """What is remembered of files: answers about columns, what was written, what people put there."""
    op.create_table(
        "layouts", _key("signature", sa.Text()), _text("answers"), _run("run"),
    )
    op.create_table(
        "outputs", _key("path", sa.Text()), _text("sha256"), _text("kind"), _whole("written_at"),
        _text("content", null=True), _text("seen", null=True),
    )
    op.create_table(
        "drafts", _key("kind", sa.Text()), _key("id"), _text("cells"), _text("code"), _run("run"),
    )
    op.create_table(
        "jottings", _key("kind", sa.Text()), _key("row", sa.Text()), _key("place", sa.Text()),
        _text("comment", null=True), _text("fill", null=True), _text("form", null=True),
    )


def _desk() -> None:
    """What was archived, reported and is to be improved, and the numbers given."""
    op.create_table(
        "bags", _key("name", sa.Text()), _text("month"), _text("digest"), _whole("orders"), _whole("last_closing"),
        _whole("sealed_at"), _text("predecessor", null=True), _run("run"), _run("removed_run", null=True),
    )
    op.create_table(
        "upkeep", _key("kind", sa.Text()), _whole("at"), _text("what"),
    )
    op.create_table(
        "issued_reports", _key("month", sa.Text()), _whole("run"), _whole("seq"), _text("report"),
        sa.Column("orders", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "improvements", _key("id"), _text("problem", null=True), _text("measure", null=True), _text("owner", null=True),
        _text("due", null=True), _text("metric", null=True), _text("status", null=True), _text("effect", null=True),
        _text("raised", null=True), _text("done", null=True), _whole("run"),
    )
    op.create_table(
        "counters", _key("month", sa.Text()), _whole("next"),
    )
    op.create_table(
        "gaps", _key("month", sa.Text()), _key("first"), _whole("last"), _run("run"), _text("why"),
    )
# fmt: on


def _indexes() -> None:
    for table, *columns in (
        ("anomalies", "closed_run"),
        ("anomalies", "number"),
        ("anomalies", "opened_run"),
        ("cases", "closed_at"),
        ("changes", "number"),
        ("deliveries", "closed_at"),
        ("feedbacks", "recorded_at"),
        ("findings", "number"),
        ("findings", "source", "sheet_row"),
        ("orders", "archived"),
        ("orders", "external_number"),
        ("orders", "identity"),
        ("orders", "twin_a", "received_at"),
        ("orders", "twin_b", "received_at"),
        ("outputs", "sha256"),
        ("conflicts", "decided_run"),
        ("conflicts", "number"),
        ("evidence", "number"),
        ("notices", "channel", "attempted_at"),
        ("notices", "state"),
        ("pending", "done_at"),
        ("replacements", "original"),
        ("sources", "run"),
        ("sources", "sha256"),
        ("stages", "due"),
    ):
        op.create_index(None, table, columns)
