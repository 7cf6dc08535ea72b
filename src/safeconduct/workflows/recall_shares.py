"""Ask the other party to delete what was shared or to say why it keeps it; answer such a request; list who is named.

A recall is a request. An answer is the other party's word, and proves nothing; what was never answered stays listed.
"""

from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.entries import Entry, make_entry
from safeconduct.agreements.fields import iso
from safeconduct.agreements.liaison import left_behind
from safeconduct.agreements.recall import (
    Answer,
    Item,
    Recalled,
    Request,
    accept,
    read_recall,
    recall_json,
    recalled,
)
from safeconduct.alerts import release as releases
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.common import cards, log_refused, partner_of, require_agreement
from safeconduct.workflows.envelopes import Envelope
from safeconduct.workflows.held_entries import held_entries
from safeconduct.workflows.matters import after, kept, put, same, take
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_entries import record_entry
from safeconduct.workflows.tables import Tx

KIND = "recall"


@dataclass(frozen=True, slots=True)
class Asked:
    """A recall that was sent: how many items it names, and its ledger index (None: nothing was left to ask for)."""

    items: int
    ledger_index: int | None


@dataclass(frozen=True, slots=True)
class RecalledItem:
    """One recalled item with its answers, and what our liaison reports, unsigned: (answer, reason, unix seconds)."""

    recalled: Recalled
    reported: tuple[str, str, int] | None

    @property
    def state(self) -> str:
        """One of unanswered, deleted, kept, and "reported" where there is no more than our liaison's word."""
        return "reported" if not self.recalled.answers and self.reported else self.recalled.state


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list on which people were named to the other party, and those of it who are not out."""

    list: str
    to: str
    purpose: str
    at: int
    people: int
    left_behind: tuple[str, ...]  # register ids, never names


def recall_shares(node: Node, why: str) -> Asked | Refusal:
    """Ask the other party to delete everything that this one shared and has not recalled yet, or to say why it is kept.

    Raises:
        BadInput: the reason is malformed.
        SafeconductError: `no-agreement`.
    """
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        earlier = kept(tx, agreement, KIND, read_recall)
        known = {one.item.id for one in recalled(event for _, event in earlier) if one.by == node.party}
        items = tuple(one for one in shared(node, tx, agreement) if one.id not in known)
        request = Request(node.party, after(node.clock.now(), earlier), why, items)
        if not items:
            return Asked(0, None)
        body = recall_json(request)
        read_recall(body)
        return Asked(len(items), put(node, tx, agreement, KIND, body))


def answer_recall(node: Node, item: str, answer: str, reason: str = "") -> int | Refusal:
    """Say of an item that the other party recalled that it is `deleted`, or `kept` and why; return the ledger index.

    Raises:
        BadInput: the answer is malformed, or something is kept without a reason.
        SafeconductError: `no-agreement`.
    """
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        earlier = kept(tx, agreement, KIND, read_recall)
        event = read_recall(recall_json(Answer(item, node.party, after(node.clock.now(), earlier), answer, reason)))
        index = same(earlier, event)
        if index is not None:
            return index
        allowed = accept([one for _, one in earlier], event)
        if isinstance(allowed, Refusal):
            log_refused(node, tx, act=KIND, subject=item, refusal=allowed)
            return allowed
        return put(node, tx, agreement, KIND, recall_json(event))


def report_recall(node: Node, item: str, answer: str, reason: str | None, source: str) -> int | Refusal:
    """Record what a party without a node says of an item, as our liaison reports it: unsigned; return the ledger index.

    Raises:
        BadInput: a field is malformed, or nobody is named as the source.
        SafeconductError: `no-agreement`.
    """
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        if item not in {one.recalled.item.id for one in recalls(tx, agreement) if one.recalled.by == node.party}:
            refusal = Refusal("not-recalled", item)
            log_refused(node, tx, act=KIND, subject=item, refusal=refusal)
            return refusal
        if answer == "kept" and not reason:
            raise BadInput("missing-field", where="recall.reason", expected="why it is kept", seen=None)
        fields = {"item": item, "answer": answer, "reason": reason or None}
        entry = make_entry("recall-reported", fields, source, node.clock.now())
        return record_entry(node, tx, entry).ledger_index


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in a request of the partner's, or its answer to ours."""
    return take(node, tx, envelope, read_recall, lambda _, held, event: accept(held, event))


def recalls(tx: Tx, agreement: Agreement) -> tuple[RecalledItem, ...]:
    """Return every item that either party recalled, with what was answered."""
    reported: dict[str, tuple[str, str, int]] = {}
    for _, entry in held_entries(tx):
        if entry.kind == "recall-reported":
            fields = entry.fields
            reported[fields["item"]] = (fields["answer"], fields["reason"] or "", entry.at)
    found = recalled(event for _, event in kept(tx, agreement, KIND, read_recall))
    return tuple(RecalledItem(one, reported.get(one.item.id)) for one in found)


def shared(node: Node, tx: Tx, agreement: Agreement) -> tuple[Item, ...]:
    """Return all that this party shared with the other: releases, cases handed over, lists of people named to it."""
    partner = partner_of(node, agreement)
    card = cards(tx).get(partner)
    found = [
        Item(row.id, "release", row.issued, f"warning released on {iso(row.issued)[:10]}")
        for row in tx.alerts.releases()
        if row.direction == "sent" and releases.from_json(row.body).partner == partner
    ]
    for office, body, at in tx.records.all("hand-over"):
        if office in (partner, card.name if card else partner):
            cases = decode_json(body, where="hand-over")["cases"]
            found.append(Item(f"cases:{at}", "cases", at, f"{cases} open cases handed over on {iso(at)[:10]}"))
    for name, entries in _lists(tx, partner).items():
        at, people = entries[0].at, sum(len(e.fields["people"]) for e in entries)
        found.append(Item(f"list:{name}", "names", at, f"list {name} of {people} people, given on {iso(at)[:10]}"))
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def named_people(tx: Tx, to: str) -> tuple[NamedList, ...]:
    """Return each list on which people were named to a party, with those of it who are not out, by register ids."""
    lists = [entry for some in _lists(tx, to).values() for entry in some]
    ids = sorted({person for entry in lists for person in entry.fields["people"]})
    out = {m.person_id: bool(m.way_out) or m.group_state == "departed" for m in tx.roll.members(ids)}
    found: dict[str, NamedList] = {}
    for entry, left in left_behind(lists, out):
        name, before = entry.fields["list"], found.get(entry.fields["list"])
        found[name] = NamedList(
            name, to, entry.fields["purpose"], before.at if before else entry.at,
            len(entry.fields["people"]) + (before.people if before else 0),
            (*(before.left_behind if before else ()), *left),
        )  # fmt: skip
    return tuple(found.values())


def _lists(tx: Tx, to: str) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for _, entry in held_entries(tx):
        if entry.kind == "people-named" and entry.fields["to"] == to:
            found.setdefault(entry.fields["list"], []).append(entry)
    return found
