"""A signed trust bundle, checked step by step and laid out for scanning (`spec/bundle.md`)."""

from dataclasses import dataclass
from hashlib import sha256

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import revocation
from safeconduct.passes.batch import BatchEntry, StatusCertificate, identity_of, open_batch, open_certificate
from safeconduct.passes.bundle_format import BUNDLE_DOMAIN, ControlPoint, TrustBundle, covers, decode, parse_envelope
from safeconduct.passes.issue import signed_prefix
from safeconduct.passes.spoken import SpokenTable
from safeconduct.passes.spoken import decode as decode_spoken
from safeconduct.seal import signed
from safeconduct.seal.keys import VerifyKey

_Opened = tuple[int, frozenset[int]]  # a list's end in unix seconds, and every revoked index


@dataclass(frozen=True, slots=True)
class LoadedBatch:
    """One batch, checked and laid out for scanning."""

    identity: bytes
    entry: BatchEntry
    verify_key: VerifyKey
    revoked: frozenset[int]
    prefix: bytes  # what is signed before a pass's payload
    point_bits: dict[str, int]  # control-point id to its bit in the mask
    not_before: int
    not_after: int
    capacity: int
    classes: int  # mask of the pass classes


@dataclass(frozen=True, slots=True)
class LoadedBundle:
    """A bundle that passed every step of `open_bundle`; its dictionaries are not changed after that."""

    seq: int
    hash: bytes  # SHA-256 of the signed bytes: the next bundle's `previous_hash`
    issued: int
    expires: int  # first second at which the bundle, or a revocation list in it, is over
    stale_from: int  # first second at which the stale policy holds
    stale_policy: str
    agreement_id: str
    ledger_index: int
    points: dict[str, ControlPoint]
    batches: dict[bytes, LoadedBatch]  # by identity
    by_key_id: dict[bytes, list[LoadedBatch]]  # by the four bytes in a pass
    advice: str
    rules_version: int
    certificate: StatusCertificate  # of the key that signed it
    spoken: SpokenTable | None = None


def open_bundle(  # noqa: PLR0911  (one return for each step)
    data: bytes, *, root: VerifyKey, agreement_id: str, now: int, highest_seq: int = 0
) -> LoadedBundle | Refusal:
    """Check a signed bundle and lay it out for scanning.

    Steps: 1. size and shape; 2. the root certified the status key; 3. the status key signed these bytes; 4. the bundle
    is of this agreement; 5. the certificate is too, and its life contains the bundle's; 6. the bundle is not older
    than one that the device had (`highest_seq`; the same one again is taken); 7. it has not expired; 8. the root
    signed every batch entry, each for this agreement, each once; 9. each has exactly one revocation list, signed by
    the status key, of its size, not expired; 10. the table of spoken passes, if there is one, is of this agreement and
    names batches of this bundle only.

    A bundle from the future is taken: a phone's clock that is behind must not keep revocations out.

    Args:
        data: the bytes of `sign_bundle`.
        root: the issuing party's root key, known from enrolment and never from a bundle.
        agreement_id: the agreement that this device serves.
        now: unix seconds, UTC.
        highest_seq: sequence number of the newest bundle that this device has accepted.

    Raises:
        BadInput: `bad-cbor`, `bad-bundle`, `bad-certificate`, `bad-batch`, `bad-revocation`, `bad-key` or `bad-spoken`.
    """
    envelope = parse_envelope(data)  # 1
    certificate = open_certificate(envelope.certificate, root)  # 2
    if isinstance(certificate, Refusal):
        return certificate
    status_key = VerifyKey.load(certificate.public_key, where="status certificate")
    if not signed.check(BUNDLE_DOMAIN, envelope.bundle_bytes, envelope.signature, status_key):  # 3
        return Refusal("bad-signature", "trust bundle")
    bundle = decode(envelope.bundle_bytes)
    if bundle.agreement_id != agreement_id:  # 4
        return Refusal("out-of-agreement", bundle.agreement_id)
    if not covers(certificate, bundle):  # 5
        return Refusal("bad-status-key", f"certified {certificate.not_before} to {certificate.not_after}")
    if bundle.seq < highest_seq:  # 6
        return Refusal("bundle-older", f"number {bundle.seq}, here {highest_seq}")
    if now >= bundle.expires:  # 7
        return Refusal("bundle-expired", f"at {bundle.expires}")
    entries = _open_entries(bundle, root)  # 8
    if isinstance(entries, Refusal):
        return entries
    lists = _open_lists(bundle, status_key, entries, now)  # 9
    if isinstance(lists, Refusal):
        return lists
    table = None if bundle.spoken is None else _open_spoken(bundle.spoken, bundle.agreement_id, entries)  # 10
    if isinstance(table, Refusal):
        return table
    return _lay_out(bundle, sha256(envelope.bundle_bytes).digest(), certificate, entries, lists, table)


