"""The chain of changes: each bears a hash over itself and the one before, so that tampering shows.

A change's public part is hashed as it stands. Its personal part counts by a digest, salted with 16 random bytes: when
part and salt are erased, the digest stays, the chain still holds, and nobody can find the value by trying.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import Row, select, update

from orderflow.ledger import bulk
from orderflow.ledger.book import Book, Run, among
from orderflow.ledger.salting import Salted, digest, salted
from orderflow.ledger.schema import changes, head
from orderflow.ledger.values import seconds

ORIGIN = bytes(32)
"""What stands before the first change, and for the digest of a change without a personal part."""
ERASED = "erased"
"""The kind of the change that records an erasure."""
_PUBLIC = ("source", "sheet_row", "number", "kind", "at", "body")


class Entries(NamedTuple):
    """Changes to append, as columns of equal length: what is public of them, `bodies` as JSON, and of persons."""

    sources: Sequence[int | None]
    rows: Sequence[int | None]
    numbers: Sequence[str | None]
    kinds: Sequence[str]
    moments: Sequence[int]
    bodies: Sequence[str]
    persons: Salted


def append(run: Run, entries: Entries, of: int | None = None) -> None:
    """Lengthens the chain by `entries`, in their order; `of` is the run they tell of, where it is another one."""
    count, of = len(entries.kinds), run.id if of is None else of
    *public, persons = entries
    seqs = range(run.seq + 1, run.seq + count + 1)
    columns = {"seq": seqs, "run": [of] * count, **dict(zip(_PUBLIC, public, strict=True)), **persons._asdict()}
    links = []
    link = run.link
    for of_persons, said in zip(persons.digest, map(_public, seqs, repeat(of), *public), strict=True):
        link = _link(link, of_persons, said)
        links.append(link)
    bulk.insert(run, changes, columns | {"link": links})
    run.seq += count
    run.link = link


def adopt(run: Run, of: int, rows: Sequence[Row[Any]]) -> None:
    """Lengthens the chain by changes of another ledger's run, which keep their salts and digests."""
    public, persons = ([[getattr(row, name) for row in rows] for name in names] for names in (_PUBLIC, Salted._fields))
    append(run, Entries._make([*public, Salted._make(persons)]), of)


def _public(
    seq: int, run: int, source: int | None, row: int | None, number: str | None, kind: str, at: int, body: str
) -> str:
    """All that is public of a change. Only `kind` is free text, and JSON has no line break: no two look alike."""
    return f"{seq},{run},{source},{row},{number},{kind},{at}\n{body}"


def _link(before: bytes, of_persons: bytes | None, public: str) -> bytes:
    return sha256(before + (of_persons or ORIGIN) + public.encode()).digest()


class Break(NamedTuple):
    """Where the chain does not hold: `what` is `missing`, `changed`, `personal`, `cut` or `erased`."""

    seq: int
    what: str


class Verdict(NamedTuple):
    """What `verify` found: how many changes hold, how many had their personal part erased, and the first break."""

    changes: int
    erased: int
    broken: Break | None


def verify(book: Book) -> Verdict:
    """Walks the whole chain, in little memory.

    A break is a change that is missing, was changed, whose personal part was changed, or was erased without the
    erasure being recorded; or changes cut off at the end.
    """
    link, seq, erased = ORIGIN, 0, 0
    unrecorded: dict[str, int] = {}
    for row in book.stream(select(changes).order_by(changes.c.seq)):
        what = _wrong(row, seq, link)
        if what is not None:
            return Verdict(seq, erased, Break(seq + 1, what))
        if row.kind == ERASED:
            unrecorded.pop(row.number, None)
        elif row.digest is not None and row.personal is None:
            erased += 1
            unrecorded.setdefault(row.number, row.seq)
        seq, link = row.seq, row.link
    ends = book.connection.execute(select(head.c.seq, head.c.link)).one()
    if (ends.seq, ends.link) != (seq, link):
        return Verdict(seq, erased, Break(seq + 1, "cut"))
    return Verdict(seq, erased, Break(min(unrecorded.values()), "erased") if unrecorded else None)


def _wrong(row: Row[Any], seq: int, link: bytes) -> str | None:
    """What is wrong with a change that follows `seq` and `link`."""
    if row.seq != seq + 1:
        return "missing"
    if _link(link, row.digest, _public(*row[: len(_PUBLIC) + 2])) != row.link:
        return "changed"
    if row.personal is None and row.salt is None:
        return None
    return None if digest(row.salt, row.personal) == row.digest else "personal"


def erase(run: Run, numbers: Sequence[str]) -> int:
    """Erases the personal part of every change of these orders, and records that; how many changes lost theirs.

    The orders' rows are not touched.
    """
    stated = among(run, changes.c.number, numbers) & changes.c.digest.is_not(None)
    statement = update(changes).where(stated, changes.c.personal.is_not(None)).values(personal=None, salt=None)
    gone = run.connection.execute(statement).rowcount
    count = len(numbers)
    none: list[None] = [None] * count
    append(run, Entries(none, none, numbers, [ERASED] * count, [seconds(run.at)] * count, ["{}"] * count, salted(none)))
    return gone


def verify_excerpt(book: Book, before: Mapping[int, bytes]) -> Verdict:
    """Whether each change of an excerpt has the link that it had in the ledger; `before` are the links it rests on.

    Changes that follow each other in the ledger have to rest on each other here too.
    """
    count, gone, last_seq, last_link = 0, 0, 0, ORIGIN
    for row in book.stream(select(changes).order_by(changes.c.seq)):
        link = before.get(row.seq)
        follows = row.seq != last_seq + 1 or link == last_link
        what = "missing" if link is None or not follows else _wrong(row, row.seq - 1, link)
        if what is not None:
            return Verdict(count, gone, Break(row.seq, what))
        gone += row.digest is not None and row.personal is None
        count, last_seq, last_link = count + 1, row.seq, row.link
    return Verdict(count, gone, None)
