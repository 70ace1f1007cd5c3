"""The console that people read: 80 columns when piped, no colour there, no character the console cannot show."""

from __future__ import annotations

from functools import cache

from rich.console import Console


@cache
def console() -> Console:
    """Standard output. Rich finds out about width, colour and a terminal by itself."""
    return Console(highlight=False, soft_wrap=False, emoji=False, markup=False)


def indented(words: str, columns: int, style: str = "") -> None:
    """Print a paragraph with every line of it set in by so many columns."""
    from orderflow.report.folding import folded

    out = console()
    for line in folded(words, out.width - columns - 1):
        out.print(" " * columns + line, style=style, no_wrap=True, overflow="ignore", crop=False)


@cache
def error_console() -> Console:
    """Standard error, for progress and warnings."""
    return Console(stderr=True, highlight=False, emoji=False, markup=False)
