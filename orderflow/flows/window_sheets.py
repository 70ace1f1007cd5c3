"""The sheets that stand beside the rows of a desk's workbook: conflicts to decide, a legend, whose workbook it is."""

from __future__ import annotations

from collections.abc import Sequence

from orderflow import text
from orderflow.flows.desk import Desk
from orderflow.flows.keys import KEY_HEADER, key_text
from orderflow.flows.sides import shown_side
from orderflow.ledger.conflicts import Conflict
from orderflow.records.order import Anomaly
from orderflow.records.rows import Workbook
from orderflow.report.sentences import header
from orderflow.sheets.layout import Cell, ColumnLayout, Row, SheetLayout, Visibility
from orderflow.sheets.palette import Look

META = "_orderflow"
"""The name of the hidden sheet."""
CONFLICTS = f"{KEY_HEADER}?"
"""The header of the hidden column that tells the sheet of conflicts from every other."""
OURS, THEIRS, DISTINCT = "ours", "theirs", "distinct"
"""How a conflict can be decided: the ledger's value stays, or the other one is taken; a suspected twin is none."""
TWIN = "twin"
"""What follows the number in the key of a question about a suspected twin."""
_COLUMNS = (("number", 14), ("column", 18), ("base", 20), ("ours", 24), ("theirs", 24))
_LEGEND = (
    (Look.PLAIN, "plain"),
    (Look.FREE, "own"),
    (Look.SHADED, "shaded"),
    (Look.ERROR, "mend"),
    (Look.WARNING, "look"),
    (Look.NOTE, "conflict"),
)


def meta_sheet(desk: Desk, desk_id: str, workbook: Workbook, run: int) -> SheetLayout:
    """Whose workbook it is, of what kind, as of which run, in which language; for the reading back only."""
    told = {"desk": desk_id[:12], "kind": workbook.name, "run": str(run), "language": desk.lang}
    columns = [ColumnLayout(KEY_HEADER, width=12), ColumnLayout("-", width=60)]
    return SheetLayout(META, columns, list(told.items()), visibility=Visibility.VERY_HIDDEN, autofilter=False)


def conflicts_sheet(desk: Desk, desk_id: str, conflicts: Sequence[Conflict], twins: Sequence[Anomaly]) -> SheetLayout:
    """One row for each conflict and each suspected twin; whoever decides it picks a word in the last column."""
    say = desk.say
    words = tuple(say(f"messages.window.{choice}") for choice in (OURS, THEIRS, DISTINCT))
    columns = [
        ColumnLayout(CONFLICTS, hidden=True, width=4),
        *(ColumnLayout(say(f"messages.window.{key}_header"), width=width, wrap=True) for key, width in _COLUMNS),
        ColumnLayout(say("messages.window.choice_header"), width=22, choices=words, look=Look.NOTE),
    ]
    rows = [*(_conflict(desk, desk_id, one) for one in conflicts), *(_twin(desk, desk_id, one) for one in twins)]
    above = [[None, Cell(say("messages.window.conflicts_hint"), Look.SUBTITLE)]]  # the first column is hidden
    return SheetLayout(say("messages.window.conflicts"), columns, rows, above=above, tab_colour="#C0504D")


def _conflict(desk: Desk, desk_id: str, conflict: Conflict) -> Row:
    sides = (shown_side(conflict.field, side, desk.lang) for side in (conflict.base, conflict.ours, conflict.theirs))
    name = header(conflict.field, desk.lang) or conflict.field
    return [key_text(desk_id, conflict.number, conflict.id), conflict.number, name, *sides, None]


def _twin(desk: Desk, desk_id: str, twin: Anomaly) -> Row:
    """The other order's number stands where the other side of a conflict does."""
    name = desk.say(f"findings.{twin.code}.title")
    return [key_text(desk_id, twin.number, 0, (TWIN,)), twin.number, name, None, None, twin.params["twin"], None]


def legend_sheet(desk: Desk) -> SheetLayout:
    """What the colours mean, and how the workbook is worked with."""
    say = desk.say
    rows: list[Row] = [
        [Cell(say(f"messages.window.{key}_name"), look), say(f"messages.window.{key}_means")] for look, key in _LEGEND
    ]
    columns = [
        ColumnLayout(say("messages.window.colour"), width=22),
        ColumnLayout(say("messages.window.meaning"), width=90, wrap=True),
    ]
    above = [[Cell(say("messages.window.legend_hint"), Look.SUBTITLE)]]
    return SheetLayout(say("messages.window.legend"), columns, rows, above=above, autofilter=False, gridlines=False)


def choice_in(word: str) -> str | None:
    """How a conflict is decided by what a person picked, in whichever language."""
    for lang in text.LANGUAGES:
        for choice in (OURS, THEIRS, DISTINCT):
            if word.strip() == text.say(lang, f"messages.window.{choice}"):
                return choice
    return None
