"""Have a root key that is kept apart sign: write a request, take in its answer (`spec/root-key.md`).

What a request asks for: the status key's certificate for the next days, entries of new batches, an agreement. Each
step is in the ledger. Where the root key lies on the node, as in an exercise, none of this is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import to_json
from safeconduct.agreements.reading import from_json
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.passes.batch import LONGEST_STATUS, StatusCertificate, encode_batch, encode_certificate, identity_of
from safeconduct.passes.ceremony import (
    AGREEMENT,
    BATCH,
    CERTIFICATE,
    Answer,
    Request,
    decode_request,
    digest_of,
    encode_request,
    message_of,
    open_answer,
    request_answered,
)
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.elsewhere import ElsewhereKey
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.workflows.batch_limits import Limits, entry_of
from safeconduct.workflows.common import in_force, log_refused
from safeconduct.workflows.envelopes import follow_certificate
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import StoredAgreement
from safeconduct.workflows.tables import Tx

REQUEST = "root-request"  # kind of record: a request as it was written, by its digest
ANSWERED = "root-answered"  # kind of record: its answer
SIGNATURE = "root-signature"  # kind of record: the root's signature, by the digest of the signed bytes
SECRETS = "root-batch"  # kind of record: a batch's sealed key and secret, until its entry is signed


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an answer brought."""

    answer: Answer
    request: Request
    batches: int  # that can sign passes now
    certified_until: int  # unix seconds; 0: no certificate in it


def root_key(node: Node, tx: Tx) -> SigningKey:
    """Return the root key; one that is kept apart gives the signatures that it gave before, and no other.

    Raises:
        SafeconductError: `root-locked`, when its passphrase is not to be had here.
    """
    if node.vault.root_kept() != "apart":
        return node.vault.root()

    def given(message: bytes) -> bytes:
        found = tx.records.latest(SIGNATURE, _digest(message))
        if found is None:
            what = "the root key is kept apart from this node; `safeconduct root request` writes what it is to sign"
            raise SafeconductError("root-apart", what)
        return found[0]

    return ElsewhereKey.of(own_root(tx), given)


def own_root(tx: Tx) -> bytes:
    """Return the public half of this party's root key, as it was when the node was made."""
    return tx.records.get("own-root") or b""


def request_root(
    node: Node,
    *,
    limits: Sequence[Limits] = (),
    terms: Sequence[bytes] = (),
    accept: int | None = None,
    admit: Sequence[bytes] = (),
    new_key: bool = False,
) -> bytes:
    """Write what the root key is to sign, remember and log it; return the request's bytes.

    The certificate of the status key, for seven days from now, is always in it once there is an agreement: signed
    terms that are in this very request count.

    Args:
        node: this party's node.
        limits: of new batches; their keys are made here and stay here.
        terms: agreements to be proposed, as JSON.
        accept: the number of a proposed version to be accepted.
        admit: entries of an ally's batches, checked, which this root is to sign too.
        new_key: certify a new status key, which takes the old one's place with the answer.

    Raises:
        BadInput: terms or limits that cannot be.
        SafeconductError: `no-agreement`: there is nothing to ask for, or no such version.
    """
    now = node.clock.now()
    with node.store.transaction() as tx:
        agreements = [from_json(one) for one in terms]
        if accept is not None:
            agreements.append(from_json(_proposed(tx, accept).body))
        items = [(AGREEMENT, to_json(one)) for one in agreements]
        found = in_force(tx)
        ids = {found[0].id} if found else {one.id for one in agreements}
        status = node.vault.next_status() if new_key else node.vault.status()
        for agreement in sorted(ids):
            entry = StatusCertificate(agreement, status.public, now, now + LONGEST_STATUS)
            items.append((CERTIFICATE, encode_certificate(entry)))
        items += [(BATCH, _new_batch(node, tx, one)) for one in limits]
        items += [(BATCH, one) for one in admit]
        if not items:
            raise SafeconductError("no-agreement", "there is no agreement yet: name terms, or a version to accept")
        data = encode_request(node.party, own_root(tx), now, items)
        tx.records.add(REQUEST, digest_of(data).hex(), data, now)
        tx.ledger.append("own:root-request", data, node.random.bytes(32), now)
    return data


