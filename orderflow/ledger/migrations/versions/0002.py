"""On SQLite indexes that hold only what is looked up: archived orders, routed notices; and one on a notice's run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Exchanges the indexes."""
    op.drop_index("ix_orders_archived", "orders")
    op.drop_index("ix_notices_channel_attempted_at", "notices")
    _partial("orders", "archived")
    _partial("notices", "channel", "attempted_at")
    op.create_index(None, "notices", ["run"])


def _partial(table: str, column: str, *more: str) -> None:
    """An index, on SQLite of rows whose first column says something."""
    op.create_index(None, table, [column, *more], sqlite_where=sa.text(f"{column} IS NOT NULL"))
