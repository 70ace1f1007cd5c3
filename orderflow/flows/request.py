"""What an intake was asked, and what its steps share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderflow.records.errors import OrderflowError, WrongUsage

if TYPE_CHECKING:
    from orderflow.flows.ahead import Ahead
    from orderflow.flows.asking import ColumnUnclear
    from orderflow.flows.desk import Desk
    from orderflow.flows.twins import TwinSearch
    from orderflow.ledger.book import Run
    from orderflow.records.references import References
    from orderflow.report.progress import Progress
    from orderflow.rules.facts import Yardstick

MODES = ("auto", "full", "none")


@dataclass(frozen=True, slots=True)
class Request:
    """What `orderflow intake` was asked: see CLI.md.

    `every_row` keeps each row's outcome, for `--json`. `ask` puts an unclear column before a person: header → field.
    """

    paths: Sequence[Path]
    source: str | None = None
    dry_run: bool = False
    checked: str = "auto"
    password_file: Path | None = None
    every_row: bool = False
    ask: Callable[[ColumnUnclear], Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """One run of intake: where it writes, what it knows, what it measures by."""

    desk: Desk
    run: Run
    request: Request
    ahead: Ahead
    references: References
    yardstick: Yardstick
    progress: Progress
    twins: TwinSearch

    @property
    def source(self) -> tuple[str | None, str | None]:
        """The source that `--source` names for orders which do not say theirs: its code, and the channel's name.

        A name that is none of the known ones is a channel of its own.
        """
        from orderflow.records.choices import SOURCE
        from orderflow.sheets.cells import read_choice

        if self.request.source is None:
            return None, None
        read: Any = read_choice(self.request.source, SOURCE)
        return read.value, read.params.get("typed") if read.value else self.request.source


def checked_mode(request: Request) -> tuple[str, Path | None]:
    """What `--checked` asks for: a mode, and where the copy goes if a path was given.

    Raises WrongUsage `checked-choice`.
    """
    if request.checked in MODES:
        return request.checked, None
    path = Path(request.checked)
    if path.suffix.lower() != ".xlsx":
        raise WrongUsage("checked-choice", value=request.checked)
    return "auto", path.absolute()


def password_of(request: Request) -> str | None:
    """The password on the first line of `--password-file`. Raises OrderflowError `password-file-missing`."""
    if request.password_file is None:
        return None
    try:
        lines = request.password_file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as missing:
        raise OrderflowError("password-file-missing", path=str(request.password_file)) from missing
    return lines[0] if lines else ""
