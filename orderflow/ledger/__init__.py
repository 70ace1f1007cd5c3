"""The ledger: every statement of SQL that the desk makes. SQLite by default, PostgreSQL by URL.

`opening.open_ledger` gives a `Ledger`; its `read()` and `write()` give the `Book` or `Run` that the functions of
the other modules take as their first argument. Nothing here reads the clock.
"""
