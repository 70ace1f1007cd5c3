"""Where Alembic begins; the transaction and the ledger are those of `opening.upgrade`."""

from __future__ import annotations

from alembic import context

from orderflow.ledger.schema import metadata, version

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=version.name,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
