"""Accept, amend or reject what is suggested, and take a decision back: each a record of its own, nothing overwritten.

To accept records one claim with its source, its place and its exact words. A recorded claim is never deleted: to take
an acceptance back records that this party withdraws the claim, and the suggestion is open again.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from safeconduct.errors import BadInput, SafeconductError
from safeconduct.incidents.reader.decoding import decode
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.add_source import origin_of, suggestion_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.review_records import free_id, incident_record, source_records, withdrawal
from safeconduct.workflows.source_rows import (
    ACCEPTED,
    AMENDED,
    OPEN,
    REJECTED,
    TAKEN,
    DecisionRow,
    SuggestionRow,
)
from safeconduct.workflows.suggested_claim import (
    FIELDS,
    INCIDENT_FIELDS,
    NEW,
    claim_of,
    happening_key,
    incident_defaults,
    one_line,
    propose,
)
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a suggestion or a suggested relation."""

    id: str
    state: str
    claim: str  # id of the claim that was recorded or withdrawn; "source target" of a relation; empty for none


def accept(
    node: Node, suggestion_id: str, *, by: str, changes: Mapping[str, str] | None = None, reading: str = ""
) -> Decided:
    """Record the claim of a suggestion.

    Args:
        node: where.
        suggestion_id: which.
        by: the office that decides.
        changes: fields that differ from what was suggested, see `suggested_claim.FIELDS` and `INCIDENT_FIELDS`.
        reading: of a suggestion that can be read otherwise: how it is read here.

    Raises:
        BadInput: `missing-field` or another code of a claim that is not whole; nothing is stored then.
        SafeconductError: `unknown-suggestion`, `already-decided`.
    """
    with node.store.transaction() as tx:
        row = _open_row(tx, suggestion_id)
        one, _ = suggestion_of(row)
        source = tx.sources.row(row.digest)
        assert source is not None  # noqa: S101  (a suggestion is stored with its source)
        origin = origin_of(tx, source)
        proposed = defaults(tx, suggestion_id)
        fields = _changed(proposed, changes or {})
        if one.ambiguous and not reading.strip():
            raise BadInput(
                "missing-field", where="reading", expected=f"which reading is meant ({one.ambiguous})", seen=""
            )
        text = decode(tx.sources.original(row.digest) or b"").text
        claim = claim_of(fields, one, text)
        incident, made = incident_record(tx, fields)
        sources = source_records(tx, origin, source)
        claim_id = free_id(tx, f"c-{suggestion_id}")
        ambiguous = f"{one_line(one.ambiguous, 200)}; read here: {one_line(reading, 180)}" if one.ambiguous else ""
        claim |= {"id": claim_id, "incident": incident, "source": sources[-1]["id"], "ambiguous": ambiguous}
        document = {"incidents": made, "sources": sources, "claims": [claim]}
        record_incident(_joined(node, tx), encode_json(document))
        changed = {name: fields[name] for name in FIELDS if fields[name] != proposed[name]}
        body = {"incident": incident, "changed": changed, "reading": reading.strip()}
        corrected = [name for name in changed if proposed[name] and name != "text"]
        return _decide(node, tx, suggestion_id, AMENDED if corrected else ACCEPTED, by, claim_id, body)


def reject(node: Node, suggestion_id: str, *, by: str) -> Decided:
    """Note that a suggestion becomes no claim.

    Raises:
        SafeconductError: `unknown-suggestion`, `already-decided`.
    """
    with node.store.transaction() as tx:
        _open_row(tx, suggestion_id)
        return _decide(node, tx, suggestion_id, REJECTED, by, "", {})


def undo(node: Node, suggestion_id: str, *, by: str) -> Decided:
    """Take the newest decision about a suggestion back; a claim that was recorded stays and is shown as withdrawn.

    Raises:
        SafeconductError: `unknown-suggestion`, `not-decided`.
    """
    with node.store.transaction() as tx:
        if tx.sources.suggestion(suggestion_id) is None:
            raise SafeconductError("unknown-suggestion", f"no suggestion {suggestion_id} is held")
        decisions = tx.sources.decisions(suggestion_id)
        if not decisions or decisions[-1].state == OPEN:
            raise SafeconductError("not-decided", f"nothing is decided about {suggestion_id}, so nothing is taken back")
        last = decisions[-1]
        withdrawn = ""
        if last.state in TAKEN:
            withdrawn = last.claim
            record_incident(_joined(node, tx), encode_json(withdrawal(node, tx, last.claim)))
        return _decide(node, tx, suggestion_id, OPEN, by, withdrawn, {})