def accept_answer(node: Node, data: bytes) -> Accepted | Refusal:
    """Take in what the root key signed; the same answer again changes nothing.

    Raises:
        BadInput: the bytes are no answer.
    """
    digest = request_answered(data).hex()
    with node.store.transaction() as tx:
        asked = tx.records.latest(REQUEST, digest)
        opened = (
            Refusal("unknown-root-request", digest[:16])
            if asked is None
            else open_answer(data, asked[0], VerifyKey.load(own_root(tx), where="own root"))
        )
        if isinstance(opened, Refusal) or asked is None:
            refusal = opened if isinstance(opened, Refusal) else Refusal("unknown-root-request")
            log_refused(node, tx, act="root-answer", subject=digest[:16], refusal=refusal)
            return refusal
        request = decode_request(asked[0])
        new = tx.records.latest(ANSWERED, digest) is None
        if new:
            now = node.clock.now()
            tx.records.add(ANSWERED, digest, data, now)
            tx.ledger.append("own:root-answer", data, node.random.bytes(32), now)
        made = _apply(node, tx, request, opened, new=new)
    _follow(node, request)
    return made


def open_requests(tx: Tx) -> list[tuple[Request, bytes]]:
    """Return requests that wait for their answer, with their bytes, oldest first."""
    answered = {digest for digest, _, _ in tx.records.all(ANSWERED)}
    return [(decode_request(data), data) for digest, data, _ in tx.records.all(REQUEST) if digest not in answered]


def _apply(node: Node, tx: Tx, request: Request, answer: Answer, *, new: bool) -> Accepted:
    batches, until = 0, 0
    for item, signature in zip(request.items, answer.signatures, strict=True):
        if item.kind == CERTIFICATE and isinstance(item.thing, StatusCertificate):
            until = item.thing.not_after
            if new:
                _keep_certificate(node, tx, item.thing, item.data, signature)
        elif item.kind == BATCH:
            batches += 1
            if new:
                _keep_batch(node, tx, item.data, signature)
        elif new:
            tx.records.add(SIGNATURE, _digest(message_of(item.kind, item.data)), signature, node.clock.now())
    return Accepted(answer, request, batches, until)


def _keep_certificate(node: Node, tx: Tx, entry: StatusCertificate, data: bytes, signature: bytes) -> None:
    """Use a certificate from now on, unless a later one is here: answers may come in any order.

    One for a key that was given up since it was asked for is kept in the ledger only.
    """
    key = f"certificate:{entry.agreement_id}"
    stored = encode_cbor({"c": data, "s": signature, "until": entry.not_after})
    held = tx.records.get(key)
    later = held is None or decode_cbor(held, where="stored certificate")["until"] <= entry.not_after
    if later and entry.public_key in node.vault.status_keys():
        tx.records.set(key, stored)
    tx.ledger.append("own:certificate", stored, node.random.bytes(32), node.clock.now())


def _follow(node: Node, request: Request) -> None:
    """Sign with the key that was certified from now on, where that certificate is the one in use."""
    for item in request.items:
        if item.kind == CERTIFICATE and isinstance(item.thing, StatusCertificate):
            with node.store.reading() as tx:
                stored = tx.records.get(f"certificate:{item.thing.agreement_id}")
            if stored is not None and decode_cbor(stored, where="stored certificate")["c"] == item.data:
                follow_certificate(node, item.data)


def _keep_batch(node: Node, tx: Tx, data: bytes, signature: bytes) -> None:
    identity = identity_of(data)
    secrets = tx.records.latest(SECRETS, identity.hex())
    if secrets is None:  # an ally's batch, which this root admits; its key is elsewhere
        tx.records.add(SIGNATURE, _digest(message_of(BATCH, data)), signature, node.clock.now())
        return
    sealed = decode_cbor(secrets[0], where="stored batch")
    wire = encode_cbor([data, signature])
    number = tx.passes.add_batch(identity, wire, sealed["key"], sealed["secret"])
    if sealed["spoken"]:
        tx.spoken.add_batch(number)
    tx.ledger.append("own:batch", wire, node.random.bytes(32), node.clock.now())


def _new_batch(node: Node, tx: Tx, limits: Limits) -> bytes:
    """Make a batch's key and secret, sealed here, and return the entry that the root is to sign."""
    seed = node.random.bytes(32)
    found = in_force(tx)
    if found is None:
        raise SafeconductError("no-agreement", "a batch needs an agreement in force")
    key = SigningKey.from_seed(seed)
    data = encode_batch(entry_of(found[0], limits, key.public, node.random.bytes(16), node.clock.now()))
    kept = {
        "key": node.vault.seal(seed), "secret": node.vault.seal(node.random.bytes(32)), "spoken": limits.spoken,
    }  # fmt: skip
    tx.records.add(SECRETS, identity_of(data).hex(), encode_cbor(kept), node.clock.now())
    return data


def _proposed(tx: Tx, version: int) -> StoredAgreement:
    row = tx.records.agreement_version(version)
    if row is None:
        raise SafeconductError("no-agreement", f"no version {version} was proposed")
    return row


def _digest(message: bytes) -> str:
    return digest_of(message).hex()
