"""What a check is given: one order's row, what could not be read of it, what the desk knows, and its settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from orderflow.records.catalogue import CATALOGUE
from orderflow.records.choices import Level
from orderflow.records.finding import Finding
from orderflow.records.registration import Registration
from orderflow.records.rows import Product, columns
from orderflow.rules.calendar import Calendar
from orderflow.rules.schedule import Groups, Terms
from orderflow.rules.wording import Wordlist
from orderflow.settings import Settings


@dataclass(frozen=True)
class Yardstick:
    """The settings that checks measure by, with their word lists made ready once."""

    settings: Settings

    def __reduce__(self) -> tuple[type[Yardstick], tuple[Settings]]:
        return Yardstick, (self.settings,)  # another process makes its word lists ready by itself

    @cached_property
    def custom(self) -> Wordlist:
        """Words that make an order a custom one."""
        return self._meant(self.settings.words.custom)

    @cached_property
    def parameter(self) -> Wordlist:
        """Words that say how a custom order is to be made."""
        return Wordlist(self.settings.words.parameter, unrelated=self.settings.words.unrelated)

    @cached_property
    def aspect(self) -> Wordlist:
        """Words that name what is to be said of a custom order, and do not say it (颜色)."""
        return Wordlist(self.settings.words.aspect, unrelated=self.settings.words.unrelated)

    @cached_property
    def vague(self) -> Wordlist:
        """Words that leave a custom order open."""
        return Wordlist(self.settings.words.vague, unrelated=self.settings.words.unrelated)

    @cached_property
    def rush(self) -> Wordlist:
        """Words that ask for haste."""
        return self._meant(self.settings.words.rush)

    @cached_property
    def parts(self) -> Wordlist:
        """Words for parts of a custom order that have to be bought."""
        return self._meant(self.settings.words.parts)

    @cached_property
    def terms(self) -> Terms:
        """What plans are made by."""
        return Terms(self.settings.plan, Calendar(self.settings.calendar.off, self.settings.calendar.worked))

    @cached_property
    def ends(self) -> dict[tuple[Groups, date, bool], date]:
        """When orders of a kind end at the earliest, by the day they begin; looked up again and again at an intake."""
        return {}

    @cached_property
    def green(self) -> dict[tuple[str, Level], bool]:
        """Whether an urgent order of these two levels, the customer's and the amount's, is given the green channel."""
        return {}

    @cached_property
    def prepaid(self) -> Wordlist:
        """Words that note a deposit."""
        return self._meant(self.settings.words.prepaid)

    @cached_property
    def floors(self) -> Wordlist:
        """Words for kinds of orders that have a least level, once a person has confirmed them."""
        return self._meant(tuple(self.settings.priority.floors))

    @cached_property
    def replacement(self) -> Wordlist:
        """Words that make an order a replacement of another's goods."""
        return self._meant(self.settings.feedback.replacement)

    def _meant(self, list_: tuple[str, ...]) -> Wordlist:
        """Words that a remark may also deny."""
        words = self.settings.words
        return Wordlist(list_, words.negation, words.links, words.unrelated)

    @cached_property
    def implausible_amount(self) -> Decimal:
        """From this amount on (万元) a slip of the unit is likely."""
        return self.settings.intake.implausible_amount


@dataclass(slots=True)
class Facts:
    """One order as the checks see it.

    `unread` are the fields whose cells hold something that could not be read. `received` is the day of receipt in
    the desk's time zone, `None` where it is not known. `product` and `known_level` come from the reference workbooks.
    """

    row: Registration
    unread: Collection[str] = ()
    received: date | None = None
    product: Product | None = None
    known_level: str | None = None


Check = Callable[[Facts, Yardstick], Iterable[Finding]]
NOTHING: tuple[Finding, ...] = ()


def found(code: str, at: str | None, value: object = None, /, **params: object) -> tuple[Finding, ...]:
    """One finding about the field `at`, with the severity that the catalogue gives it there."""
    required = at is not None and columns(Registration)[at].required
    shown = None if value is None else str(value)
    return (Finding(code, CATALOGUE[code].severity_in(required), at, shown, params),)
