"""Enrol a phone by one code: the room makes it, the phone claims it with its key, the room approves what it sees.

The code holds a secret, of which the node keeps the hash only, and a check over what the phone will be told: keys that
were changed on the way are not believed. Both sides show the same six digits, so that the phone which is approved is
the one in somebody's hand.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_json, encode_cbor, encode_json
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.signed import check
from safeconduct.workflows.common import log_refused, require_agreement
from safeconduct.workflows.enrol_device import FIRST_EPOCH, Enrolled, enrol_device, may_enrol, point_of, told
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

KIND = "device-invitation"
DOMAIN = "safeconduct.enrol.1"
LIFE = 30 * 60  # seconds from making a code to approving the phone
SECRET_BYTES = CHECK_BYTES = 16
OPEN, CLAIMED, APPROVED, REFUSED = "open", "claimed", "approved", "refused"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """One code and how far it has come."""

    id: str  # SHA-256 of the secret, in hex
    device: str
    point: str
    made: int  # unix seconds
    expires: int
    state: str  # open, claimed, approved, refused
    key: str  # hex, of the phone that claimed it; empty: none yet
    number: str  # six digits to compare; empty: none yet
    epoch: int
    by: str  # office that made it, or decided


def invite_device(
    node: Node, device: str, point: str, *, by: str, anew: bool = False
) -> tuple[str, Invitation] | Refusal:
    """Make a code for a device at a control point that this party holds.

    Args:
        node: this node.
        device: its name: letters, digits, hyphens.
        point: id of the control point.
        by: the office that makes it.
        anew: a device of that name lost its storage; it comes back with a new key and the next epoch.

    Returns:
        The code, `<secret>-<check>` in hex, which is told here and never again, and the invitation; or `not-holder`.

    Raises:
        BadInput: the name is not good or in use, or there is no such point.
    """
    if _NAME.fullmatch(device) is None:
        raise BadInput("bad-device", where="device", expected="up to 40 letters a–z, digits, hyphens", seen=device)
    now = node.clock.now()
    secret = node.random.bytes(SECRET_BYTES)
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        term = point_of(agreement, point)
        refusal = may_enrol(node, tx, agreement, point)
        if refusal is not None:
            return refusal
        known = tx.devices.get(device)
        if (known is not None) != anew or (known is not None and known.party != node.party):
            expected = "a device of this party" if anew else "an id that is not in use"
            raise BadInput("duplicate-id", where="device", expected=expected, seen=device)
        epoch = FIRST_EPOCH if known is None else known.epoch + 1
        settings = told(node, tx, agreement, term, device, epoch)
        made = Invitation(sha256(secret).hexdigest(), device, point, now, now + LIFE, OPEN, "", "", epoch, by)
        lost = None if known is None else {"epoch": known.epoch, "upto": known.upto_seq}
        _keep(node, tx, made, settings=asdict(settings), lost=lost)
    return f"{secret.hex()}-{check_of(settings)}", made


def check_of(settings: Enrolled) -> str:
    """Return what the code says of the settings: the first 16 bytes of SHA-256 over their canonical CBOR, in hex."""
    return sha256(encode_cbor(asdict(settings))).digest()[:CHECK_BYTES].hex()


def claim_invitation(node: Node, secret: bytes, key: bytes, proof: bytes) -> dict[str, Any] | Refusal:
    """Let a phone claim a code with its key, and ask again whether it was approved.

    Returns:
        {"state": …}, with "settings" once it is approved; or `unknown-invitation`, `invitation-over`,
        `invitation-used`, or `bad-signature` when the phone does not hold the key.

    Raises:
        BadInput: the key is none.
    """
    public = VerifyKey.load(key, where="key")
    now = node.clock.now()
    with node.store.transaction() as tx:
        found = _find(tx, sha256(secret).hexdigest())
        if found is None:
            return Refusal("unknown-invitation")
        made, body = found
        if not check(DOMAIN, secret + key, proof, public):
            return Refusal("bad-signature", "proof")
        if made.key and made.key != key.hex():
            refusal = Refusal("invitation-used", made.device)
            log_refused(node, tx, act="claim", subject=made.device, refusal=refusal)
            return refusal
        if made.state == REFUSED or now >= made.expires:
            return Refusal("invitation-over", made.device)
        if made.state == APPROVED:
            lost = {} if body["lost"] is None else {"lost": body["lost"]}
            return {"state": APPROVED, "settings": {**body["settings"], **lost, "exercise": node.exercise}}
        if made.state == OPEN:
            _keep(node, tx, made, body=body, state=CLAIMED, key=key.hex(), number=number_of(secret, key))
        return {"state": CLAIMED}


def number_of(secret: bytes, key: bytes) -> str:
    """Return the six digits that the phone and the room both show."""
    digest = sha256(DOMAIN.encode() + b"\0" + secret + key).digest()
    return f"{int.from_bytes(digest[:6], 'big') % 1_000_000:06}"


def decide_invitation(node: Node, invitation: str, *, approve: bool, by: str) -> Invitation | Refusal:
    """Approve the phone that claimed a code, and enrol it; or refuse it.

    Returns:
        The invitation as it is now; or `unknown-invitation`, `invitation-unclaimed`, `invitation-over`, `not-holder`.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        found = _find(tx, invitation)
        known = tx.devices.get(found[0].device) if found else None
    if found is None:
        return Refusal("unknown-invitation")
    made, body = found
    if made.state in (APPROVED, REFUSED):
        return made
    if approve:
        if made.state == OPEN:
            return Refusal("invitation-unclaimed", made.device)
        behind = known is not None and known.public != bytes.fromhex(made.key) and known.epoch + 1 != made.epoch
        if now >= made.expires or behind:
            return Refusal("invitation-over", made.device)
        enrolled = enrol_device(node, made.device, bytes.fromhex(made.key), made.point, anew=made.epoch > FIRST_EPOCH)
        if isinstance(enrolled, Refusal):
            return enrolled
    with node.store.transaction() as tx:
        return _keep(node, tx, made, body=body, state=APPROVED if approve else REFUSED, by=by)


def invitations(tx: Tx) -> list[Invitation]:
    """Return every code as it stands now, the newest first."""
    newest = {record: body for record, body, _ in tx.records.all(KIND)}
    made = [_read(decode_json(body, where=KIND)) for body in newest.values()]
    return sorted(made, key=lambda one: (-one.made, one.device))


def _find(tx: Tx, invitation: str) -> tuple[Invitation, dict[str, Any]] | None:
    found = tx.records.latest(KIND, invitation)
    if found is None:
        return None
    body = decode_json(found[0], where=KIND)
    return _read(body), body


def _read(body: Mapping[str, Any]) -> Invitation:
    return Invitation(**body["invitation"])


def _keep(
    node: Node,
    tx: Tx,
    made: Invitation,
    *,
    body: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    lost: Mapping[str, int] | None = None,
    **changes: Any,
) -> Invitation:
    """Store a code's next state; each is an entry of the log."""
    now = replace(made, **changes)
    kept = body or {"settings": settings, "lost": lost}
    data = encode_json({**kept, "invitation": asdict(now)})
    tx.ledger.append(f"own:{KIND}", data, node.random.bytes(32), node.clock.now())
    tx.records.add(KIND, made.id, data, node.clock.now())
    return now
