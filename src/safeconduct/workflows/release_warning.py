"""Derive a release from a report by policy, and send it; on the other side, take it in."""

import json
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.alerts import policy as policies
from safeconduct.alerts import release as releases
from safeconduct.alerts.derive import SALT_NAMES, Derivation, Shown, Withheld, derive
from safeconduct.alerts.policy import Policy
from safeconduct.alerts.release import Release, obeys
from safeconduct.alerts.report import ThreatReport
from safeconduct.alerts.report import from_json as read_report
from safeconduct.alerts.stix import StixIds, decode_stix, encode_stix, to_stix
from safeconduct.alerts.withheld import withheld_values
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import in_force, log_refused, permitted, require_agreement
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import ReleaseRow
from safeconduct.workflows.tables import Tx

SUBJECT = "threat-warning"


@dataclass(frozen=True, slots=True)
class Sent:
    """A release that was sent: its id, its place in the ledger, and what its owner should know of it."""

    release_id: str
    ledger_index: int
    derivation: Derivation


def release_warning(node: Node, report_id: str, policy_json: bytes, *, purpose: str | None) -> Sent | Refusal:
    """Derive a release of a stored report and send it to the policy's partner.

    The same report under the same policy again returns what was sent.

    Raises:
        BadInput: the policy is malformed.
        SafeconductError: `no-report`.
    """
    policy = policies.from_json(policy_json)
    with node.store.transaction() as tx:
        allowed = permitted(node, tx, act="share", subject=SUBJECT, purpose=purpose)
        if isinstance(allowed, Refusal):
            return allowed
        request = _request_key(report_id, policy_json, purpose)
        before = tx.records.get(request)
        if before is not None:
            return _again(node, tx, before.decode())
        report = stored_report(node, tx, report_id)
        earlier = [row for row in tx.alerts.releases() if row.direction == "sent"]
        salts = {name: node.random.bytes(32) for name in SALT_NAMES}
        derived = derive(
            report, policy, now=node.clock.now(), release_id=node.random.id(), salts=salts, purpose=purpose,
            earlier=[releases.from_json(row.body) for row in earlier],
        )  # fmt: skip
        if isinstance(derived, Derivation):
            refusal = obeys(derived.release, policy)
            derived = refusal or derived
        if isinstance(derived, Refusal):
            log_refused(node, tx, act="release", subject=SUBJECT, refusal=derived)
            return derived
        tx.records.set(request, derived.release.id.encode())
        return _send(node, tx, report_id, policy, derived)


def _request_key(report_id: str, policy_json: bytes, purpose: str | None) -> str:
    """Return where the release of a request is remembered, so that a retry sends nothing twice."""
    asked = encode_json([report_id, sha256(policy_json).hexdigest(), purpose or ""])
    return f"released:{sha256(asked).hexdigest()}"


def _again(node: Node, tx: Tx, release_id: str) -> Sent:
    """Return what was sent before; the values that were withheld are not repeated."""
    row, sealed = tx.alerts.release(release_id), tx.records.latest("shown", release_id)
    if row is None or sealed is None:
        raise SafeconductError("unknown-release", f"{release_id} was not sent from here")
    kept = decode_json(node.vault.open(sealed[0]), where="side by side")
    withheld = tuple(Withheld(field, rule, ()) for field, rule in json.loads(row.withheld))
    shown = tuple(Shown(*one) for one in kept["fields"])
    derived = Derivation(releases.from_json(row.body), withheld, shown, kept["candidates"], tuple(kept["flags"]))
    return Sent(release_id, row.ledger_index, derived)


def _send(node: Node, tx: Tx, report_id: str, policy: Policy, derived: Derivation) -> Sent:
    release = derived.release
    ids = StixIds(node.random.id(), node.random.id(), node.random.id())
    body = encode_stix(to_stix(release, ids))
    index, _ = send(node, tx, to=policy.partner, kind="release", agreement=release.agreement_id, body=body)
    kept = json.dumps([[w.field, w.rule] for w in derived.withheld]).encode()
    row = ReleaseRow(release.id, "sent", releases.to_json(release), report_id, kept, node.clock.now(), index)
    tx.alerts.add_release(row)
    tx.records.add("floor", release.id, encode_json([policy.min_lead_seconds, policy.min_cell_level]), node.clock.now())
    side_by_side = {
        "candidates": derived.candidates,
        "flags": list(derived.flags),
        "fields": [[one.field, one.ours, one.theirs, one.rule] for one in derived.shown],
    }
    tx.records.add("shown", release.id, node.vault.seal(encode_json(side_by_side)), node.clock.now())
    return Sent(release.id, index, derived)


def stored_report(node: Node, tx: Tx, report_id: str) -> ThreatReport:
    """Open a stored report, on its own node only.

    Raises:
        SafeconductError: `no-report`.
    """
    sealed = tx.alerts.report(report_id)
    if sealed is None:
        raise SafeconductError("no-report", f"there is no report {report_id}")
    return read_report(node.vault.open(sealed))


def withheld_texts(node: Node, release_id: str) -> list[str]:
    """Return every text whose presence at the partner would be a leak, for a search of what the partner holds."""
    with node.store.reading() as tx:
        row = tx.alerts.release(release_id)
        if row is None or row.report is None:
            raise SafeconductError("unknown-release", f"{release_id} was not sent from here")
        report = stored_report(node, tx, row.report)
        agreement = require_agreement(tx)
    shared = [p.name for p in agreement.control_points] + [p.id for p in agreement.control_points]
    return withheld_values(report, releases.from_json(row.body), already_shared=shared)


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in a release from the partner, if the agreement covers it."""
    release: Release = decode_stix(envelope.body)
    found = in_force(tx)
    if found is None or release.agreement_id != found[0].id or release.partner != node.party:
        return Refusal("not-for-us", release.id)
    allowed = permitted(node, tx, act="share", subject=SUBJECT, purpose=release.purpose, by=envelope.sender,
                        sent=envelope.at)  # fmt: skip
    if isinstance(allowed, Refusal):
        return allowed
    if tx.alerts.release(release.id) is None:
        index = tx.ledger.size()  # where the envelope is about to be logged
        row = ReleaseRow(release.id, "received", releases.to_json(release), None, b"[]", node.clock.now(), index)
        tx.alerts.add_release(row)
    return None
