"""The command line: parse, call one flow, hand back its answer (CLI.md). How a command ends stands in `call.py`."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderflow.call import Answer, Call, command
from orderflow.speech import chosen_language, speak

if TYPE_CHECKING:
    from orderflow.flows.ahead import Ahead
    from orderflow.flows.desk import Desk
    from orderflow.flows.request import Request

app = typer.Typer(
    help="cli.help", no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=True
)
MOST = 2**31 - 1  # what every ledger can count
_SELDOM = 200_000  # a start makes many objects and no garbage: looking for it takes a twelfth of the start
DESK, ORDERS, QUERIES = "cli.panels.desk", "cli.panels.orders", "cli.panels.queries"
JUDGING, PLANNING, TRACKING = "cli.panels.judging", "cli.panels.planning", "cli.panels.tracking"
AFTER, MONTHLY = "cli.panels.after", "cli.panels.monthly"


def _desk(call: Call) -> Desk:
    from orderflow.flows.desk import open_desk

    return open_desk(call.desk, call.actor, call.lang)


def _numbers(incomplete: str) -> list[str]:
    """Order numbers that begin with what has been typed, for the shell's completion."""
    from orderflow.flows.queries import numbers_beginning

    return numbers_beginning(incomplete)


Number = Annotated[str, typer.Argument(metavar="ORDER", help="cli.arguments.order", autocompletion=_numbers)]


@command(app, DESK)
def init(
    call: Call,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="cli.init.folder")] = None,
) -> Answer:
    from orderflow.answers.desk import DeskAnswer
    from orderflow.flows.setup import open_or_create_desk

    desk, created = open_or_create_desk(folder or call.desk, call.actor, call.lang)
    return DeskAnswer(desk, created)


@command(app, DESK)
def templates(
    call: Call,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="cli.templates.out")] = Path("templates"),
) -> Answer:
    from orderflow.answers.desk import FilesAnswer
    from orderflow.flows.setup import write_templates

    return FilesAnswer(write_templates(out, call.words), call.words)


@command(app, DESK)
def doctor(call: Call) -> Answer:
    from orderflow.answers.doctor import DoctorAnswer
    from orderflow.flows.doctor import examine

    desk = _desk(call)
    return DoctorAnswer(desk, examine(desk))


ledger = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(ledger, name="ledger", help="cli.ledger.help", rich_help_panel=DESK)


@command(ledger, group="ledger")
def backup(call: Call, file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.ledger.backup.file")]) -> Answer:
    from orderflow.answers.ledger import BackupAnswer
    from orderflow.flows.backing_up import back_up

    desk = _desk(call)
    return BackupAnswer(desk, back_up(desk, file))


@command(app, DESK)
def demo(
    call: Call,
    orders: Annotated[int, typer.Option("--orders", metavar="N", min=30, max=20_000, help="cli.demo.orders")] = 300,
) -> Answer:
    from orderflow.answers.desk import DeskAnswer
    from orderflow.flows.demo import demo as walk
    from orderflow.report.progress import Progress

    with Progress(call.words, shown=not (call.quiet or call.json)) as progress:
        return DeskAnswer(walk(call.desk or Path("demo").absolute(), call.words, orders, progress), created=True)


@command(app, ORDERS)
def intake(
    call: Call,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="cli.intake.paths")],
    source: Annotated[str | None, typer.Option("--source", metavar="S", help="cli.intake.source")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.intake.dry_run")] = False,
    checked: Annotated[
        str, typer.Option("--checked", metavar="auto|full|none|PATH", help="cli.intake.checked")
    ] = "auto",
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="F", help="cli.intake.password_file")
    ] = None,
) -> Answer:
    from orderflow.flows.ahead import reading_ahead
    from orderflow.flows.desk import desk_at
    from orderflow.flows.request import Request
    from orderflow.places import find_desk

    request = Request(paths, source, dry_run, checked, password_file, every_row=call.json)
    with reading_ahead(desk_at(find_desk(call.desk), call.actor, call.lang), request) as reading:
        return _taken_in(call, request, reading)


