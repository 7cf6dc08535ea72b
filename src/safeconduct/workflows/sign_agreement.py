"""Propose, accept and receive an agreement; it opens when both parties have signed, and changes in no other way."""

from safeconduct.agreements.agreement import Agreement, to_json
from safeconduct.agreements.reading import from_json
from safeconduct.agreements.signing import (
    Signed,
    add_signature,
    decode_signed,
    encode_signed,
    fully_signed,
    next_version,
    sign,
)
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.workflows.common import in_force, partner_of, roots
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import StoredAgreement
from safeconduct.workflows.tables import Tx


def propose(node: Node, terms: bytes) -> Agreement | Refusal:
    """Sign terms with this party's root key and send them to the other party.

    Proposing the same terms again changes nothing.

    Raises:
        BadInput: the terms are malformed; the message names the field.
    """
    agreement = from_json(terms)
    with node.store.transaction() as tx:
        held = tx.records.agreement_version(agreement.version)
        if held is not None and held.body == to_json(agreement):
            return agreement
        if held is not None and held.state == "open":
            return Refusal("not-next-version", f"version {agreement.version} is in force with other terms")
        other = agreement.other(node.party)
        if other is None or roots(tx).get(other.id) is None or roots(tx)[other.id].raw.hex() != other.root_public:
            return Refusal("wrong-root", other.id if other else node.party)
        signature = sign(agreement, node.vault.root())
        if isinstance(signature, Refusal):
            return signature
        signed = add_signature(Signed(to_json(agreement), {}), signature)
        _store(node, tx, agreement, signed, "proposed")
        send(node, tx, to=partner_of(node, agreement), kind="agreement", agreement=agreement.id,
             body=encode_signed(signed))  # fmt: skip
    return agreement


def accept(node: Node, version: int) -> Agreement | Refusal:
    """Sign a proposed version with this party's root key; with both signatures it is in force."""
    with node.store.transaction() as tx:
        row = tx.records.agreement_version(version)
        if row is None:
            raise SafeconductError("no-agreement", f"no version {version} was proposed")
        agreement = from_json(row.body)
        if row.state == "open":
            return agreement
        signature = sign(agreement, node.vault.root())
        if isinstance(signature, Refusal):
            return signature
        signed = add_signature(Signed(row.body, row.signatures), signature)
        opened = _open(node, tx, signed)
        if isinstance(opened, Refusal):
            return opened
        send(node, tx, to=partner_of(node, agreement), kind="agreement", agreement=agreement.id,
             body=encode_signed(signed))  # fmt: skip
    return opened


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in an agreement that the other party signed: a proposal, or the second signature."""
    signed = decode_signed(envelope.body)
    agreement = from_json(signed.agreement_bytes)
    if agreement.other(node.party) is None or agreement.id != envelope.agreement:
        return Refusal("not-for-us", agreement.id)
    held = tx.records.agreement_version(agreement.version)
    if held is not None and held.body == signed.agreement_bytes:
        signed = Signed(held.body, {**held.signatures, **signed.signatures})
    if len(signed.signatures) == 2:
        opened = _open(node, tx, signed)
        return opened if isinstance(opened, Refusal) else None
    if held is None:
        _store(node, tx, agreement, signed, "proposed")
    return None


def _open(node: Node, tx: Tx, signed: Signed) -> Agreement | Refusal:
    """Put a version into force that both signed with the roots that this node knows, and that follows the one before.

    So a phase, as every other term, changes by a version that both signed, and never back without another one.
    """
    current = in_force(tx)
    if current is None or current[1].body == signed.agreement_bytes:
        agreement = fully_signed(signed, pinned={party: key.raw for party, key in roots(tx).items()})
    else:
        agreement = next_version(current[0], signed)
    if isinstance(agreement, Refusal):
        return agreement
    _store(node, tx, agreement, signed, "open")
    tx.records.set("agreement-in-force", str(agreement.version).encode())
    return agreement


def _store(node: Node, tx: Tx, agreement: Agreement, signed: Signed, state: str) -> None:
    now = node.clock.now()
    row = StoredAgreement(agreement.id, agreement.version, signed.agreement_bytes, dict(signed.signatures), state)
    tx.records.put_agreement(row, now)
    tx.ledger.append("own:agreement", encode_signed(signed), node.random.bytes(32), now)
