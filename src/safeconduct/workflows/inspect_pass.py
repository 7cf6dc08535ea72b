"""Take a pass apart with the batches that this node knows: its own, and those of the newest trust bundle."""

from safeconduct.errors import Refusal
from safeconduct.passes.batch import BatchEntry, decode_batch, open_batch
from safeconduct.passes.bundle_format import decode, parse_envelope
from safeconduct.passes.cose import Inspected, inspect_pass
from safeconduct.seal.canonical import decode_cbor
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.ports import Node


def inspect_with_node(node: Node, raw: bytes) -> Inspected | Refusal:
    """Return a pass taken apart; its batch's root signature was checked when the node took the batch in.

    Raises:
        BadInput: `bad-pass`.
    """
    with node.store.reading() as tx:
        entries = [decode_batch(decode_cbor(row.signed, where="stored batch")[0]) for row in tx.passes.batches()]
        newest = tx.passes.bundle()
    if newest is not None:
        entries += [decode_batch(one.entry_bytes) for one in decode(parse_envelope(newest[1]).bundle_bytes).batches]
    return inspect_pass(raw, list(dict.fromkeys(entries)))


def inspect_with_bundle(bundle: bytes, root: VerifyKey, raw: bytes) -> Inspected | Refusal:
    """Return a pass taken apart with a bundle's file alone; each batch entry must be signed by the root.

    Neither the bundle's age nor its status key matters here: the pass was signed by a batch key, and that by the root.

    Raises:
        BadInput: `bad-bundle`, `bad-batch`, `bad-cbor`, `bad-pass`.
    """
    entries: list[BatchEntry] = []
    for batch in decode(parse_envelope(bundle).bundle_bytes).batches:
        entry = open_batch(batch, root)
        if isinstance(entry, Refusal):
            return Refusal("bad-signature", "a batch entry of the bundle is not signed by this root")
        entries.append(entry)
    return inspect_pass(raw, entries)
