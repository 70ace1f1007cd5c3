"""How often clocks ran out, and why: counted one by one, or many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orderflow.records.month import Broken
from orderflow.rules.clocks import CLOCKS, Clock

if TYPE_CHECKING:
    from pandas import Series


def _by_clock() -> dict[str, Counter[str]]:
    return {name: Counter() for name in CLOCKS}


@dataclass(slots=True)
class Tally:
    """The clocks of a month: how many are measured, broken, broken without a reason; reasons in people's words."""

    measured: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    unexplained: Counter[str] = field(default_factory=Counter)
    by_clock: Mapping[str, Counter[str]] = field(default_factory=_by_clock)

    def add(self, clocks: Iterable[Clock]) -> None:
        """Count clocks one by one."""
        for clock in clocks:
            self.measured[clock.clock] += clock.state != "unmeasurable"
            if clock.state == "broken":
                self._broke(clock.clock, clock.reason, 1)

    def add_many(self, clock: str, measured: int, reasons: Series) -> None:
        """Count one clock of many orders: so many are measured; those that ran out each with its reason, if any."""
        self.measured[clock] += measured
        for reason, count in reasons.fillna("").value_counts().items():
            self._broke(clock, str(reason), int(count))

    def _broke(self, clock: str, reason: str | None, count: int) -> None:
        self.broken[clock] += count
        if reason:
            self.by_clock[clock][reason] += count
        else:
            self.unexplained[clock] += count

    def clocks(self) -> list[Broken]:
        """Each clock that was measured at all."""
        return [
            Broken(name, self.broken[name], self.measured[name], self.unexplained[name])
            for name in CLOCKS
            if self.measured[name]
        ]

    def reasons(self, clock: str | None = None) -> Sequence[tuple[str, int]]:
        """Why one clock, or any of them, ran out; the most frequent first."""
        counts = self.by_clock[clock] if clock else sum(self.by_clock.values(), Counter[str]())
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