def _taken_in(call: Call, request: Request, reading: Ahead) -> Answer:
    from orderflow.answers.asking import asker
    from orderflow.answers.intake import IntakeAnswer
    from orderflow.flows.intake import take_in
    from orderflow.flows.setup import desk_for
    from orderflow.report.progress import Progress

    with desk_for(call.desk, call.actor, call.lang, keep=not request.dry_run) as (desk, created):
        request = replace(request, ask=asker(desk.lang, wanted=not (call.quiet or call.json)))
        with Progress(desk.lang, shown=not (call.quiet or call.json)) as progress:
            outcome = take_in(desk, request, progress, reading)
        return IntakeAnswer(desk, outcome, created)


@command(app, ORDERS)
def mark(
    call: Call,
    words: Annotated[list[str], typer.Argument(metavar="ORDER… WHAT", help="cli.mark.words", autocompletion=_numbers)],
    run: Annotated[int | None, typer.Option("--run", metavar="N", max=MOST, help="cli.mark.run")] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="T", help="cli.mark.note")] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="F", help="cli.mark.file")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="cli.mark.at")] = None,
) -> Answer:
    from orderflow.answers.orders import SHOWN, OrdersAnswer
    from orderflow.flows.marks import Marking, record

    desk = _desk(call)
    told = None if call.json or call.verbose else SHOWN
    return OrdersAnswer(desk, "mark", record(desk, Marking.typed(words, run, note, file, at), told))


@command(app, ORDERS)
def merge(
    call: Call,
    number: Number,
    into: Annotated[str, typer.Argument(metavar="INTO", help="cli.merge.into", autocompletion=_numbers)],
) -> Answer:
    from orderflow.answers.orders import OrdersAnswer
    from orderflow.flows.merging import merge_orders

    desk = _desk(call)
    return OrdersAnswer(desk, "merge", merge_orders(desk, number, into))


@command(app, ORDERS)
def undo(
    call: Call,
    run: Annotated[int | None, typer.Argument(metavar="[RUN]", max=MOST, help="cli.undo.run")] = None,
) -> Answer:
    from orderflow.answers.orders import OrdersAnswer
    from orderflow.flows.undoing import undo_run

    desk = _desk(call)
    return OrdersAnswer(desk, "undo", undo_run(desk, run))


@command(app, ORDERS)
def sync(
    call: Call,
    words: Annotated[list[str] | None, typer.Argument(metavar="[KIND…] [FILE…]", help="cli.sync.words")] = None,
) -> Answer:
    from orderflow.answers.sync import SyncAnswer
    from orderflow.flows.sync import sync as bring_together
    from orderflow.report.progress import Progress

    desk = _desk(call)
    with Progress(desk.lang, shown=not (call.quiet or call.json)) as progress:
        return SyncAnswer(desk, bring_together(desk, words or [], progress))


@command(app, JUDGING)
def prioritize(
    call: Call,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="cli.prioritize.file")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.prioritize.dry_run")] = False,
) -> Answer:
    from orderflow.answers.priority import PrioritizeAnswer
    from orderflow.flows.steps import prioritize as judge

    desk = _desk(call)
    return PrioritizeAnswer(desk, judge(desk, file=file, dry_run=dry_run, shown=not (call.quiet or call.json)))


@command(app, JUDGING)
def explain(call: Call, number: Number) -> Answer:
    from orderflow.answers.explain import ExplainAnswer
    from orderflow.flows.explaining import explain as explained

    desk = _desk(call)
    return ExplainAnswer(desk, explained(desk, number))


@command(app, JUDGING)
def what_if(
    call: Call,
    rules: Annotated[Path, typer.Option("--rules", metavar="FILE", help="cli.what-if.rules")],
    month: Annotated[str, typer.Option("--month", metavar="M", help="cli.what-if.month")] = "last",
) -> Answer:
    from orderflow.answers.explain import WhatIfAnswer
    from orderflow.flows.explaining import what_if as judged_again

    desk = _desk(call)
    return WhatIfAnswer(desk, judged_again(desk, rules, month))


