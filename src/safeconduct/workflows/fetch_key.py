"""Tell a device of this party by which key its node signs now: the status key's certificate, under the own root.

A device that was enrolled under an earlier key follows by it; what needs no network tells it too (a bundle of this
party's, revocations read at a briefing).
"""

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.workflows.fetch_bundle import asked_by, own_device
from safeconduct.workflows.peer_keys import own_certificate
from safeconduct.workflows.ports import Node

DOMAIN = "safeconduct.fetch-key.1"


def fetch_key(node: Node, device: str, at: int, signature: bytes) -> bytes | Refusal:
    """Return canonical CBOR [certificate, root's signature].

    Args:
        node: this node.
        device: name of the device that asks.
        at: its time, unix seconds.
        signature: by its key over device and time.

    Raises:
        SafeconductError: `root-locked`, when the certificate has run out; `no-agreement`.
    """
    with node.store.reading() as tx:
        own = own_device(node, tx, device)
    refusal = asked_by(node, device, own, at, signature, DOMAIN)
    if refusal is not None:
        return refusal
    found = own_certificate(node)
    if found is None:
        raise SafeconductError("no-agreement", "no agreement was proposed yet, so there is no certified key")
    fields = decode_cbor(found.data, where="own certificate")
    return encode_cbor([fields["c"], fields["cs"]])
