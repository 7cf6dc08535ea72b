"""The agreement as data: canonical bytes and both signatures, verified by anybody with an Ed25519 library."""

from safeconduct.agreements.signing import Signed, encode_signed
from safeconduct.errors import SafeconductError
from safeconduct.workflows.ports import Node
from safeconduct.workflows.show_agreement import stored_version


def export_agreement(node: Node, version: int | None = None) -> bytes:
    """Return the file of a version, `{"agreement": canonical text, "signatures": {party: hex}}` (spec/agreement.md).

    By default it is the one in force, before there is one the proposal. Nothing else of this node is in it: no note,
    no refused act, no entry.

    Raises:
        BadInput: `unknown-version`.
        SafeconductError: `no-agreement`.
    """
    with node.store.reading() as tx:
        row = stored_version(tx, version)
    if row is None:
        raise SafeconductError("no-agreement", "there is no agreement to export yet")
    return encode_signed(Signed(row.body, row.signatures))
