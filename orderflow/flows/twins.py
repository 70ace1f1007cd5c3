"""Suspected twins of new orders: among those before them in the run, and among the stored ones (PROCESS.md, step 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from orderflow.ledger import lookup
from orderflow.ledger.book import Run
from orderflow.records.finding import Finding, Severity
from orderflow.rules.duplicate import Likeness, Portrait, comparable, likeness, phones_decide, phones_differ
from orderflow.settings import Twins

Keys = tuple[str | None, str | None]


@dataclass(slots=True)
class TwinSearch:
    """Finds the twin of each new order. One search serves a whole run, so that its orders meet each other."""

    run: Run
    rules: Twins
    _met: dict[str, list[Portrait]] = field(default_factory=dict)
    _first_run: bool = field(init=False)
    _phones_decide: bool = field(init=False)

    def __post_init__(self) -> None:
        self._first_run = lookup.is_empty(self.run)
        self._phones_decide = phones_decide(self.rules)

    def twins_of(
        self, new: Sequence[Portrait], keys: Iterable[Keys], originals: Sequence[Collection[str]]
    ) -> list[Finding | None]:
        """For each new order the finding that names its most alike, if one is alike enough.

        An order that it says it replaces, one of its `originals`, is no twin of it.
        """
        several = list(keys)
        stored = self._stored(new, several)
        met, found = self._met, list[Finding | None]()
        for portrait, known, replaced in zip(new, several, originals, strict=True):
            likes: list[Portrait] = []
            for key in known:
                if key is not None:
                    if key in stored:
                        likes += stored[key]
                    before = met.get(key)
                    if before is None:
                        met[key] = [portrait]
                    else:
                        likes += before
                        before.append(portrait)
            if replaced:
                likes = [like for like in likes if like.number not in replaced]
            if self._phones_decide:
                likes = [like for like in likes if not phones_differ(portrait, like)]
            best = _most_alike(portrait, likes, self.rules) if likes else None
            found.append(possible_duplicate(*best) if best else None)
        return found

    def _stored(self, new: Sequence[Portrait], several: Sequence[Keys]) -> Mapping[str, list[Portrait]]:
        """The orders of earlier runs that share a key, by key."""
        keys = {key for known in several for key in known if key is not None}
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
        if comparable(portrait, like, rules):
            alike = likeness(portrait, like, rules)
            if alike.score >= rules.score and (best is None or alike.score > best[1].score):
                best = like.number, alike
    return best


def possible_duplicate(number: str, alike: Likeness) -> Finding:
    """The finding that names a suspected twin, with the points of each feature."""
    params = {"twin": number, "score": round(alike.score * 100), "why": alike.points}
    return Finding("possible-duplicate", Severity.ANOMALY, None, None, params)
