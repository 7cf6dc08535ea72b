"""Let the root key certify the online key for the next seven days: the same one, or a new one in its place."""

from safeconduct.passes.batch import SignedCertificate, decode_certificate
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.envelopes import certify_status, follow_certificate
from safeconduct.workflows.ports import Node


def certify_key(node: Node, *, new_key: bool = False) -> tuple[SignedCertificate, int]:
    """Certify the status key for the agreement in force; return the certificate and its end in unix seconds.

    With `new_key` a new key takes the old one's place at once, and the old one is gone. What the old one signed stays
    good until its own certificate ends; phones follow at their next contact, the partner with the next envelope.

    Raises:
        SafeconductError: `no-agreement`; `root-locked` or `root-apart`, when the root key is not to be had here.
    """
    with node.store.transaction() as tx:
        made = certify_status(node, tx, require_agreement(tx).id, new_key=new_key)
    follow_certificate(node, made.certificate_bytes)
    return made, decode_certificate(made.certificate_bytes).not_after
