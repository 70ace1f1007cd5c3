"""The answer of `today`: the board, once or kept up to date on a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from orderflow.answers.checklists import checklist
from orderflow.call import DONE, Call
from orderflow.flows.board import Board
from orderflow.flows.desk import Desk
from orderflow.flows.silence import Silent
from orderflow.records.board import Item
from orderflow.records.choices import STAGE
from orderflow.report import sentences as said
from orderflow.report.console import console
from orderflow.rules.board import is_overdue

if TYPE_CHECKING:
    from rich.console import Group

_SHOWN = 20
_PAUSE = 30.0  # seconds between two looks of `--follow`

Look = Callable[[], tuple[Desk, Board]]


class ItemJson(BaseModel):
    """One thing to be done: `code` says what, `text` in the desk's language; without a `number` the whole desk's."""

    code: str
    number: str | None
    due: str | None
    owner: str | None
    overdue: bool
    text: str


class SilentJson(BaseModel):
    """A department that has reported on none of its stages today, and how many it has under way."""

    department: str
    stages: int


class TodayJson(BaseModel):
    """`orderflow today --json`: what comes first, how many `more` and how many `late` there are, the running clocks."""

    at: str
    items: list[ItemJson]
    more: int
    late: int
    clocks: dict[str, dict[str, int]]
    silent: list[SilentJson]
    findings: list[Any] = []


@dataclass(frozen=True, slots=True)
class TodayAnswer:
    """The board of a desk; with `follow` looked at again and again."""

    desk: Desk
    board: Board
    follow: Look | None = None

    @property
    def exit_code(self) -> int:
        """A look changes nothing, and asks nothing of who is looking."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The board as a screen on the wall can show it."""
        desk, board = self.desk, self.board
        return TodayJson(
            at=desk.now.isoformat(),
            items=[
                ItemJson(
                    code=item.step,
                    number=item.number,
                    due=item.due.astimezone(desk.zone).isoformat() if item.due else None,
                    owner=item.owner,
                    overdue=is_overdue(item, desk.now),
                    text=text_of(item, desk),
                )
                for item in board.items
            ],
            more=board.more,
            late=board.late,
            clocks={name: dict(states) for name, states in board.clocks.items() if states},
            silent=[SilentJson(department=one.department, stages=one.stages) for one in board.silent],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """The board as tables; with `--follow` on a terminal until it is interrupted."""
        look, desk, board = self.follow, self.desk, self.board
        if look is None or not console().is_terminal:
            console().print(_page(desk, board, None if call.verbose else _SHOWN))
            return
        from time import sleep

        from rich.live import Live

        with suppress(KeyboardInterrupt), Live(console=console(), screen=True, auto_refresh=False) as live:
            while True:
                live.update(_page(desk, board, max(console().height - 8, 5)), refresh=True)
                sleep(_PAUSE)
                desk, board = look()


def text_of(item: Item, desk: Desk) -> str:
    """What is to be done, as a person reads it."""
    facts = dict(item.facts)
    facts["stages"] = "、".join(said.word_of(STAGE, stage, desk.lang) for stage in facts.get("stages", ()))
    facts["reasons"] = "、".join(desk.say(f"findings.{code}.title") for code in facts.get("reasons", ()))
    if "stage" in facts:
        facts["stage"] = said.word_of(STAGE, facts["stage"], desk.lang)
    if "row" in facts:
        facts["checklist"] = checklist(facts.pop("row"), facts.pop("missing"), desk, masked=True)
    who = " ".join(str(facts[name]) for name in ("customer", "contact") if facts.get(name))
    return desk.say(f"messages.board.{item.step}", **facts, who=who or "—", number=item.number)


def _page(desk: Desk, board: Board, most: int | None) -> Group:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    say, shown = desk.say, board.items[:most]
    title = say(
        "messages.board.title", at=f"{desk.now:%m-%d %H:%M}", count=len(board.items) + board.more, late=board.late
    )
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    table.add_column(say("messages.board.left"), no_wrap=True, justify="right")
    table.add_column(say("messages.board.number"), no_wrap=True)
    table.add_column(say("messages.board.what"), overflow="fold", ratio=1)
    table.add_column(say("messages.board.owner"), overflow="fold", max_width=16)
    for item in shown:
        style = "red" if is_overdue(item, desk.now) else "yellow" if _is_soon(item, desk) else None
        left = Text(_left(item, desk), style=style or "")
        table.add_row(left, item.number or "", text_of(item, desk), item.owner or "")
    parts: list[Any] = [Text(title, style="bold"), table if shown else Text(say("messages.board.nothing"))]
    if (more := len(board.items) - len(shown) + board.more) > 0:
        parts.append(Text(say("messages.board.more", count=more), style="dim"))
    parts += [Text(line, style="dim") for line in _counted(desk, board)]
    return Group(*parts)


def _counted(desk: Desk, board: Board) -> Iterator[str]:
    """A line about the clocks, and one about who has said nothing today."""
    clocks = [
        desk.say("messages.board.clock", clock=desk.say(f"messages.clock_names.{name}"), count=states.total())
        + (desk.say("messages.board.broken", count=states["broken"]) if states["broken"] else "")
        for name, states in board.clocks.items()
        if states
    ]
    if clocks:
        yield desk.say("messages.board.clocks", clocks=" · ".join(clocks))
    if board.silent:
        yield silent_words(desk, board.silent)


def silent_words(desk: Desk, silent: Sequence[Silent]) -> str:
    """Which departments have said nothing today, with how many stages each has under way."""
    named = "、".join(f"{one.department} {one.stages}" for one in silent)
    return desk.say("messages.board.silent", departments=named)


def _is_soon(item: Item, desk: Desk) -> bool:
    return item.due is not None and item.due - desk.now <= timedelta(hours=1)


def _left(item: Item, desk: Desk) -> str:
    """The time that is left, or by how much it is over: the two largest units."""
    if item.due is None:
        return ""
    minutes = round(abs(item.due - desk.now) / timedelta(minutes=1))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    key = "days" if days else "hours" if hours else "minutes"
    left = desk.say(f"messages.board.{key}", days=days, hours=hours, minutes=f"{minutes:02d}" if hours else minutes)
    return f"−{left}" if is_overdue(item, desk.now) else left
