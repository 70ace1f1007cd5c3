"""The answers of `archive` and `archive verify`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.archiving import Archived
from orderflow.flows.bag_reading import archive_of
from orderflow.flows.desk import Desk
from orderflow.flows.verifying import Problem, Verified
from orderflow.records.bag import Bag, shown_month
from orderflow.report.console import console

_SHOWN = 20


class BagJson(BaseModel):
    """One sealed bag; `predecessor` is the digest of the bag of its month before it."""

    name: str
    month: str
    path: str
    digest: str
    orders: int
    last_closing: str
    sealed_at: str
    predecessor: str | None


class CarriedJson(BaseModel):
    """An order that stays open; `code` is its state, `message` why it stays."""

    number: str
    code: str
    message: str


class ArchiveJson(BaseModel):
    """`archive`: the month, its bags, the newest one's folder and digest, what stays open.

    `orders` counts those in the month's bags, `sealed` those that went into one just now; `earlier` are months before
    it that had orders left.
    """

    month: str
    orders: int
    sealed: int
    runs: list[int]
    bags: list[BagJson]
    path: str | None
    digest: str | None
    carried_over: list[CarriedJson]
    earlier: list[str]
    findings: list[FindingJson] = []


def bag_json(desk: Desk, bag: Bag) -> BagJson:
    """A bag for `--json`."""
    return BagJson(
        name=bag.name,
        month=shown_month(bag.month),
        path=str(archive_of(desk) / bag.name),
        digest=bag.digest,
        orders=bag.orders,
        last_closing=bag.last_closing.astimezone(desk.zone).isoformat(),
        sealed_at=bag.sealed_at.astimezone(desk.zone).isoformat(),
        predecessor=bag.predecessor,
    )


@dataclass(frozen=True, slots=True)
class ArchiveAnswer:
    """The months that were sealed, the one asked for last."""

    desk: Desk
    months: Sequence[Archived]

    @property
    def exit_code(self) -> int:
        """Orders that stay open are no trouble."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The month asked for, and which earlier ones were sealed with it."""
        *earlier, month = self.months
        bags = [bag_json(self.desk, bag) for bag in month.bags]
        return ArchiveJson(
            month=shown_month(month.month),
            orders=sum(bag.orders for bag in bags),
            sealed=len(month.sealed),
            runs=month.runs,
            bags=bags,
            path=bags[-1].path if bags else None,
            digest=bags[-1].digest if bags else None,
            carried_over=[
                CarriedJson(number=one.number, code=one.state, message=self.desk.say(f"messages.states.{one.state}"))
                for one in month.carried_over
            ],
            earlier=[shown_month(one.month) for one in earlier if one.sealed],
        ).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """A line a bag that was sealed, then what stays open and why."""
        for month in self.months:
            self._show_month(month, call)

    def _show_month(self, month: Archived, call: Call) -> None:
        out, desk = console(), self.desk
        said = {"month": shown_month(month.month), "count": len(month.sealed)}
        key = "sealed" if month.sealed else "nothing"
        out.print(desk.say(f"archive.done.{key}", **said), style="bold")
        for bag in month.bags:
            if not call.quiet:
                out.print(f"  {archive_of(desk) / bag.name}", overflow="fold")
                out.print(f"  sha256 {bag.digest}", style="dim", overflow="fold")
        if month.carried_over and not call.quiet:
            out.print(desk.say("archive.done.carried", count=len(month.carried_over)))
            for one in month.carried_over[:_SHOWN]:
                out.print(f"  {one.number}  {desk.say(f'messages.states.{one.state}')}")
            if len(month.carried_over) > _SHOWN:
                out.print("  …")


class ProblemJson(BaseModel):
    """What is wrong, or was not checked: a code, the file, table or order, and a sentence."""

    code: str
    what: str
    message: str


class VerifiedJson(BaseModel):
    """One bag that was verified; `wrong` is the first thing that is wrong."""

    name: str
    path: str
    ok: bool
    orders: int
    files: int
    wrong: ProblemJson | None
    unchecked: list[ProblemJson]


class VerifyJson(BaseModel):
    """`archive verify`."""

    bags: list[VerifiedJson]
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class VerifyAnswer:
    """What a verification found."""

    desk: Desk
    verified: Sequence[Verified]

    @property
    def exit_code(self) -> int:
        """1 where a bag is not what it was."""
        return DONE if all(one.problem is None for one in self.verified) else NEEDS_A_PERSON

    def as_json(self) -> dict[str, Any]:
        """Every bag."""
        return VerifyJson(bags=[self._bag(one) for one in self.verified]).model_dump(mode="json")

    def _bag(self, one: Verified) -> VerifiedJson:
        return VerifiedJson(
            name=one.name,
            path=str(one.path),
            ok=one.problem is None,
            orders=one.orders,
            files=one.files,
            wrong=self._problem("wrong", one.problem) if one.problem is not None else None,
            unchecked=[self._problem("unchecked", problem) for problem in one.unchecked],
        )

    def _problem(self, group: str, problem: Problem) -> ProblemJson:
        return ProblemJson(code=problem.code, what=problem.what, message=self._say(group, problem))

    def _say(self, group: str, problem: Problem) -> str:
        return self.desk.say(f"archive.{group}.{problem.code}", what=problem.what)

    def show(self, call: Call) -> None:
        """A line a bag: sound, or what is wrong first; below it what could not be checked."""
        out, say = console(), self.desk.say
        if not self.verified:
            out.print(say("archive.done.none"))
        for one in self.verified:
            if one.problem is not None:
                out.print(f"{say('messages.doctor.bad')}  {one.name}  {self._say('wrong', one.problem)}", style="red")
            elif not call.quiet:
                counts = say("archive.done.sound", orders=one.orders, files=one.files)
                out.print(f"{say('messages.doctor.ok')}  {one.name}  {counts}", style="green")
            for problem in one.unchecked:
                out.print(f"    {self._say('unchecked', problem)}", style="dim", overflow="fold")
