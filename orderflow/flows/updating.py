"""Known orders that a file speaks of again: left, updated, or a conflict to decide (PROCESS.md, "The same order").

Three sides are compared value by value: what both started from, what the ledger has now, what the row says. For an
export the start is what files last said; for a workbook handed back it is what was handed back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any

from orderflow.flows.claims import Claim
from orderflow.flows.registering import Registrar
from orderflow.flows.sides import is_said, shown_side, side
from orderflow.flows.standing import UNSAID, standing
from orderflow.ledger import anomalies, conflicts, history, orders
from orderflow.ledger.lookup import Known
from orderflow.records.account import Outcome
from orderflow.records.catalogue import CATALOGUE, Group
from orderflow.records.finding import Finding, Severity
from orderflow.records.order import Anomaly, Change, Order
from orderflow.records.reasons import anomaly_of, codes_of, finding_of
from orderflow.records.registration import Registration
from orderflow.records.rows import columns
from orderflow.rules.duplicate import LIKENED, twin_keys
from orderflow.rules.identity import is_same_person
from orderflow.rules.merge import Merge, merge
from orderflow.rules.state import state_of

EDITED = "edited"
"""The kind of a change that a person made in a workbook handed back."""
CHECK_BINDS = frozenset({"customer", "product", "quantity", "unit", "delivery_date"})
_likened = attrgetter(*LIKENED)
_OF_PEOPLE = ("entered_by", "checked_by", "owner", "late_reason")
_RECHECKED = frozenset({Group.MISSING, Group.CONFLICT, Group.UNCLEAR})


@dataclass(slots=True)
class Update:
    """One known order on its way: what changes in its row, and what has to be decided."""

    claim: Claim
    order: Order
    values: dict[str, Any] = field(default_factory=dict)
    conflicts: list[conflicts.Conflict] = field(default_factory=list)
    base: Mapping[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The order's number."""
        return self.order.row.number or ""

    def says_nothing_new(self, known: Known) -> bool:
        """Whether the row says what files said before, and names nobody whom the order does not name."""
        row, order = self.claim.row, self.order.row
        named = ((getattr(row, name), getattr(order, name)) for name in _OF_PEOPLE)
        return self.claim.content == known.fingerprint and all(said in (None, has) for said, has in named)

    def says_receipt(self, zone: tzinfo) -> bool:
        """Whether the row says when the order was received, and more than the day that is known."""
        said, known = self.claim.received, self.order.row.received_at
        if said is None or isinstance(said, datetime) or known is None:
            return said is not None
        return said != known.astimezone(zone).date()


