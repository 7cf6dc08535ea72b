"""The node's signed answer to a device: it has the log up to here, and its ledger says so (`spec/device-log.md`)."""

from dataclasses import dataclass

from safeconduct.errors import Refusal
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.passes import shape
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey

RECEIPT_DOMAIN = "safeconduct.receipt.1"

_RECEIPT = {
    "device": shape.ID,
    "epoch": shape.integer(1, 1 << 32),
    "hash": shape.HASH,
    "issued": shape.TIME,
    "ledger": shape.integer(0, 1 << 53),
    "proof": shape.many(shape.HASH, 64),
    "size": shape.integer(0, 1 << 53),
    "upto": shape.integer(0, 1 << 48),
    "v": shape.integer(1, 1),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """The node's answer: it has this device's log up to `upto_seq`, and its ledger says so."""

    device: str
    epoch: int
    upto_seq: int
    hash: bytes  # chain hash after `upto_seq`
    issued: int  # unix seconds
    ledger_index: int
    ledger_size: int  # size of the tree that the proof is for
    proof: tuple[bytes, ...]  # inclusion proof, RFC 6962


def encode_receipt(receipt: Receipt) -> bytes:
    """Write a receipt as canonical CBOR.

    Raises:
        BadInput: `bad-receipt`.
    """
    fields = {
        "device": receipt.device,
        "epoch": receipt.epoch,
        "hash": receipt.hash,
        "issued": receipt.issued,
        "ledger": receipt.ledger_index,
        "proof": list(receipt.proof),
        "size": receipt.ledger_size,
        "upto": receipt.upto_seq,
        "v": 1,
    }
    return canonical.encode_cbor(shape.check_map("bad-receipt", "receipt", _RECEIPT, fields))


def sign_receipt(receipt: Receipt, node_key: SigningKey) -> bytes:
    """Sign a receipt: canonical CBOR of its bytes and the node's signature."""
    data = encode_receipt(receipt)
    return canonical.encode_cbor([data, signed.sign(RECEIPT_DOMAIN, data, node_key)])


def open_receipt(data: bytes, keys: NodeKeys, now: int) -> Receipt | Refusal:
    """Check the node's signature, then read the receipt, then check the key's days.

    Args:
        data: the bytes of `sign_receipt`.
        keys: what this device knows of its node's keys.
        now: unix seconds, by the device.

    Returns:
        The receipt, `bad-signature` for a key that is not the node's, or `bad-status-key` for one outside its days.

    Raises:
        BadInput: `bad-cbor` or `bad-receipt`.
    """
    decoded = canonical.decode_cbor(data, where="signed receipt", limit=1 << 14)
    inner, signature = shape.check(
        "bad-receipt", "signed receipt", shape.row(shape.blob(1 << 14), shape.SIGNATURE), decoded
    )
    signer = keys.signer(RECEIPT_DOMAIN, inner, signature)
    if signer is None:
        return Refusal("bad-signature", "receipt")
    fields = shape.check_map("bad-receipt", "receipt", _RECEIPT, canonical.decode_cbor(inner, where="receipt"))
    refusal = keys.judge(signer, fields["issued"], now)
    return refusal or Receipt(
        device=fields["device"],
        epoch=fields["epoch"],
        upto_seq=fields["upto"],
        hash=fields["hash"],
        issued=fields["issued"],
        ledger_index=fields["ledger"],
        ledger_size=fields["size"],
        proof=tuple(fields["proof"]),
    )
