"""Asking at a terminal what a column is (CLI.md, "A finding"): the question goes to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from rich.prompt import IntPrompt

from orderflow import text
from orderflow.flows.asking import ColumnUnclear
from orderflow.report.console import error_console
from orderflow.report.sentences import header

Ask = Callable[[ColumnUnclear], Mapping[str, str]]


def asker(lang: str, *, wanted: bool) -> Ask | None:
    """A way to ask, where somebody sits at a terminal and wants to be asked."""
    if not wanted or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return lambda unclear: _asked(lang, unclear)


def _asked(lang: str, unclear: ColumnUnclear) -> Mapping[str, str]:
    """Header → field as a person chose; an empty field is a column that is none of the desk's."""
    if len(unclear.headers) == 1 and len(unclear.fields) > 1:
        title = text.say(lang, "messages.ask.field", header=unclear.headers[0])
        chosen = _choose(lang, title, [header(field, lang) for field in unclear.fields])
        return {unclear.headers[0]: unclear.fields[chosen - 1] if chosen else ""}
    title = text.say(lang, "messages.ask.header", column=header(unclear.fields[0], lang))
    chosen = _choose(lang, title, unclear.headers)
    return {name: unclear.fields[0] if at == chosen else "" for at, name in enumerate(unclear.headers, start=1)}


def _choose(lang: str, title: str, choices: list[str]) -> int:
    """The number of the choice made; 0 for none of them."""
    out = error_console()
    out.print(title, style="bold")
    for number, choice in enumerate(choices, start=1):
        out.print(f"  {number}  {choice}")
    out.print(f"  0  {text.say(lang, 'messages.ask.none')}")
    numbers = [str(number) for number in range(len(choices) + 1)]
    return IntPrompt.ask(text.say(lang, "messages.ask.prompt"), console=out, choices=numbers, default=1)
