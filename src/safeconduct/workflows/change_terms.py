"""Propose the next version of the agreement with a few terms changed; the other party signs it or does not.

A day may be given as a date or in words beside the day on which they were said; the wording stays on record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.agreement import Agreement, digest, to_json
from safeconduct.agreements.differences import Difference, differences
from safeconduct.agreements.entries import make_entry
from safeconduct.agreements.fields import moment
from safeconduct.agreements.reading import from_json
from safeconduct.errors import BadInput, Refusal
from safeconduct.incidents.dates import check_day, first_day, last_day
from safeconduct.incidents.reader.anchors import UNRESOLVED
from safeconduct.incidents.reader.documents import read_document
from safeconduct.incidents.reader.when import find_dates
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import in_force, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_entries import RecordedEntry, record_entry
from safeconduct.workflows.sign_agreement import propose
from safeconduct.workflows.tables import Tx

CHANGEABLE = ("title", "deadline", "end", "purposes", "scope", "stale_hours", "stale_policy", "phases", "undertakings",
              "expectations", "conditions", "contacts", "control_points", "legal_basis")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """A day given in words: what they mean, as ISO days, the last one where they mean several."""

    wording: str
    said: str
    first: str
    last: str


def propose_change(node: Node, changes: Mapping[str, Any]) -> Agreement | Refusal:
    """Sign and send the next version with `changes`, JSON values by the names of `CHANGEABLE`.

    Raises:
        BadInput: a name that cannot be changed, nothing that differs, or terms that are malformed.
        SafeconductError: `no-agreement`, or the root key is not to be had here.
    """
    for name in changes:
        if name not in CHANGEABLE:
            raise BadInput("unknown-field", where="change", expected="one of " + ", ".join(CHANGEABLE), seen=name)
    with node.store.reading() as tx:
        current = require_agreement(tx)
    plain = decode_json(to_json(current), where="agreement")
    new = {**plain, **changes, "version": current.version + 1, "previous": digest(current).hex()}
    made = encode_json(new)
    if not differences(current, from_json(made)):
        raise BadInput("bad-field", where="change", expected="something that differs", seen=sorted(changes))
    return propose(node, made)


def versions(tx: Tx) -> tuple[tuple[int, str], ...]:
    """Return (number, state) of every version that this node holds, newest first."""
    newest = tx.records.agreement_version()
    found = [] if newest is None else [tx.records.agreement_version(n) for n in range(newest.version, 0, -1)]
    return tuple((row.version, row.state) for row in found if row is not None)


def compare_versions(tx: Tx, before: int, after: int) -> tuple[Difference, ...]:
    """Return what differs between two versions that this node holds.

    Raises:
        BadInput: `unknown-version`.
    """
    found = []
    for number in (before, after):
        row = tx.records.agreement_version(number)
        if row is None:
            expected = "one of " + (", ".join(str(n) for n, _ in versions(tx)) or "none yet")
            raise BadInput("unknown-version", where="version", expected=expected, seen=number)
        found.append(from_json(row.body))
    return differences(found[0], found[1])


def resolve_wording(wording: str, said: str) -> Resolved:
    """Return the days that a wording means beside the day on which it was said.

    Raises:
        BadInput: `bad-date`, for words that mean no day there, or a day that is none.
    """
    check_day(said, where="said")
    found = find_dates(read_document("wording.txt", wording.encode(), published=said))
    if len(found) != 1 or found[0].basis == UNRESOLVED or not found[0].iso:
        expected = "words that mean one day or span, as “within the next five days”"
        raise BadInput("bad-date", where="wording", expected=expected, seen=wording)
    return Resolved(wording, said, first_day(found[0].iso), last_day(found[0].iso))


def record_wording(node: Node, about: str, resolved: Resolved, source: str) -> RecordedEntry:
    """Keep a wording beside the days that it was taken to mean.

    Raises:
        BadInput: a field is malformed.
    """
    said, first, last = (moment(f"{day}T00:00:00Z") for day in (resolved.said, resolved.first, resolved.last))
    fields = {
        "about": about, "wording": resolved.wording, "said": said, "means": first,
        "until": last if last != first else None,
    }  # fmt: skip
    with node.store.transaction() as tx:
        return record_entry(node, tx, make_entry("date-resolved", fields, source, node.clock.now()))


def decisions_of(tx: Tx, party: str) -> tuple[str, ...]:
    """Return the decisions to cooperate that a party took: every version that it signed, as "version 2"."""
    rows = [tx.records.agreement_version(number) for number, _ in versions(tx)]
    return tuple(f"version {row.version}" for row in reversed(rows) if row is not None and party in row.signatures)


def may_change(tx: Tx) -> bool:
    """Whether there is a version in force that a next one could follow."""
    return in_force(tx) is not None
