"""Enrol a scanning device: its public key, its control point, and what it needs to seal and to check."""

from dataclasses import dataclass

from safeconduct.agreements.agreement import holder_at
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.common import cards, in_force, log_refused, partner_of, require_agreement
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import DeviceRow
from safeconduct.workflows.tables import Tx

FIRST_EPOCH = 1


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


def enrol_device(node: Node, device: str, public: bytes, point: str) -> Enrolled | Refusal:
    """Enrol a device of this party at a control point that this party holds, and tell the partner its public key.

    Raises:
        BadInput: the key or the control point is not good.
    """
    VerifyKey.load(public, where=f"key of {device}")
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        term = agreement.point(point)
        if term is None:
            raise BadInput("unknown-point", where="point", expected="a control point of the agreement", seen=point)
        if holder_at(agreement, point, node.clock.now()) != node.party:
            refusal = Refusal("not-holder", point)
            log_refused(node, tx, act="enrol", subject=point, refusal=refusal)
            return refusal
        known = tx.devices.get(device)
        if known is not None and known.public != public:
            raise BadInput("duplicate-id", where="device", expected="an id that is not in use", seen=device)
        if known is None:
            tx.devices.enrol(DeviceRow(device, node.party, public, point, FIRST_EPOCH, 0, bytes(32), 0))
            body = encode_cbor({"device": device, "key": public, "point": point})
            send(node, tx, to=partner_of(node, agreement), kind="device", agreement=agreement.id, body=body)
        shared = term.ring == "outer"  # gates keep their log to their own party
        return Enrolled(
            device=device,
            party=node.party,
            point=point,
            agreement=agreement.id,
            recipients={p: c.age_recipient for p, c in cards(tx).items() if p == node.party or shared},
            issuer_roots={party: card.root_public for party, card in cards(tx).items()},
            receipt_key=node.vault.status().public.hex(),
        )


def receive(_node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in a device of the partner's, so that its segments can be checked."""
    fields = decode_cbor(envelope.body, where="device")
    if not isinstance(fields, dict) or {k: type(v) for k, v in fields.items()} != {
        "device": str, "key": bytes, "point": str,
    }:  # fmt: skip
        raise BadInput("bad-device", where="device", expected="device, key, point", seen=fields)
    VerifyKey.load(fields["key"], where="device key")
    found = in_force(tx)
    if found is None or holder_at(found[0], fields["point"], envelope.at) != envelope.sender:
        return Refusal("not-holder", fields["point"])
    known = tx.devices.get(fields["device"])
    if known is not None and known.public != fields["key"]:
        return Refusal("fork", fields["device"])
    tx.devices.enrol(
        DeviceRow(fields["device"], envelope.sender, fields["key"], fields["point"], FIRST_EPOCH, 0, bytes(32), 0)
    )
    return None