def decide_tie(node: Node, tie_id: str, *, by: str, accepted: bool) -> Decided:
    """Record a suggested relation between two recorded claims, or note that it does not hold.

    A relation that was recorded is not taken back by itself; it falls with one of its claims.

    Raises:
        SafeconductError: `unknown-suggestion`, when it is not offered: an end is open, or it is decided.
    """
    with node.store.transaction() as tx:
        offered = {tie.id: (tie, source, target) for tie, source, target in tx.sources.ready_ties()}
        if tie_id not in offered:
            raise SafeconductError("unknown-suggestion", f"the relation {tie_id} is not offered, or decided already")
        tie, source, target = offered[tie_id]
        if not accepted:
            return _decide(node, tx, tie_id, REJECTED, by, "", {})
        relation = {"from": source, "to": target, "kind": tie.kind, "method": tie.method}
        record_incident(_joined(node, tx), encode_json({"relations": [relation]}))
        return _decide(node, tx, tie_id, ACCEPTED, by, f"{source} {target}", {})


def defaults(tx: Tx, suggestion_id: str) -> dict[str, str]:
    """Return the fields of the claim that a suggestion would become, with the incident that is offered.

    Offered is, in this order: where the same happening went before, the incident that it would make if it is held
    already, a new one; for a sentence that belongs to no happening the newest one chosen for its source.
    """
    row = tx.sources.suggestion(suggestion_id)
    source = None if row is None else tx.sources.row(row.digest)
    if row is None or source is None:
        raise SafeconductError("unknown-suggestion", f"no suggestion {suggestion_id} is held")
    one, happening = suggestion_of(row)
    origin = origin_of(tx, source)
    if happening is None:
        incident = tx.sources.last_incident(digest=row.digest)
    else:
        key = happening_key(happening)
        incident = tx.sources.last_incident(happening=row.happening)
        incident = incident or (key if tx.records.latest("incidents", key) else NEW)
    return propose(one, happening, origin) | incident_defaults(happening, origin) | {"incident": incident}


def incidents(tx: Tx) -> dict[str, str]:
    """Return title by id of all recorded incidents."""
    return {name: json.loads(body)["title"] for name, body, _ in tx.records.all("incidents")}


def _open_row(tx: Tx, suggestion_id: str) -> SuggestionRow:
    row = tx.sources.suggestion(suggestion_id)
    if row is None:
        raise SafeconductError("unknown-suggestion", f"no suggestion {suggestion_id} is held")
    decisions = tx.sources.decisions(suggestion_id)
    if decisions and decisions[-1].state != OPEN:
        state, by = decisions[-1].state, decisions[-1].by
        raise SafeconductError("already-decided", f"{suggestion_id} is {state} by {by}; take that back first")
    return row


def _changed(proposed: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    for name in changes:
        if name not in (*FIELDS, *INCIDENT_FIELDS):
            raise BadInput("unknown-field", where="changes", expected=", ".join((*FIELDS, *INCIDENT_FIELDS)), seen=name)
    return {**proposed, **{name: one_line(value, 4_000) for name, value in changes.items()}}


def _decide(node: Node, tx: Tx, about: str, state: str, by: str, claim: str, body: Mapping[str, Any]) -> Decided:
    now = node.clock.now()
    given = {"about": about, "by": by, "claim": claim, "state": state, **body}
    tx.sources.decide(DecisionRow(about, state, by, now, claim, encode_json(dict(body))))
    tx.ledger.append("own:review", encode_json(given), node.random.bytes(32), now)
    return Decided(about, state, claim)


class _Joined:
    """The store of a transaction that is open already: what joins it is stored with it or not at all."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Give the open transaction; whoever opened it ends it."""
        yield self._tx

    reading = transaction

    def changes(self) -> int:
        """Nothing is committed while the transaction is open."""
        return 0


def _joined(node: Node, tx: Tx) -> Node:
    return replace(node, store=_Joined(tx))


def decision_words(row: DecisionRow) -> Mapping[str, Any]:
    """Return what a decision changed, chose and read."""
    found: Mapping[str, Any] = decode_json(row.body, where=f"decision about {row.about}")
    return found
