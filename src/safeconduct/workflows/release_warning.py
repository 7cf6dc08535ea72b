"""Derive a release from a report by policy, and send it; on the other side, take it in."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from safeconduct.alerts import policy as policies
from safeconduct.alerts import release as releases
from safeconduct.alerts.derive import SALT_NAMES, Derivation, Shown, Withheld, derive
from safeconduct.alerts.override import Override
from safeconduct.alerts.policy import Policy
from safeconduct.alerts.release import Release, obeys
from safeconduct.alerts.report import ThreatReport
from safeconduct.alerts.report import from_json as read_report
from safeconduct.alerts.stix import StixIds, decode_stix, encode_stix, to_stix
from safeconduct.alerts.withheld import withheld_values
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.operators.people import KEYBOARD
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import in_force, log_refused, partner_of, permitted, require_agreement
from safeconduct.workflows.earlier_releases import earlier_to, note_sent
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.keep_operators import may_act
from safeconduct.workflows.keep_policy import append_policy, policy_for, same
from safeconduct.workflows.own_acts import log_act
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import ReleaseRow
from safeconduct.workflows.tables import Tx

SUBJECT = "threat-warning"
STIX_IDS = "stix-ids"  # report and location keep their ids over all versions of a release
NOT_COMPARED = ("id", "commitment", "policy_digest", "issued", "first_issued", "lead_seconds", "expires")


@dataclass(frozen=True, slots=True)
class Sent:
    """A release that was sent: its id, its place in the ledger, and what its owner should know of it."""

    release_id: str
    ledger_index: int
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class Basis:
    """What a release rests on: who released, under which overrides, and which version it replaces."""

    by: str
    overrides: tuple[Override, ...] = ()
    replaces: Release | None = None
    reason: str = ""


def release_warning(
    node: Node,
    report_id: str,
    policy_json: bytes | None = None,
    *,
    purpose: str | None,
    by: str = KEYBOARD,
    seen: str = "",
) -> Sent | Refusal:
    """Derive a release of a stored report within policy and send it to the partner; one office with the role suffices.

    The same report under the same policy again returns what was sent.

    Args:
        node: this node.
        report_id: of the report.
        policy_json: a policy to keep and to use; None takes the one that is kept, and without one nothing is released.
            Outside an exercise it must be the kept one: two people change it (`keep_policy`).
        purpose: a purpose of the agreement.
        by: the office that releases.
        seen: `view_digest` of what was shown to it; another one is refused. Empty: nothing was shown.

    Raises:
        BadInput: the policy is malformed.
        SafeconductError: `no-report`.
    """
    given = None if policy_json is None else policies.from_json(policy_json)
    with node.store.transaction() as tx:
        refusal = may_release(node, tx, by, purpose)
        if refusal is not None:
            return refusal
        policy = _policy(node, tx, given, purpose or "", by)
        if isinstance(policy, Refusal):
            return _refused(node, tx, policy)
        request = _request_key(report_id, policy, purpose)
        before = tx.records.get(request)
        if before is not None and not _withdrawn(tx, before.decode()):
            return _again(node, tx, before.decode())
        derived = work_out(node, tx, stored_report(node, tx, report_id), policy, purpose=purpose)
        if isinstance(derived, Refusal):
            return _refused(node, tx, derived)
        if seen and seen != view_digest(derived.release):
            return _refused(node, tx, Refusal("changed-since-seen"))
        tx.records.set(request, derived.release.id.encode())
        return send_release(node, tx, report_id, policy, derived, Basis(by))


def may_release(node: Node, tx: Tx, by: str, purpose: str | None) -> Refusal | None:
    """Refuse, and log, a warning by an office without the role, or outside the agreement's scope and purposes."""
    refusal = may_act(node, tx, by, "release")
    if refusal is not None:
        return refusal
    allowed = permitted(node, tx, act="share", subject=SUBJECT, purpose=purpose)
    return allowed if isinstance(allowed, Refusal) else None


def work_out(
    node: Node,
    tx: Tx,
    report: ThreatReport,
    policy: Policy,
    *,
    purpose: str | None,
    overrides: Iterable[Override] = (),
    replaces: Release | None = None,
) -> Derivation | Refusal:
    """Derive a release from the stored state and hold it against the policy once more; nothing is stored or sent."""
    earlier = earlier_to(node, tx, report, policy, replaces=replaces.id if replaces else None)
    derived = derive(
        report, policy, now=node.clock.now(), release_id=replaces.id if replaces else node.random.id(),
        salts={name: node.random.bytes(32) for name in SALT_NAMES}, purpose=purpose, earlier=earlier,
        overrides=tuple(overrides), replaces=replaces,
    )  # fmt: skip
    if isinstance(derived, Refusal):
        return derived
    return obeys(derived.release, policy) or derived


