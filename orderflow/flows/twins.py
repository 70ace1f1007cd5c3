"""Suspected twins of new orders: among those before them in the run, and among the stored ones (PROCESS.md, step 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from orderflow.ledger import lookup
from orderflow.ledger.book import Run
from orderflow.ledger.values import seconds
from orderflow.records.finding import Finding, Severity
from orderflow.records.registration import Registration
from orderflow.rules.duplicate import Likeness, Portrait, comparable, likeness, out_of_reach
from orderflow.settings import Twins

Keys = tuple[str | None, str | None]


@dataclass(slots=True)
class TwinSearch:
    """Finds the twin of each new order. One search serves a whole run, so that its orders meet each other."""

    run: Run
    rules: Twins
    _met: dict[str, list[Portrait]] = field(default_factory=lambda: defaultdict(list))
    _first_run: bool = field(init=False)

    def __post_init__(self) -> None:
        self._first_run = lookup.is_empty(self.run)

    def twins_of(
        self, new: Sequence[Portrait], keys: Iterable[Keys], originals: Sequence[Collection[str]]
    ) -> list[Finding | None]:
        """For each new order the finding that names its most alike, if one is alike enough.

        An order that it says it replaces, one of its `originals`, is no twin of it.
        """
        several = [[key for key in both if key is not None] for both in keys]
        stored = self._stored(new, several)
        met, found = self._met, list[Finding | None]()
        for portrait, known, replaced in zip(new, several, originals, strict=True):
            likes = [like for key in known if key in met for like in met[key]]
            if stored:
                likes = [like for key in known for like in (*stored.get(key, ()), *met.get(key, ()))]
            likes = [like for like in likes if like.number not in replaced] if replaced else likes
            best = _most_alike(portrait, likes, self.rules) if likes else None
            found.append(possible_duplicate(*best) if best else None)
            for key in known:
                met[key].append(portrait)
        return found

    def _stored(self, new: Sequence[Portrait], several: Sequence[Sequence[str]]) -> dict[str, list[Portrait]]:
        """The orders of earlier runs that share a key, by key."""
        keys = {key for known in several for key in known}
        moments = [portrait.received for portrait in new if portrait.received]
        if self._first_run or not keys or not moments:
            return {}
        apart = timedelta(days=self.rules.days)
        since, until = (datetime.fromtimestamp(moment).astimezone() for moment in (min(moments), max(moments)))
        likes: dict[str, list[Portrait]] = defaultdict(list)
        for like in lookup.likes(self.run, keys, since - apart, until + apart):
            for key in (like.twin_a, like.twin_b):
                if key is not None:
                    likes[key].append(_portrait(like))
        return likes


def portrait_of(row: Registration, channel: str | None) -> Portrait:
    """What of an order is compared with another."""
    return Portrait(
        row.number or "",
        row.customer,
        row.contact,
        row.product,
        row.quantity,
        row.delivery_date,
        channel or row.source,
        row.external_number,
        seconds(row.received_at) if row.received_at is not None else 0,
    )


def _portrait(like: lookup.Like) -> Portrait:
    return Portrait(
        like.number,
        like.customer,
        like.contact,
        like.product,
        Decimal(like.quantity) if like.quantity is not None else None,
        date.fromisoformat(like.delivery_date) if like.delivery_date is not None else None,
        like.channel or like.source,
        like.external_number,
        like.received_at,
    )


def _most_alike(portrait: Portrait, likes: Iterable[Portrait], rules: Twins) -> tuple[str, Likeness] | None:
    """The most alike of the comparable ones, if it is alike enough; the earliest number of several."""
    best: tuple[str, Likeness] | None = None
    for like in likes:
        if not out_of_reach(portrait, like, rules) and comparable(portrait, like, rules):
            alike = likeness(portrait, like, rules)
            if alike.score >= rules.score and (best is None or alike.score > best[1].score):
                best = like.number, alike
    return best


def possible_duplicate(number: str, alike: Likeness) -> Finding:
    """The finding that names a suspected twin, with the points of each feature."""
    params = {"twin": number, "score": round(alike.score * 100), "why": alike.points}
    return Finding("possible-duplicate", Severity.ANOMALY, None, None, params)
