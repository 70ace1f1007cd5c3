"""What a column is: declared once, as the annotation of a row model's field (see `rows.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """How the cells of a column are read and written; the names stand in the column documentation."""

    TEXT = "text"
    NUMBER = "number"  # a desk number, YYYYMM-NNN
    DATE = "date"  # a calendar day
    MOMENT = "moment"  # a day with a time of day
    QUANTITY = "quantity"  # a decimal, with its unit
    AMOUNT = "amount"  # money, kept in 万元
    PRICE = "price"  # money, kept in 元
    PHONE = "phone"
    CHOICE = "choice"
    SCORE = "score"  # a whole number from 1 to 5


class Words(NamedTuple):
    """The same words in the three languages of the desk."""

    hans: str
    hant: str
    en: str

    def of(self, lang: str) -> str:
        """The words in `lang` (`zh-Hans`, `zh-Hant` or `en`)."""
        return self.hans if lang == "zh-Hans" else self.hant if lang == "zh-Hant" else self.en


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a choice column can hold: its stable code, its words, and what people write instead."""

    code: str
    words: Words
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """Everything the desk knows of one column; headers, reading, writing, SQL and documentation come from it.

    `aliases` are headers of real files that mean this column. A bracket in an alias names the unit that is
    implied where a header gives none: `商品总价(元)`. `weak` aliases count only where no other header
    claims the column. `desk` columns stand to the right of the source document's; `computed` ones are
    written by the desk and never taken from a person. A `personal` value can be erased from the history.
    `offered` are texts that people are offered and need not take.
    A column that is not on the `template` is understood in files, but not written as a column of its own.
    """

    hans: str
    hant: str
    en: str
    kind: Kind = Kind.TEXT
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = field(default=())
    offered: tuple[Words, ...] = ()
    required: bool = False
    personal: bool = False
    computed: bool = False
    desk: bool = False
    template: bool = True
    width: int = 14

    @property
    def words(self) -> Words:
        """The header in the three languages."""
        return Words(self.hans, self.hant, self.en)