def view_digest(release: Release) -> str:
    """SHA-256, in hexadecimal, of what a partner would see, without what is random or runs with the clock."""
    plain = {name: value for name, value in releases.plain_fields(release).items() if name not in NOT_COMPARED}
    return sha256(encode_json({**plain, "release_id": ""})).hexdigest()


def _policy(node: Node, tx: Tx, given: Policy | None, purpose: str, by: str) -> Policy | Refusal:
    """Return the policy to use: the kept one, or the one given, which is kept first."""
    found = in_force(tx)
    partner = given.partner if given else partner_of(node, found[0]) if found else ""
    kept = policy_for(node, tx, partner, given.purpose if given else purpose)
    if given is None:
        return Refusal("no-policy", purpose) if kept is None else kept.policy
    if kept is not None and same(kept.policy, given):
        return kept.policy
    if not node.exercise:
        return Refusal("no-policy", "the policy given is not the one that is kept; two people change it")
    return append_policy(node, tx, given, by=by).policy


def _refused(node: Node, tx: Tx, refusal: Refusal) -> Refusal:
    log_refused(node, tx, act="release", subject=SUBJECT, refusal=refusal)
    return refusal


def _request_key(report_id: str, policy: Policy, purpose: str | None) -> str:
    """Return where the release of a request is remembered, so that a retry sends nothing twice."""
    said = policies.to_json(replace(policy, version=1))
    asked = encode_json([report_id, sha256(said).hexdigest(), purpose or ""])
    return f"released:{sha256(asked).hexdigest()}"


def _withdrawn(tx: Tx, release_id: str) -> bool:
    row = tx.alerts.release(release_id)
    return row is not None and releases.from_json(row.body).revoked


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


def send_release(node: Node, tx: Tx, report_id: str, policy: Policy, derived: Derivation, basis: Basis) -> Sent:
    """Send one version of a release, log who released it and on what, and keep both sides of it."""
    release, now = derived.release, node.clock.now()
    body = encode_stix(to_stix(release, stix_ids(node, tx, release.id)))
    index, _ = send(node, tx, to=policy.partner, kind="release", agreement=release.agreement_id, body=body)
    kept = json.dumps([[w.field, w.rule] for w in derived.withheld]).encode()
    tx.alerts.add_release(ReleaseRow(release.id, "sent", releases.to_json(release), report_id, kept, now, index))
    note_sent(node, tx, policy)
    opening = encode_json({name: salt.hex() for name, salt in derived.salts.items()})
    tx.records.add("opening", f"{release.id}.{release.version}", node.vault.seal(opening), now)
    tx.records.add("floor", release.id, encode_json([policy.min_lead_seconds, policy.min_cell_level]), now)
    side_by_side = {
        "candidates": derived.candidates,
        "flags": list(derived.flags),
        "fields": [[one.field, one.ours, one.theirs, one.rule] for one in derived.shown],
    }
    tx.records.add("shown", release.id, node.vault.seal(encode_json(side_by_side)), now)
    overrides = [{"rule": one.rule, "by": one.by, "second": one.second} for one in basis.overrides]
    said = {"overrides": overrides, "policy": policy.version, "version": release.version}
    log_act(node, tx, "release", about=release.id, by=basis.by, reason=basis.reason, said=said)
    return Sent(release.id, index, derived)


def stix_ids(node: Node, tx: Tx, release_id: str) -> StixIds:
    """Return the ids of the STIX objects of a release: those of its first version, with a fresh one for the bundle."""
    kept = tx.records.get(f"{STIX_IDS}:{release_id}")
    if kept is None:
        made = [node.random.id(), node.random.id()]
        tx.records.set(f"{STIX_IDS}:{release_id}", encode_json(made))
    else:
        made = decode_json(kept, where=STIX_IDS)
    return StixIds(node.random.id(), made[0], made[1])


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
    """Take in a version of a release from the partner, if the agreement covers it, in whatever order versions come.

    A withdrawal is taken in also while sharing is suspended or over: it shares nothing new, and it must arrive.
    """
    release: Release = decode_stix(envelope.body)
    found = in_force(tx)
    if found is None or release.agreement_id != found[0].id or release.partner != node.party:
        return Refusal("not-for-us", release.id)
    if not release.revoked:
        allowed = permitted(node, tx, act="share", subject=SUBJECT, purpose=release.purpose, by=envelope.sender,
                            sent=envelope.at)  # fmt: skip
        if isinstance(allowed, Refusal):
            return allowed
    body = releases.to_json(release)
    for held in tx.alerts.versions(release.id):
        if held.direction == "sent":
            return Refusal("not-for-us", release.id)
        if releases.from_json(held.body).version == release.version:
            return None if held.body == body else Refusal("version-differs", f"version {release.version}")
    index = tx.ledger.size()  # where the envelope is about to be logged
    tx.alerts.add_release(ReleaseRow(release.id, "received", body, None, b"[]", node.clock.now(), index))
    return None