@command(app, PLANNING)
def plan(
    call: Call,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="cli.plan.file")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.plan.dry_run")] = False,
) -> Answer:
    from orderflow.answers.plan import PlanAnswer
    from orderflow.flows.steps import plan_orders

    desk = _desk(call)
    return PlanAnswer(desk, plan_orders(desk, file=file, dry_run=dry_run, shown=not (call.quiet or call.json)))


@command(app, TRACKING)
def progress(
    call: Call,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="cli.progress.file")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.progress.dry_run")] = False,
) -> Answer:
    from orderflow.answers.progress import ProgressAnswer
    from orderflow.flows.steps import track

    desk = _desk(call)
    return ProgressAnswer(desk, track(desk, file=file, dry_run=dry_run, shown=not (call.quiet or call.json)))


@command(app, TRACKING)
def today(
    call: Call,
    follow: Annotated[bool, typer.Option("--follow", help="cli.today.follow")] = False,
) -> Answer:
    from orderflow.answers.today import TodayAnswer
    from orderflow.flows.board import Board
    from orderflow.flows.board import today as board_now

    def look() -> tuple[Desk, Board]:
        desk = _desk(call)
        return desk, board_now(desk)

    return TodayAnswer(*look(), look if follow else None)


@command(app, TRACKING)
def watch(call: Call) -> Answer:
    from orderflow.answers.watch import WatchAnswer
    from orderflow.flows.watch import watch as look_once
    from orderflow.report.progress import Progress

    desk = _desk(call)
    with Progress(desk.lang, shown=not (call.quiet or call.json)) as progress:
        return WatchAnswer(desk, look_once(desk, progress))


@command(app, TRACKING)
def digest(call: Call) -> Answer:
    from orderflow.answers.digest import DigestAnswer
    from orderflow.flows.digest import digest as tell_the_day

    desk = _desk(call)
    return DigestAnswer(desk, tell_the_day(desk))


@command(app, TRACKING)
def schedule(call: Call) -> Answer:
    from datetime import datetime
    from shutil import which

    from orderflow.answers.schedule import ScheduleAnswer
    from orderflow.flows import scheduling

    desk = _desk(call)
    beside = str(Path(sys.executable).parent)  # the one that runs, not another one that is found first
    program = str(Path(which("orderflow", path=beside) or which("orderflow") or sys.argv[0]).absolute())
    here = datetime.now().astimezone()
    place = scheduling.Place(program, str(desk.path), desk.settings.desk.timezone, here)
    return ScheduleAnswer(scheduling.schedule(place), desk.lang)


outbox = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(outbox, name="outbox", help="cli.outbox.help", rich_help_panel=TRACKING)
Notices = Annotated[list[str], typer.Argument(metavar="ID…|all", help="cli.arguments.notices")]


@command(outbox, name="list", group="outbox")
def list_notices(
    call: Call,
    state: Annotated[str | None, typer.Option("--state", metavar="S", help="cli.outbox.list.state")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=MOST, help="cli.outbox.list.limit")] = 50,
) -> Answer:
    from orderflow.answers.outbox import OutboxAnswer
    from orderflow.flows.outbox import listed

    desk = _desk(call)
    return OutboxAnswer(desk, "list", listed(desk, state, limit))


@command(outbox, name="show", group="outbox")
def show_notice(
    call: Call, notice: Annotated[int, typer.Argument(metavar="ID", max=MOST, help="cli.outbox.show.notice")]
) -> Answer:
    from orderflow.answers.outbox import NoticeAnswer
    from orderflow.flows.outbox import shown

    desk = _desk(call)
    return NoticeAnswer(desk, shown(desk, notice))


@command(outbox, group="outbox")
def approve(call: Call, notices: Notices) -> Answer:
    return _decision(call, "approve", notices)


