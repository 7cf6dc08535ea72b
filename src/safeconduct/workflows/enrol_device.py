"""Enrol a scanning device: its public key, its control point, and what it needs to seal and to check.

A device whose storage was lost enrols again under its name, with a new key and the next epoch; where its last log
ended is kept, so that the gap between the two is seen.
"""

from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, PointTerm, holder_at
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_cbor, encode_cbor, encode_json
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.common import cards, in_force_at, log_refused, partner_of, require_agreement
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import DeviceRow
from safeconduct.workflows.tables import Tx

FIRST_EPOCH = 1
ENDED = "device-epoch"  # kind of record: where a device's log ended when it was enrolled anew


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a device is told at enrolment; nothing of it is secret."""

    device: str
    party: str
    point: str
    agreement: str
    recipients: dict[str, str]  # party id to age recipient: to whom segment keys are sealed
    issuer_roots: dict[str, str]  # party id to root key in hex: whose bundles may be believed
    receipt_key: str  # hex: key of the node's receipts
    epoch: int = FIRST_EPOCH


def enrol_device(node: Node, device: str, public: bytes, point: str, *, anew: bool = False) -> Enrolled | Refusal:
    """Enrol a device of this party at a control point that this party holds, and tell the partner its public key.

    Args:
        node: this node.
        device: its name, free to choose; one name is one device.
        public: its Ed25519 key, 32 bytes.
        point: id of the control point.
        anew: the name is in use, and the device has lost its key: it gets the next epoch.

    Raises:
        BadInput: the key or the control point is not good, or the name is in use.
    """
    VerifyKey.load(public, where=f"key of {device}")
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        term = point_of(agreement, point)
        refusal = may_enrol(node, tx, agreement, point)
        if refusal is not None:
            return refusal
        known = tx.devices.get(device)
        if known is not None and known.public != public and not anew:
            raise BadInput("duplicate-id", where="device", expected="an id that is not in use", seen=device)
        epoch = FIRST_EPOCH if known is None else known.epoch
        fields: dict[str, object] = {"device": device, "key": public, "point": point}
        if known is not None and known.public != public:
            epoch = known.epoch + 1
            fields["epoch"] = epoch
            _end_epoch(node, tx, known)
        if known is None or known.public != public:
            _put(tx, DeviceRow(device, node.party, public, point, epoch, 0, bytes(32), known.last_at if known else 0))
            send(
                node, tx, to=partner_of(node, agreement), kind="device", agreement=agreement.id,
                body=encode_cbor(fields),
            )  # fmt: skip
        return told(node, tx, agreement, term, device, epoch)


def point_of(agreement: Agreement, point: str) -> PointTerm:
    """Return a control point of the agreement.

    Raises:
        BadInput: `unknown-point`.
    """
    term = agreement.point(point)
    if term is None:
        raise BadInput("unknown-point", where="point", expected="a control point of the agreement", seen=point)
    return term


def may_enrol(node: Node, tx: Tx, agreement: Agreement, point: str) -> Refusal | None:
    """Refuse, and log, a device at a point that the other party holds."""
    if holder_at(agreement, point, node.clock.now()) == node.party:
        return None
    refusal = Refusal("not-holder", point)
    log_refused(node, tx, act="enrol", subject=point, refusal=refusal)
    return refusal


def told(node: Node, tx: Tx, agreement: Agreement, term: PointTerm, device: str, epoch: int) -> Enrolled:
    """Return what a device at a control point needs to know."""
    shared = term.ring == "outer"  # gates keep their log to their own party
    return Enrolled(
        device=device,
        party=node.party,
        point=term.id,
        agreement=agreement.id,
        recipients={p: c.age_recipient for p, c in cards(tx).items() if p == node.party or shared},
        issuer_roots={party: card.root_public for party, card in cards(tx).items()},
        receipt_key=node.vault.status().public.hex(),
        epoch=epoch,
    )


def _end_epoch(node: Node, tx: Tx, known: DeviceRow) -> None:
    """Keep where a device's log ended: what it recorded after that, and did not send, is lost."""
    now = node.clock.now()
    body = encode_json({"at": now, "device": known.id, "epoch": known.epoch, "upto": known.upto_seq})
    tx.ledger.append("own:device-epoch", body, node.random.bytes(32), now)
    tx.records.add(ENDED, f"{known.id} {known.epoch}", body, now)


def _put(tx: Tx, row: DeviceRow) -> None:
    if row.epoch == FIRST_EPOCH:
        tx.devices.enrol(row)
    else:
        tx.devices.renew(row)


def receive(_node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in a device of the partner's, so that its segments can be checked; anew, with the epoch that follows."""
    fields = decode_cbor(envelope.body, where="device")
    kinds = {"device": str, "key": bytes, "point": str}
    seen = {k: type(v) for k, v in fields.items()} if isinstance(fields, dict) else {}
    if seen not in (kinds, {**kinds, "epoch": int}):
        raise BadInput("bad-device", where="device", expected="device, key, point, perhaps epoch", seen=fields)
    VerifyKey.load(fields["key"], where="device key")
    agreement = in_force_at(tx, envelope.at)
    if agreement is None or holder_at(agreement, fields["point"], envelope.at) != envelope.sender:
        return Refusal("not-holder", fields["point"])
    known = tx.devices.get(fields["device"])
    epoch = fields.get("epoch", FIRST_EPOCH)
    if known is not None and known.public != fields["key"]:
        if known.party != envelope.sender or epoch != known.epoch + 1:
            return Refusal("fork", fields["device"])
    elif known is None and epoch != FIRST_EPOCH:
        return Refusal("gap", fields["device"])
    _put(tx, DeviceRow(fields["device"], envelope.sender, fields["key"], fields["point"], epoch, 0, bytes(32), 0))
    return None
