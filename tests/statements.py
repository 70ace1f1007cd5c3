"""What engines of one process share, of which tests have one for each command and desk: a command has but one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, Engine, Pool, create_engine

from orderflow.ledger import engine, excerpt

_dialects: dict[str, Dialect] = {}
_compiled: dict[str, Any] = {}
_pools: dict[str, Pool] = {}


def share() -> None:
    """From now on engines for the same kind of database compile a statement once.

    Those for the same database in a server take the connection of the one before, until `let_go`: a server takes longer
    to begin with a client than to answer most questions.
    """
    engine.create_engine = excerpt.create_engine = _alike  # type: ignore[attr-defined]


def let_go() -> None:
    """Closes the connections that were kept."""
    while _pools:
        _pools.popitem()[1].dispose()


def _alike(*given: Any, **named: Any) -> Engine:
    made = create_engine(*given, **named)
    made.dialect = _dialects.setdefault(made.name, made.dialect)
    made._compiled_cache = _compiled.setdefault(made.name, made._compiled_cache)
    if made.name == "postgresql":
        made.pool = _pools.setdefault(made.url.render_as_string(hide_password=False), made.pool)
        made.dispose = _kept  # type: ignore[method-assign]
    return made


def _kept(close: bool = True) -> None:
    """A ledger that was closed leaves its connection to the next."""