@command(outbox, group="outbox")
def retry(call: Call, notices: Notices) -> Answer:
    return _decision(call, "retry", notices)


@command(outbox, group="outbox")
def drop(call: Call, notices: Notices) -> Answer:
    return _decision(call, "drop", notices)


def _decision(call: Call, decision: str, notices: list[str]) -> Answer:
    from orderflow.answers.outbox import OutboxAnswer
    from orderflow.flows.outbox import decide

    desk = _desk(call)
    return OutboxAnswer(desk, decision, decide(desk, decision, notices))


@command(app, AFTER)
def feedback(
    call: Call,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="cli.feedback.file")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.feedback.dry_run")] = False,
) -> Answer:
    from orderflow.answers.feedback import FeedbackAnswer
    from orderflow.flows.feedback import feedback as follow_up

    desk = _desk(call)
    return FeedbackAnswer(desk, follow_up(desk, file, dry_run=dry_run, shown=not (call.quiet or call.json)))


@command(app, MONTHLY)
def monthly_report(
    call: Call,
    month: Annotated[str, typer.Option("--month", metavar="M", help="cli.monthly-report.month")] = "last",
    orders: Annotated[str | None, typer.Option("--orders", metavar="METRIC", help="cli.monthly-report.orders")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.monthly-report.out")] = None,
    issue: Annotated[bool, typer.Option("--issue", help="cli.monthly-report.issue")] = False,
) -> Answer:
    from orderflow.answers.month import MonthAnswer
    from orderflow.answers.month_files import refuse_ending, write_month
    from orderflow.flows.month import work_out
    from orderflow.speech import is_attended

    desk = _desk(call)
    refuse_ending(out)
    worked = work_out(desk, month, orders, issue=issue, send=orders is None and not is_attended())
    return MonthAnswer(desk, worked, orders, write_month(desk, worked, out) if out is not None else None)


improve = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(improve, name="improve", help="cli.improve.help", rich_help_panel=MONTHLY)


@command(improve, group="improve")
def add(
    call: Call,
    problem: Annotated[str, typer.Argument(metavar="PROBLEM", help="cli.improve.add.problem")],
    measure: Annotated[str | None, typer.Option("--measure", metavar="M", help="cli.improve.add.measure")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="O", help="cli.improve.add.owner")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DAY", help="cli.improve.add.due")] = None,
    metric: Annotated[str | None, typer.Option("--metric", metavar="METRIC", help="cli.improve.add.metric")] = None,
) -> Answer:
    from orderflow.answers.improve import ImproveAnswer
    from orderflow.flows.improving import add, decided

    desk = _desk(call)
    return ImproveAnswer(desk, add(desk, decided(desk, problem, measure, owner, due, metric)))


@command(improve, name="list", group="improve")
def list_improvements(call: Call) -> Answer:
    from orderflow.answers.improve import ImproveAnswer
    from orderflow.flows.improving import listed

    desk = _desk(call)
    return ImproveAnswer(desk, listed(desk))


@command(improve, name="done", group="improve")
def improvement_done(
    call: Call,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="cli.improve.done.number")],
    effect: Annotated[str | None, typer.Option("--effect", metavar="E", help="cli.improve.done.effect")] = None,
) -> Answer:
    from orderflow.answers.improve import ImproveAnswer
    from orderflow.flows.improving import done

    desk = _desk(call)
    return ImproveAnswer(desk, done(desk, number, effect))


@command(app, QUERIES)
def find(
    call: Call,
    words: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="cli.find.words")] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="S", help="cli.find.state")] = None,
    month: Annotated[str | None, typer.Option("--month", metavar="M", help="cli.find.month")] = None,
    customer: Annotated[str | None, typer.Option("--customer", metavar="C", help="cli.find.customer")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="S", help="cli.find.source")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=MOST - 1, help="cli.find.limit")] = 50,
) -> Answer:
    from orderflow.answers.orders import FoundAnswer
    from orderflow.flows.queries import Query, find_orders

    desk = _desk(call)
    return FoundAnswer(desk, *find_orders(desk, Query(words, state, month, customer, source, limit)))


