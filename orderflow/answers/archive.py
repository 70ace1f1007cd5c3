"""The answers of `archive` and of the commands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from orderflow.answers.findings import FindingJson, as_json, show_findings
from orderflow.call import DONE, NEEDS_A_PERSON, Call
from orderflow.flows.archiving import Archived
from orderflow.flows.bag_reading import archive_of
from orderflow.flows.copying import Copied
from orderflow.flows.desk import Desk
from orderflow.flows.forgetting import Forgotten
from orderflow.flows.pruning import Pruned
from orderflow.flows.restoring import Restored
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


class PruneMonthJson(BaseModel):
    """The bags of one month: whether they go, when their term ends, why they stay, and the run that took them away."""

    month: str
    bags: list[BagJson]
    goes: bool
    until: str
    reason: str | None
    message: str | None
    run: int | None


class PruneJson(BaseModel):
    """`archive prune`: every month that has bags; `removed` are the bags that are gone now."""

    months: list[PruneMonthJson]
    removed: list[str]
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class PruneAnswer:
    """What goes, or would go, and why each other month stays."""

    desk: Desk
    months: Sequence[Pruned]

    @property
    def exit_code(self) -> int:
        """1 where a bag is not what it was."""
        return NEEDS_A_PERSON if any(month.problem is not None for month in self.months) else DONE

    def as_json(self) -> dict[str, Any]:
        """Every month."""
        return PruneJson(
            months=[
                PruneMonthJson(
                    month=shown_month(month.ruling.month),
                    bags=[bag_json(self.desk, bag) for bag in month.bags],
                    goes=month.goes,
                    until=month.ruling.until.isoformat(),
                    reason=month.ruling.reason,
                    message=self._why(month),
                    run=month.run,
                )
                for month in self.months
            ],
            removed=[name for month in self.months for name in month.removed],
        ).model_dump(mode="json")

    def _why(self, month: Pruned) -> str | None:
        if month.ruling.reason is None:
            return None
        what = self.desk.say(f"archive.wrong.{month.problem.code}", what=month.problem.what) if month.problem else ""
        return self.desk.say(f"archive.stays.{month.ruling.reason}", until=f"{month.ruling.until:%Y-%m-%d}", what=what)

    def show(self, call: Call) -> None:
        """A line a month; how to let go what may go."""
        out, say = console(), self.desk.say
        if not self.months:
            out.print(say("archive.done.none"))
        for month in self.months:
            key = "removed" if month.removed else "goes" if month.goes else "stays"
            name = shown_month(month.ruling.month)
            why = self._why(month) or ""
            out.print(f"{name}  {say(f'archive.prune.{key}')}  {why}".rstrip(), overflow="fold")
        if any(month.goes and not month.removed for month in self.months):
            out.print(say("archive.prune.confirm"), style="bold")


class CopiedJson(BaseModel):
    """One bag at its other place; `copied`: just now."""

    name: str
    path: str
    digest: str
    copied: bool


class CopyJson(BaseModel):
    """`archive copy`: the folder, and every bag in it."""

    path: str
    bags: list[CopiedJson]
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class CopyAnswer:
    """The bags at their other place."""

    desk: Desk
    path: Path
    bags: Sequence[Copied]

    @property
    def exit_code(self) -> int:
        """Copied and verified is done."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The bags."""
        bags = [CopiedJson(name=b.name, path=str(b.path), digest=b.digest, copied=b.new) for b in self.bags]
        return CopyJson(path=str(self.path), bags=bags).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """How many were copied, how many were there."""
        new = sum(bag.new for bag in self.bags)
        said = {"new": new, "there": len(self.bags) - new, "path": self.path}
        console().print(self.desk.say("archive.done.copied", **said), overflow="fold")


class RestoreJson(BaseModel):
    """`archive restore`: the run, how many orders came back, from which bags."""

    month: str
    run: int
    orders: int
    bags: list[str]
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class RestoreAnswer:
    """The orders that came back."""

    desk: Desk
    restored: Restored

    @property
    def exit_code(self) -> int:
        """Restored is done."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """How many orders, from where."""
        return RestoreJson(**self.restored._asdict()).model_dump(mode="json")

    def show(self, call: Call) -> None:
        """One line."""
        said = {"month": self.restored.month, "count": self.restored.orders}
        console().print(self.desk.say("archive.done.restored", **said))


class PlaceJson(BaseModel):
    """Where a person is still named: `where` is `file` (of the desk's folder) or `ledger` (a table, and its `rows`)."""

    where: str
    what: str
    rows: int | None


class ForgetJson(BaseModel):
    """`archive forget`: the orders that say no more of the person, the bags and other places (`left`) that still do."""

    run: int | None
    orders: list[str]
    bags: list[BagJson]
    left: list[PlaceJson]
    findings: list[FindingJson] = []


@dataclass(frozen=True, slots=True)
class ForgetAnswer:
    """What was erased, and what stays sealed."""

    desk: Desk
    forgotten: Forgotten

    @property
    def exit_code(self) -> int:
        """Erased is done."""
        return DONE

    def as_json(self) -> dict[str, Any]:
        """The orders and the bags."""
        bags = [bag_json(self.desk, bag) for bag in self.forgotten.bags]
        left = [PlaceJson(**place._asdict()) for place in self.forgotten.left]
        found = [as_json(one, self.desk.lang) for one in self.forgotten.findings]
        said = ForgetJson(run=self.forgotten.run, orders=self.forgotten.numbers, bags=bags, left=left, findings=found)
        return said.model_dump(mode="json")

    def show(self, call: Call) -> None:
        """How many orders, then the bags that are left."""
        out, say, found = console(), self.desk.say, self.forgotten
        key = "forgotten" if found.run is not None else "would_forget"
        out.print(say(f"archive.done.{key}", count=len(found.numbers)), style="bold")
        if found.bags:
            out.print(say("archive.done.still_sealed", bags=[bag.name for bag in found.bags]), overflow="fold")
        if found.left:
            out.print(say("archive.done.still_said"), overflow="fold")
        for place in found.left:
            out.print(f"  {say(f'archive.places.{place.where}', what=place.what, rows=place.rows)}", overflow="fold")
        show_findings(self.desk, found.findings, call)