@dataclass(slots=True)
class Updater:
    """Brings what a sheet says of known orders into the ledger.

    `fields` are those that its columns speak of, `others` the headers of its other columns.
    """

    registrar: Registrar
    fields: Sequence[str]
    others: Collection[str]

    def update(self, pairs: Sequence[tuple[Claim, Known]]) -> None:
        """Merge each row into its order."""
        if not pairs:
            return
        for claim, known in pairs:
            claim.number = known.merged_into or known.number
        stored = orders.load(self.registrar.run, [claim.number for claim, _ in pairs if claim.number])
        by_number = {order.row.number or "": order for order in stored}
        left: list[Update] = []
        moved: list[Update] = []
        for claim, known in pairs:
            update = Update(claim, by_number[claim.number or ""])
            stays = known.merged_into is not None or update.order.archived is not None
            (left if stays or update.says_nothing_new(known) else moved).append(update)
        open_ = anomalies.of_orders(self.registrar.run, list(by_number))
        self._leave(left, open_)
        self._merge(moved, open_)

    def _leave(self, updates: Sequence[Update], reasons: Mapping[str, Sequence[Anomaly]]) -> None:
        """Rows that say what they said before: what is still open is said again, nothing changes."""
        for update in updates:
            claim = update.claim
            claim.outcome, claim.state, claim.revision = (
                Outcome.UNCHANGED,
                state_of(update.order),
                update.order.revision,
            )
            claim.findings = [f for f in claim.findings if CATALOGUE[f.code].group is Group.NUMBER]
            claim.findings += map(finding_of, filter(_is_open, reasons.get(update.number, ())))
            if update.order.archived is not None:
                claim.findings.append(sealed_finding(update.number, update.order.archived))
            if update.order.revision > 1:
                self._let_stand(update)

    def _merge(self, updates: Sequence[Update], reasons: Mapping[str, Sequence[Anomaly]]) -> None:
        if not updates:
            return
        run = self.registrar.run
        said = history.last_imported(run, [update.number for update in updates if update.claim.key is None])
        asked = conflicts.asked(run, [update.number for update in updates])
        for update in updates:
            update.base = self._base(update, said)
            self._compare(update)
            update.conflicts = [c for c in update.conflicts if conflicts.question(c) not in asked]
        self.bring(updates, reasons)

    def bring(self, updates: Sequence[Update], reasons: Mapping[str, Sequence[Anomaly]]) -> None:
        """Bring what is known to change into the ledger, with all that follows from it; `reasons` by number."""
        for update in updates:
            self._settle_check(update)
        self._store(updates)
        for update in updates:
            moved = self._settle_anomalies(update, reasons.get(update.number, ()))
            update.claim.outcome = Outcome.UPDATED if update.values or moved else Outcome.UNCHANGED
            self._let_stand(update)

    def _let_stand(self, update: Update) -> None:
        """Note for the copy what the ledger keeps against the row."""
        claim = update.claim
        fields = [name for name in self.fields if name != "received_at" or isinstance(claim.received, datetime)]
        claim.standing = standing(self.registrar.desk, update.order, claim.row, claim.unread, fields)

    def _base(self, update: Update, said: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
        """What both sides started from, by field; `unread` holds the typed text of what could not be read."""
        key, order = update.claim.key, update.order
        if key is None:
            return said.get(update.number, {})
        if key.revision == order.revision:
            return {
                **{name: getattr(order.row, name) for name in columns(Registration)},
                "unread": order.unread,
                "extra": order.extra,
                "channel": order.channel,
            }
        return history.as_of(self.registrar.run, update.number, key.revision)

    def _compare(self, update: Update) -> None:
        claim, order = update.claim, update.order
        unread = dict(order.unread)
        for name in self.fields:
            if not self._is_merged(name, update):
                continue
            base = side(name, update.base.get(name), update.base.get("unread") or {})
            ours = side(name, getattr(order.row, name), order.unread)
            theirs = side(name, getattr(claim.row, name), claim.unread)
            verdict = merge(base, ours, theirs)
            if verdict is Merge.TAKE or (verdict is Merge.CONFLICT and not is_said(ours)):
                update.values[name] = getattr(claim.row, name)
                unread.pop(name, None)
                unread.update({name: claim.unread[name]} if name in claim.unread else {})
            elif is_said(theirs) and (verdict is Merge.CONFLICT or (verdict is Merge.KEEP and claim.key is None)):
                start = base if is_said(base) else None
                place = self.registrar.source, claim.line
                update.conflicts.append(conflicts.Conflict(update.number, name, start, ours, theirs, *place))
        if unread != order.unread:
            update.values["unread"] = unread
        if "source" in update.values or self._channel_moved(update):
            update.values["channel"] = claim.channel
        extra = self._merged_extra(update)
        if extra != order.extra:
            update.values["extra"] = extra

    def _channel_moved(self, update: Update) -> bool:
        """Whether a row handed back says another word for the same source, and nobody else has since."""
        claim, began = update.claim, update.base.get("channel")
        named = "source" in self.fields and claim.row.source is not None and claim.key is not None
        return named and update.order.channel == began != claim.channel

    def _merged_extra(self, update: Update) -> dict[str, str]:
        """The columns of the clerk's own: what is new is taken, and a cell that was emptied unless it changed since."""
        claim, order = update.claim, update.order
        before = update.base.get("extra") or {}
        new = {header: said for header, said in claim.extra.items() if said != before.get(header)}
        emptied = {header for header in self.others if header in before and header not in claim.extra}
        kept = {header: said for header, said in order.extra.items() if header not in emptied or said != before[header]}
        return {**kept, **new}

    def _is_merged(self, name: str, update: Update) -> bool:
        if name == "entered_by":
            return update.claim.row.entered_by is not None
        if name == "received_at":
            return update.says_receipt(self.registrar.desk.zone)
        if name == "checked_by":
            return update.claim.row.checked_by is not None
        return name not in UNSAID

    def _settle_check(self, update: Update) -> None:
        """A second person's name in 核对人 is a check, unless it is who entered the order; an edit voids a check."""
        values, row, claim = update.values, update.order.row, update.claim
        checker = values.get("checked_by")
        edited = sorted(CHECK_BINDS & values.keys())
        if checker is not None and is_same_person(checker, values.get("entered_by") or row.entered_by):
            del values["checked_by"]
            claim.findings.append(
                Finding("checker-is-enterer", Severity.WARNING, "checked_by", checker, {"name": checker})
            )
        elif checker is not None:
            values["checked_at"] = self.registrar.desk.aware(claim.row.checked_at) or self.registrar.desk.now
        elif edited and row.checked_by is not None:
            values |= {"checked_by": None, "checked_at": None}
            params = {"number": update.number, "fields": edited}
            claim.findings.append(Finding("check-voided", Severity.NOTE, None, None, params))
        elif "checked_by" in values:
            values["checked_at"] = None

    def _store(self, updates: Sequence[Update]) -> None:
        """Change the orders, with their history; put before a person what nobody has been asked yet."""
        run, desk = self.registrar.run, self.registrar.desk
        edits = [self._edit(update) for update in updates if update.values or update.claim.key is None]
        revisions = {change.number: change.after["revision"] for change in orders.change(run, edits)}
        events = []
        for update in updates:
            update.claim.revision = revisions.get(update.number, update.order.revision)
            if update.values.get("checked_by"):
                events.append(self._event(update, "checked", {}))
            elif "checked_by" in update.values:
                events.append(
                    self._event(update, "check-voided", {"fields": sorted(CHECK_BINDS & update.values.keys())})
                )
            update.claim.findings += [_conflict_finding(conflict, desk.lang) for conflict in update.conflicts]
        history.record(run, events)
        conflicts.add(run, [conflict for update in updates for conflict in update.conflicts])

    def _event(self, update: Update, kind: str, after: Mapping[str, Any]) -> Change:
        registrar = self.registrar
        return Change(kind, registrar.desk.now, update.number, registrar.source, update.claim.line, after=after)

    def _edit(self, update: Update) -> orders.Edit:
        """The change of the order's row, and what it is recognised by next time."""
        claim, order, registrar = update.claim, update.order, self.registrar
        for name in update.values.keys() & columns(Registration).keys():
            setattr(order.row, name, update.values[name])
        order.unread = update.values.get("unread", order.unread)
        values = {**update.values, "fingerprint": claim.content}
        values["twin_a"], values["twin_b"] = twin_keys(*_likened(order.row))
        kind = history.UPDATED if claim.key is None else EDITED
        return orders.Edit(update.number, kind, values, registrar.desk.now, registrar.source, claim.line)

    def _settle_anomalies(self, update: Update, reasons: Sequence[Anomaly]) -> bool:
        """Close what is mended, open what is new, leave what a person confirmed; whether anything moved."""
        claim, order, run, now = update.claim, update.order, self.registrar.run, self.registrar.desk.now
        doubts = [f for f in claim.findings if f.field in order.unread or f.severity is not Severity.ANOMALY]
        confirmed = [(a.code, a.field, _plain(a.params)) for a in reasons if a.how == "confirmed"]
        claim.findings = doubts + [
            f
            for f in self.registrar.check(order.row, order.unread)
            if (f.code, f.field, _plain(anomaly_of(f, "", 0, now).params)) not in confirmed
        ]
        grave = {(f.code, f.field): f for f in claim.findings if f.severity is Severity.ANOMALY}
        open_ = list(filter(_is_open, reasons))
        mended = [a for a in open_ if (a.code, a.field) not in grave and _is_mended(a, order)]
        new = [f for key, f in grave.items() if key not in {(a.code, a.field) for a in open_}]
        for anomaly in mended:
            anomalies.close(run, anomaly.number, anomaly.code, anomaly.field, "mended", now)
        opened = [anomaly_of(f, update.number, run.id, now) for f in new]
        anomalies.add(run, opened)
        if opened:
            history.record(run, [self._event(update, "flagged", {"codes": codes_of(opened)})])
        order.open_anomalies += len(opened) - len(mended)
        claim.state = state_of(order)
        return bool(mended or opened)


def sealed_finding(number: str, bag: str) -> Finding:
    """That a file speaks of an order that lies sealed in the archive: nothing of it is taken."""
    return Finding("order-archived", Severity.NOTE, None, None, {"number": number, "bag": bag}, number=number)


def _is_open(anomaly: Anomaly) -> bool:
    return anomaly.closed_run is None


def _is_mended(anomaly: Anomaly, order: Order) -> bool:
    """Whether an anomaly not found again is gone: a doubt about a cell stays while the cell is unread."""
    group = CATALOGUE[anomaly.code].group
    return anomaly.field not in order.unread if group is Group.READING else group in _RECHECKED


def _plain(params: Mapping[str, Any]) -> dict[str, str]:
    """Params for comparing what was stored as JSON with what was just found."""
    return {name: str(value) for name, value in params.items()}


def _conflict_finding(conflict: conflicts.Conflict, lang: str) -> Finding:
    code = "changed-by-person" if conflict.theirs == conflict.base else "changed-on-both-sides"
    ours, theirs = (shown_side(conflict.field, value, lang) for value in (conflict.ours, conflict.theirs))
    return Finding(code, Severity.WARNING, conflict.field, theirs, {"ours": ours, "theirs": theirs})
