"""What stops a command: nothing was changed, exit code 3."""

from __future__ import annotations


class OrderflowError(Exception):
    """The command cannot go on; raised at the edges, caught once in `cli.py`.

    `code` is a key of the findings catalogue; its texts (message and fix) take `params`.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class Unreadable(OrderflowError):
    """One input file cannot be read; of several files the others still go in (CLI.md, exit codes)."""


class WrongUsage(OrderflowError):
    """The command was typed wrongly: said on standard error only, exit code 2 (CLI.md, exit codes)."""
