"""Which column of a sheet is which of the desk's (CLI.md, "A finding"): header texts become a layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple

from orderflow.records.finding import column_letters
from orderflow.records.folding import bare
from orderflow.records.registration import Registration
from orderflow.records.rows import RowType, columns
from orderflow.sheets.cells.text import normal
from orderflow.sheets.vocabulary import ALIAS, ELSEWHERE, WEAK, Claim, Vocabulary, claims, vocabulary

NO_PINS: Mapping[str, str | None] = MappingProxyType({})
ONE_OF: Mapping[RowType, tuple[str, ...]] = {Registration: ("contact", "contact_person")}  # either will do
_ALIKE = 70  # of 100: how much a known header has to resemble an unknown one to be proposed
LINE_ITEM, _ITS_NUMBER = bare("Lineitem name"), bare("Name")  # a Shopify export, whose `Name` is the order's number

Texts = tuple[str, ...]  # what may be a column's header, the likeliest first


class Unclear(NamedTuple):
    """Headers that could be more than one thing: one header for several fields, or several for one field."""

    fields: tuple[str, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column of a sheet is; columns count from 0.

    `fields` are the recognised columns, `units` the units that headers give to fields, `extra` the other columns
    by the unique name they are kept under. `missing` are required fields that no header claims. `unknown` are
    headers that mean nothing to the desk, each with the field whose name it resembles. `signature` is the same
    for every file with these headers.
    """

    row: RowType
    headers: Mapping[int, str]
    fields: Mapping[int, str]
    units: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[int, str] = field(default_factory=dict)
    unclear: tuple[Unclear, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: Mapping[int, str | None] = field(default_factory=dict)
    signature: str = ""

    def column_of(self, field: str) -> int | None:
        """The column that holds a field."""
        return next((column for column, name in self.fields.items() if name == field), None)


def layout(headers: Sequence[str | Texts], row: RowType, pins: Mapping[str, str | None] = NO_PINS) -> Layout:
    """Find out what the columns under `headers` are.

    A column's own words go before aliases, aliases before weak ones; a weak alias counts only where nothing else
    claims its column and nothing claims its header. `pins` (`[headers]` of `orderflow.toml`) overrule everything:
    header → field, or None for a column that is none of the desk's.
    """
    texts = {column: _texts(header) for column, header in enumerate(headers)}
    texts = {column: said for column, said in texts.items() if said}
    known = vocabulary(row)
    folded_pins = _implied(texts, row) | {bare(header): field for header, field in pins.items()}
    shown = {column: said[0] for column, said in texts.items()}
    names = unique(shown)
    pinnable = {column: tuple(dict.fromkeys((names[column], *said))) for column, said in texts.items()}
    claimed = {column: _claims_of(said, pinnable[column], known, folded_pins) for column, said in texts.items()}
    fields, unclear = _assigned(claimed, row)
    extra = {column: name for column, name in names.items() if column not in fields}
    doubtful = {column for doubt in unclear for column in doubt.columns}
    ignored = {column for column, said in pinnable.items() if any(bare(text) in folded_pins for text in said[:2])}
    return Layout(
        row=row,
        headers=shown,
        fields={column: claim.field for column, claim in sorted(fields.items())},
        units={claim.field: claim.unit for claim in fields.values() if claim.unit},
        extra=extra,
        unclear=unclear,
        missing=_missing(row, {claim.field for claim in fields.values()}, unclear),
        unknown={c: _nearest(shown[c], known) for c in extra if not claimed[c] and c not in doubtful | ignored},
        signature=_signature(shown),
    )


def _implied(texts: Mapping[int, Texts], row: RowType) -> dict[str, str | None]:
    """What a header means only because of another one beside it."""
    said = {bare(text) for several in texts.values() for text in several}
    return {_ITS_NUMBER: "external_number"} if row is Registration and {LINE_ITEM, _ITS_NUMBER} <= said else {}


def _texts(header: str | Texts) -> Texts:
    texts = (header,) if isinstance(header, str) else header
    return tuple(text for text in map(normal, texts) if text)


def _claims_of(texts: Texts, pinnable: Texts, known: Vocabulary, pins: Mapping[str, str | None]) -> tuple[Claim, ...]:
    """The claims of a column's header; of several texts the one with the best claim speaks."""
    for text in pinnable:
        if bare(text) in pins:
            pinned = pins[bare(text)]
            return (Claim(-1, 0, pinned),) if pinned in columns(known.row) else ()
    spoken = [found for text in texts if (found := claims(text, known))]
    return min(spoken, key=lambda found: min(claim[:2] for claim in found), default=())


def _assigned(claimed: Mapping[int, tuple[Claim, ...]], row: RowType) -> tuple[dict[int, Claim], tuple[Unclear, ...]]:
    best = {column: _best(found) for column, found in claimed.items()}
    taken = {column: found[0] for column, found in best.items() if len(found) == 1}
    fields, unclear = _decided(taken)
    settled = {claim.field for claim in fields.values()} | {name for doubt in unclear for name in doubt.fields}
    for column, found in best.items():
        if len(found) > 1 and not settled >= {claim.field for claim in found}:
            left = [claim for claim in found if claim.field not in settled]
            unclear.append(Unclear(tuple(claim.field for claim in left), (column,)))
            settled |= {claim.field for claim in left}
    doubtful = {column for doubt in unclear for column in doubt.columns}
    free = {column: found for column, found in claimed.items() if column not in fields and column not in doubtful}
    fields |= _weakly(free, settled, row)
    return fields, tuple(unclear)


def _best(found: Iterable[Claim]) -> list[Claim]:
    """The claims that count at once: the best ones, leaving weak ones out."""
    strong = [claim for claim in found if claim.rank <= ALIAS]
    best = min((claim[:2] for claim in strong), default=None)
    return [claim for claim in strong if claim[:2] == best]


def _decided(taken: Mapping[int, Claim]) -> tuple[dict[int, Claim], list[Unclear]]:
    """Each field to its best header; several equally good ones are unclear."""
    fields: dict[int, Claim] = {}
    unclear: list[Unclear] = []
    for name in dict.fromkeys(claim.field for claim in taken.values()):
        rivals = {column: claim for column, claim in taken.items() if claim.field == name}
        best = min(claim[:2] for claim in rivals.values())
        winners = [column for column, claim in rivals.items() if claim[:2] == best]
        if len(winners) == 1:
            fields[winners[0]] = rivals[winners[0]]
        else:
            unclear.append(Unclear((name,), tuple(winners)))
    return fields, unclear


def _weakly(free: Mapping[int, tuple[Claim, ...]], settled: set[str], row: RowType) -> dict[int, Claim]:
    """Weak aliases for fields that nothing claims, required ones first, in the order of their declaration."""
    declared = columns(row)
    fields: dict[int, Claim] = {}
    for name in sorted(declared, key=lambda name: not declared[name].required):
        weak = [
            (claim.order, claim.looseness, column, claim)
            for column, found in free.items()
            for claim in found
            if claim.rank == WEAK and claim.field == name and column not in fields
        ]
        if weak and name not in settled:
            *_, column, claim = min(weak, key=lambda candidate: candidate[:3])
            fields[column] = claim
    return fields


def _missing(row: RowType, present: set[str], unclear: Iterable[Unclear]) -> tuple[str, ...]:
    known = present | {name for doubt in unclear for name in doubt.fields}
    missing = [name for name, column in columns(row).items() if column.required and name not in known]
    either = ONE_OF.get(row, ())
    return (*missing, *either[:1]) if either and not known & set(either) else tuple(missing)


def unique(headers: Mapping[int, str]) -> dict[int, str]:
    """Names for columns: their headers, with the column's letters where a header stands twice. A pin takes them too."""
    counts = Counter(headers.values())
    return {
        column: header if counts[header] == 1 else f"{header} ({column_letters(column)})"
        for column, header in headers.items()
    }


def _nearest(header: str, known: Vocabulary) -> str | None:
    """The field whose header the text resembles most, if any."""
    from rapidfuzz import fuzz, process

    if bare(header) in ELSEWHERE:
        return None
    alike: Any = process.extractOne(bare(header), known.words.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return known.words[alike[0]][0].field if alike else None


def _signature(headers: Mapping[int, str]) -> str:
    said = "\x1f".join(f"{column}={bare(header) or header}" for column, header in sorted(headers.items()))
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