@command(app, QUERIES)
def show(call: Call, number: Number) -> Answer:
    from orderflow.answers.orders import OrderAnswer
    from orderflow.flows.queries import whole_order

    desk = _desk(call)
    return OrderAnswer(desk, whole_order(desk, number))


@command(app, QUERIES)
def log(
    call: Call,
    number: Annotated[
        str | None, typer.Argument(metavar="[ORDER]", help="cli.log.number", autocompletion=_numbers)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=MOST - 1, help="cli.log.limit")] = 200,
) -> Answer:
    from orderflow.answers.history import HistoryAnswer
    from orderflow.flows.queries import history_of

    desk = _desk(call)
    return HistoryAnswer(desk, history_of(desk, number, limit))


archive = typer.Typer(rich_markup_mode="rich")
app.add_typer(archive, name="archive", help="cli.archive.help", rich_help_panel=MONTHLY)


@command(archive, MONTHLY, name="archive", alone=True)
def seal(
    call: Call,
    month: Annotated[str, typer.Option("--month", metavar="M", help="cli.archive.month")] = "last",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.archive.dry_run")] = False,
) -> Answer:
    from orderflow.answers.archive import ArchiveAnswer
    from orderflow.flows.archiving import archive as seal_month

    desk = _desk(call)
    return ArchiveAnswer(desk, seal_month(desk, month, dry_run=dry_run))


@command(archive, group="archive")
def verify(
    call: Call, every: Annotated[bool, typer.Option("--all", help="cli.archive.verify.every")] = False
) -> Answer:
    from orderflow.answers.archive import VerifyAnswer
    from orderflow.flows.verifying import verify_archive

    desk = _desk(call)
    return VerifyAnswer(desk, verify_archive(desk, every=every))


@command(archive, group="archive")
def prune(call: Call, yes: Annotated[bool, typer.Option("--yes", help="cli.archive.prune.yes")] = False) -> Answer:
    from orderflow.answers.archive import PruneAnswer
    from orderflow.flows.pruning import prune as let_go

    desk = _desk(call)
    return PruneAnswer(desk, let_go(desk, yes=yes))


@command(archive, group="archive")
def copy(call: Call, target: Annotated[Path, typer.Argument(metavar="DEST", help="cli.archive.copy.target")]) -> Answer:
    from orderflow.answers.archive import CopyAnswer
    from orderflow.flows.copying import copy_bags

    desk = _desk(call)
    return CopyAnswer(desk, target.absolute(), copy_bags(desk, target))


@command(archive, group="archive")
def restore(
    call: Call,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="cli.archive.restore.month")],
    source: Annotated[Path | None, typer.Option("--from", metavar="DIR", help="cli.archive.restore.source")] = None,
) -> Answer:
    from orderflow.answers.archive import RestoreAnswer
    from orderflow.flows.restoring import restore as bring_back

    desk = _desk(call)
    return RestoreAnswer(desk, bring_back(desk, month, source))


@command(archive, group="archive")
def forget(
    call: Call,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="cli.archive.forget.customer")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.archive.forget.dry_run")] = False,
) -> Answer:
    from orderflow.answers.archive import ForgetAnswer
    from orderflow.flows.forgetting import forget as erase

    desk = _desk(call)
    return ForgetAnswer(desk, erase(desk, customer, dry_run=dry_run))


def main() -> None:
    """The installed `orderflow`: the same commands, in the language of the desk or of the `--lang` given."""
    gc.set_threshold(_SELDOM)
    try:
        speak(app, chosen_language(sys.argv[1:]))
    finally:
        if "duckdb" not in sys.modules:  # whose bindings complain of what is left uncollected
            gc.freeze()  # else Python looks through all that is loaded once more, a sixth of a second, before it ends


if __name__ == "__main__":
    main()
