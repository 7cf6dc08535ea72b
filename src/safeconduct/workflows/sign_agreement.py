"""Propose, accept and receive an agreement; it opens when both parties have signed, and changes in no other way."""

from safeconduct.agreements.agreement import Agreement, digest, to_json
from safeconduct.agreements.reading import from_json
from safeconduct.agreements.scope import state_of
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
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import in_force, log_refused, opened_key, partner_of, roots, state_events
from safeconduct.workflows.envelopes import Envelope, send
from safeconduct.workflows.ports import Node
from safeconduct.workflows.root_ceremony import root_key
from safeconduct.workflows.rows import StoredAgreement
from safeconduct.workflows.tables import Tx

PROPOSAL = "proposal"  # kind of record: every proposal that this party made or received


def propose(node: Node, terms: bytes) -> Agreement | Refusal:
    """Sign terms with this party's root key and send them to the other party.

    Proposing the same terms again changes nothing.

    Raises:
        BadInput: the terms are malformed; the message names the field.
    """
    agreement = from_json(terms)
    with node.store.transaction() as tx:
        held = tx.records.agreement_version(agreement.version)
        if held is not None and held.body == to_json(agreement) and node.party in held.signatures:
            return agreement
        over = _over(node, tx, agreement, node.clock.now())
        if over is not None:
            return over
        if held is not None and held.state == "open":
            return Refusal("not-next-version", f"version {agreement.version} is in force with other terms")
        other = agreement.other(node.party)
        if other is None or roots(tx).get(other.id) is None or roots(tx)[other.id].raw.hex() != other.root_public:
            return Refusal("wrong-root", other.id if other else node.party)
        signature = sign(agreement, root_key(node, tx))
        if isinstance(signature, Refusal):
            return signature
        signed = add_signature(Signed(to_json(agreement), {}), signature)
        _store(node, tx, agreement, signed, "proposed")
        send(node, tx, to=partner_of(node, agreement), kind="agreement", agreement=agreement.id,
             body=encode_signed(signed))  # fmt: skip
    return agreement


def accept(node: Node, version: int, proposal: str | None = None) -> Agreement | Refusal:
    """Sign a proposed version with this party's root key; with both signatures it is in force.

    Args:
        node: this party's node.
        version: its number.
        proposal: the digest (hexadecimal) of the proposal that is meant, where both parties proposed other terms under
            one number. Of two such proposals only the one with the lower digest can be accepted, by whichever party,
            so that the two nodes never put different terms into force.

    Raises:
        SafeconductError: `no-agreement`, when nothing was proposed under that number.
    """
    with node.store.transaction() as tx:
        row = tx.records.agreement_version(version)
        if row is None:
            raise SafeconductError("no-agreement", f"no version {version} was proposed")
        if row.state == "open":
            return from_json(row.body)
        chosen = _chosen(node, tx, row, proposal)
        if isinstance(chosen, Refusal):
            log_refused(node, tx, act="accept", subject=f"{row.id}, version {version}", refusal=chosen)
            return chosen
        row = chosen
        agreement = from_json(row.body)
        over = _over(node, tx, agreement, node.clock.now())
        if over is not None:
            return over
        signature = sign(agreement, root_key(node, tx))
        if isinstance(signature, Refusal):
            return signature
        signed = add_signature(Signed(row.body, row.signatures), signature)
        opened = _open(node, tx, signed, node.clock.now())
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
        if held.state == "open":
            return None  # late, and known already
        signed = Signed(held.body, {**held.signatures, **signed.signatures})
    if len(signed.signatures) == 2:
        over = _over(node, tx, agreement, envelope.at)
        opened = over if over is not None else _open(node, tx, signed, envelope.at)
        return opened if isinstance(opened, Refusal) else None
    if set(signed.signatures) != {envelope.sender}:
        return Refusal("not-both-signed", "a proposal carries the signature of whoever sends it")
    if held is None or _replaces(tx, envelope, held):
        tx.records.set(_proposed_key(agreement.version), encode_json([envelope.at, envelope.id.hex()]))
        _store(node, tx, agreement, signed, "proposed")
    elif held.state == "proposed" and node.party in held.signatures:
        _remember(tx, agreement, signed, envelope.at)
    return None


