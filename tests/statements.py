"""SQLAlchemy compiles a statement once for an engine, as a command does: tests have an engine for each desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, Engine, create_engine

from orderflow.ledger import engine


def compiled_once() -> None:
    """From now on all engines of this process that are for the same database know each other's statements."""
    dialects: dict[str, Dialect] = {}
    compiled: dict[str, Any] = {}

    def alike(*given: Any, **named: Any) -> Engine:
        made = create_engine(*given, **named)
        made.dialect = dialects.setdefault(made.name, made.dialect)
        made._compiled_cache = compiled.setdefault(made.name, made._compiled_cache)
        return made

    engine.create_engine = alike  # type: ignore[attr-defined]
