"""What is revoked, for phones without a network: the newest bundle's signed lists as codes, as a file, on a sheet."""

from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.passes.batch import decode_batch, identity_of, open_certificate
from safeconduct.passes.bundle_format import TrustBundle, decode, parse_envelope
from safeconduct.passes.revocation import RevocationList, SignedRevocation, revoked_indexes
from safeconduct.passes.revocation import decode as decode_list
from safeconduct.passes.revocation_delta import delta, sign_delta
from safeconduct.passes.revocation_text import encode_message, to_parts
from safeconduct.seal.canonical import encode_json
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.common import require_agreement
from safeconduct.workflows.envelopes import status_certificate
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class ListView:
    """The list of one batch, as devices hold it."""

    batch: str  # hex
    seq: int
    capacity: int
    listed: int  # revoked indexes, decoys that were never issued among them
    ours: int | None  # passes of ours among them that were issued; None for another party's batch
    size: int  # bytes, without the signature
    expires: str  # ISO time


@dataclass(frozen=True, slots=True)
class RevocationSheet:
    """The message and what it holds, ready for codes, a file or a briefing."""

    bundle: int  # number of the bundle whose lists these are
    since: int | None  # number of the bundle that a delta starts from; None: the full lists
    lists: tuple[ListView, ...]
    issued: int  # unix seconds
    expires: int
    message: bytes
    parts: tuple[str, ...]  # the texts of the codes, SCR1:…
    party: str
    exercise: bool


def revocation_sheet(node: Node, *, since: int | None = None, by: str) -> RevocationSheet:
    """Return the newest bundle's revocations, and record that they were given out.

    Args:
        node: the issuer's node, or the other party's, which has the issuer's bundle.
        since: make deltas from the lists of this bundle; only the issuer can, because deltas are signed here.
        by: the office that gives them out.

    Raises:
        SafeconductError: `no-bundle`, `no-agreement`.
        BadInput: `bad-field`, when there is no such older bundle, or this party did not sign it.
    """
    now = node.clock.now()
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        newest = tx.passes.bundle()
        if newest is None:
            raise SafeconductError("no-bundle", "no bundle was published yet")
        envelope = parse_envelope(newest[1])
        bundle = decode(envelope.bundle_bytes)
        living = _living(bundle, now)
        signed = [one for one in bundle.revocations if decode_list(one.list_bytes).batch in living]
        if since is None:
            message = encode_message(envelope.certificate, signed)
        else:
            root = VerifyKey.load(bytes.fromhex(node.card.root_public), where="own root")
            mine = not isinstance(open_certificate(envelope.certificate, root), Refusal)
            message = _deltas(node, tx, agreement.id, signed, (since, newest[0]), mine=mine)
        body = {"bundle": newest[0], "by": by, "since": since}
        tx.ledger.append("own:revocations-given", encode_json(body), node.random.bytes(32), now)
        issued = {row.identity: tx.passes.issued(row.number) for row in tx.passes.batches()}
    lists = [decode_list(one.list_bytes) for one in signed]
    return RevocationSheet(
        newest[0], since, tuple(_view(one, issued.get(one.batch)) for one in lists), bundle.issued,
        min([bundle.expires, *(one.expires for one in lists)]), message, tuple(to_parts(message)), node.name,
        node.exercise,
    )  # fmt: skip


def _living(bundle: TrustBundle, now: int) -> set[bytes]:
    """Return the identities of the batches whose passes can still be valid: who is over needs no list at a briefing."""
    return {identity_of(one.entry_bytes) for one in bundle.batches if decode_batch(one.entry_bytes).not_after > now}


def _deltas(
    node: Node, tx: Tx, agreement: str, signed: list[SignedRevocation], span: tuple[int, int], *, mine: bool
) -> bytes:
    since, newest = span
    old = tx.passes.bundle(since)
    if not mine:
        raise BadInput("bad-field", where="since", expected="nothing: the issuer signed these lists", seen=since)
    if old is None or since >= newest:
        raise BadInput("bad-field", where="since", expected=f"a bundle before {newest}", seen=since)
    before = {found.batch: found for found in map(_list_of, decode(parse_envelope(old[1]).bundle_bytes).revocations)}
    certificate, key = status_certificate(node, tx, agreement), node.vault.status()
    changes = [sign_delta(delta(before[one.batch], one), key) for one in map(_list_of, signed) if one.batch in before]
    return encode_message(certificate, [], changes)


def _list_of(signed: SignedRevocation) -> RevocationList:
    return decode_list(signed.list_bytes)


def _view(one: RevocationList, issued: set[int] | None) -> ListView:
    revoked = revoked_indexes(one)
    ours = None if issued is None else len(revoked & issued)
    return ListView(one.batch.hex(), one.seq, one.capacity, len(revoked), ours, len(one.gaps), iso(one.expires))