def proposals(tx: Tx) -> tuple[StoredAgreement, ...]:
    """Return the open proposals of the version that comes next, the newest of each party; the first can be accepted."""
    current = in_force(tx)
    number = current[0].version + 1 if current else 1
    newest: dict[tuple[str, ...], StoredAgreement] = {}
    for _, body, _ in sorted(tx.records.all(PROPOSAL), key=lambda row: row[2]):
        signed = decode_signed(body)
        agreement = from_json(signed.agreement_bytes)
        if agreement.version == number:
            row = StoredAgreement(agreement.id, number, signed.agreement_bytes, dict(signed.signatures), "proposed")
            newest[tuple(sorted(signed.signatures))] = row
    return tuple(sorted(newest.values(), key=lambda row: digest(from_json(row.body))))


def _chosen(node: Node, tx: Tx, row: StoredAgreement, proposal: str | None) -> StoredAgreement | Refusal:
    """Return the proposal that is to be accepted, the partner's where both parties made one."""
    open_ones = [one for one in proposals(tx) if one.version == row.version]
    theirs = [one for one in open_ones if node.party not in one.signatures]
    if proposal is not None:
        theirs = [one for one in theirs if digest(from_json(one.body)).hex() == proposal]
        if not theirs:
            return Refusal("unknown-proposal", proposal[:16])
    if not theirs:
        return row
    if len(open_ones) > 1 and open_ones[0] is not theirs[0]:
        return Refusal("not-next-version", "both parties proposed other terms; this party's proposal stands first")
    return theirs[0]


def _over(node: Node, tx: Tx, agreement: Agreement, at: int) -> Refusal | None:
    """Refuse what would follow a version that is closed: no new version opens a closed agreement."""
    current = in_force(tx)
    if current is None or agreement.version <= current[0].version:
        return None
    if state_of(current[0], [event for _, event in state_events(tx, current[0])], at) != "closed":
        return None
    refusal = Refusal("agreement-closed", f"version {current[0].version} was the last one")
    log_refused(node, tx, act="agreement", subject=f"{agreement.id}, version {agreement.version}", refusal=refusal)
    return refusal


def _remember(tx: Tx, agreement: Agreement, signed: Signed, at: int) -> None:
    tx.records.add(PROPOSAL, f"{agreement.version}:{digest(agreement).hex()}", encode_signed(signed), at)


def _replaces(tx: Tx, envelope: Envelope, held: StoredAgreement) -> bool:
    """Say whether a proposal takes the place of another one of the same party: the later one does."""
    key = _proposed_key(held.version)
    before = tx.records.get(key)
    if held.state != "proposed" or set(held.signatures) != {envelope.sender} or before is None:
        return False
    return bool([envelope.at, envelope.id.hex()] > decode_json(before, where=key))


def _proposed_key(version: int) -> str:
    return f"agreement-proposed:{version}"


def _open(node: Node, tx: Tx, signed: Signed, at: int) -> Agreement | Refusal:
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
    if current is None and agreement.previous is not None:
        return Refusal("not-next-version", f"version {agreement.version} names one before it, which has not come")
    tx.records.set(opened_key(agreement.version), str(at).encode())
    _store(node, tx, agreement, signed, "open")
    tx.records.set("agreement-in-force", str(agreement.version).encode())
    return agreement


def _store(node: Node, tx: Tx, agreement: Agreement, signed: Signed, state: str) -> None:
    now = node.clock.now()
    row = StoredAgreement(agreement.id, agreement.version, signed.agreement_bytes, dict(signed.signatures), state)
    tx.records.put_agreement(row, now)
    if state == "proposed":
        _remember(tx, agreement, signed, now)
    tx.ledger.append("own:agreement", encode_signed(signed), node.random.bytes(32), now)