def _open_entries(bundle: TrustBundle, root: VerifyKey) -> dict[bytes, BatchEntry] | Refusal:
    entries: dict[bytes, BatchEntry] = {}
    for number, batch in enumerate(bundle.batches):
        entry = open_batch(batch, root)
        if isinstance(entry, Refusal):
            return Refusal("bad-signature", f"batch entry {number}")
        if entry.agreement_id != bundle.agreement_id:
            return Refusal("out-of-agreement", f"batch entry {number}: {entry.agreement_id}")
        entries[identity_of(batch.entry_bytes)] = entry
        if len(entries) != number + 1:
            raise BadInput("bad-bundle", where=f"batch entry {number}", expected="each once", seen=entry.agreement_id)
    return entries


def _open_lists(
    bundle: TrustBundle, status_key: VerifyKey, entries: dict[bytes, BatchEntry], now: int
) -> dict[bytes, _Opened] | Refusal:
    lists: dict[bytes, _Opened] = {}
    for number, item in enumerate(bundle.revocations):
        found = revocation.open_indexes(item, status_key)
        if isinstance(found, Refusal):
            return Refusal("bad-signature", f"revocation list {number}")
        opened, revoked = found
        entry = entries.get(opened.batch)
        if entry is None or entry.capacity != opened.capacity or opened.batch in lists:
            raise BadInput(
                "bad-bundle",
                where=f"revocation list {number}",
                expected="one list for each batch, of its capacity",
                seen=(opened.batch.hex(), opened.capacity),
            )
        if now >= opened.expires:
            return Refusal("bundle-expired", f"revocation list {number} at {opened.expires}")
        lists[opened.batch] = opened.expires, revoked
    if len(lists) != len(entries):
        return Refusal("revocations-missing", f"{len(entries) - len(lists)} of {len(entries)} batches")
    return lists


def _open_spoken(data: bytes, agreement_id: str, entries: dict[bytes, BatchEntry]) -> SpokenTable | Refusal:
    table = decode_spoken(data)
    if table.agreement_id != agreement_id:
        return Refusal("out-of-agreement", f"spoken passes: {table.agreement_id}")
    strange = [identity.hex() for identity in table.batches if identity not in entries]
    if strange:
        raise BadInput("bad-bundle", where="spoken table: batches", expected="batches of the bundle", seen=strange)
    return table


def _lay_out(
    bundle: TrustBundle,
    bundle_hash: bytes,
    certificate: StatusCertificate,
    entries: dict[bytes, BatchEntry],
    lists: dict[bytes, _Opened],
    table: SpokenTable | None,
) -> LoadedBundle:
    batches = {
        identity: LoadedBatch(
            identity=identity,
            entry=entry,
            verify_key=VerifyKey.load(entry.public_key, where="batch entry"),
            revoked=lists[identity][1],
            prefix=signed_prefix(identity),
            point_bits={point: 1 << bit for bit, point in enumerate(entry.points)},
            not_before=entry.not_before,
            not_after=entry.not_after,
            capacity=entry.capacity,
            classes=sum(1 << pass_class for pass_class in entry.classes),
        )
        for identity, entry in entries.items()
    }
    by_key_id: dict[bytes, list[LoadedBatch]] = {}
    for identity, batch in batches.items():
        by_key_id.setdefault(identity[:4], []).append(batch)
    return LoadedBundle(
        seq=bundle.seq,
        hash=bundle_hash,
        issued=bundle.issued,
        expires=min([bundle.expires, *(expires for expires, _ in lists.values())]),
        stale_from=bundle.issued + 3_600 * bundle.stale_hours,
        stale_policy=bundle.stale_policy,
        agreement_id=bundle.agreement_id,
        ledger_index=bundle.ledger_index,
        points={point.id: point for point in bundle.points},
        batches=batches,
        by_key_id=by_key_id,
        advice=bundle.advice,
        rules_version=bundle.rules_version,
        certificate=certificate,
        spoken=table,
    )
