"""How a ledger of one version becomes one of the next; Alembic reads this folder."""
