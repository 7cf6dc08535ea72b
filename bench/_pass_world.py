"""A batch, its trust bundle and its passes: what the figures of passes are measured on."""

from safeconduct.errors import Refusal
from safeconduct.passes import batch as batches
from safeconduct.passes import bundle as bundles
from safeconduct.passes import bundle_format, issue, revocation
from safeconduct.passes.pass_format import EPOCH, QUARTER, PassFields
from safeconduct.seal.keys import SigningKey

START = EPOCH + 57_600 * QUARTER
DAY = 86_400
ROOT, STATUS, BATCH = (SigningKey.from_seed(bytes([seed]) * 32) for seed in (1, 2, 3))
SECRET = bytes([4]) * 32


def world(capacity: int = 10_000) -> tuple[bundles.LoadedBundle, bytes]:
    """A bundle of one batch, one in a hundred revoked, and the batch's identity."""
    entry = batches.BatchEntry(
        "bench",
        BATCH.public,
        (0,),
        ("gate-1", "cordon-1"),
        START,
        START + 6 * DAY,
        capacity,
        "std",
        "bip39-en",
        bytes(16),
    )
    identity = batches.identity(entry)
    revoked = issue.indexes(capacity, SECRET, capacity // 100, capacity // 2)
    bundle = bundle_format.TrustBundle(
        seq=1,
        previous_hash=bytes(32),
        issued=START,
        expires=START + 2 * DAY,
        ledger_index=1,
        agreement_id="bench",
        points=(bundle_format.ControlPoint("gate-1", {"en": "Gate 1"}, "gate", "evac", (), "open"),),
        batches=(batches.sign_batch(entry, ROOT),),
        revocations=(
            revocation.sign(revocation.build(identity, capacity, revoked, 1, START, START + 3 * DAY), STATUS),
        ),
        advice="",
        stale_hours=24,
        stale_policy="warn",
        rules_version=1,
    )
    certificate = batches.StatusCertificate("bench", STATUS.public, START, START + 7 * DAY)
    data = bundle_format.sign_bundle(bundle, batches.sign_certificate(certificate, ROOT), STATUS)
    loaded = bundles.open_bundle(data, root=ROOT.verify_key, agreement_id="bench", now=START)
    if isinstance(loaded, Refusal):
        raise SystemExit(str(loaded))
    return loaded, identity


def fields_for(identity: bytes, capacity: int, count: int, start: int = 0) -> list[PassFields]:
    """Unbound passes for five people at the first control point."""
    return [
        PassFields(0, identity[:4], index, START, 16, 1, 5, 0, bytes(16))
        for index in issue.indexes(capacity, SECRET, count, start)
    ]
