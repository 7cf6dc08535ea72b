"""A small issuer for tests: fixed keys, one agreement, one batch, one bundle. Nothing here is random."""

from dataclasses import replace

from safeconduct.errors import BadInput
from safeconduct.passes import batch as batches
from safeconduct.passes import bundle as bundles
from safeconduct.passes import bundle_format, issue, revocation
from safeconduct.passes.pass_format import EPOCH, QUARTER, PassFields
from safeconduct.seal.keys import SigningKey

AGREEMENT = "kabul-2021"
START = EPOCH + 57_600 * QUARTER  # a whole quarter-hour, and a whole day
HOUR, DAY = 3_600, 86_400
ROOT = SigningKey.from_seed(b"root" * 8)
STATUS = SigningKey.from_seed(b"stat" * 8)
BATCH = SigningKey.from_seed(b"batc" * 8)
DEVICE = SigningKey.from_seed(b"devi" * 8)
OTHER = SigningKey.from_seed(b"evil" * 8)
CAPACITY = 1_000

ENTRY = batches.BatchEntry(
    agreement_id=AGREEMENT,
    public_key=BATCH.public,
    classes=(0, 1),
    points=("gate-north", "cordon-1"),
    not_before=START,
    not_after=START + 6 * DAY,
    capacity=CAPACITY,
    preset="std",
    word_list="bip39-en",
    pepper=bytes(range(16)),
)
IDENTITY = batches.identity(ENTRY)
CERTIFICATE = batches.StatusCertificate(AGREEMENT, STATUS.public, START, START + 7 * DAY)
POINTS = (
    bundle_format.ControlPoint("cordon-1", {"en": "Outer cordon 1"}, "outer", "cordon", (), "open"),
    bundle_format.ControlPoint("gate-north", {"en": "North gate"}, "gate", "evac", ("cordon-1",), "open"),
    bundle_format.ControlPoint("gate-east", {"en": "East gate"}, "gate", "evac", ("cordon-1",), "closed"),
    bundle_format.ControlPoint("cordon-2", {"en": "Outer cordon 2"}, "outer", "cordon", (), "hold"),
)
FIELDS = PassFields(
    pass_class=0,
    key_id=IDENTITY[:4],
    index=7,
    not_before=START + HOUR,
    length=16,  # four hours
    points=1,
    heads=5,
    binding_kind=0,
    binding=bytes(16),
)
NOON = START + 2 * HOUR  # within the window of FIELDS


def revocations(revoked=(13, 14, 900), **changes):
    fields = {"seq": 1, "issued": START, "expires": START + 4 * DAY} | changes
    return revocation.build(IDENTITY, CAPACITY, revoked, **fields)


def trust_bundle(**changes):
    bundle = bundle_format.TrustBundle(
        seq=3,
        previous_hash=bytes(32),
        issued=START,
        expires=START + 3 * DAY,
        ledger_index=41,
        agreement_id=AGREEMENT,
        points=POINTS,
        batches=(batches.sign_batch(ENTRY, ROOT),),
        revocations=(revocation.sign(revocations(), STATUS),),
        advice="Ask for the words, quietly.",
        stale_hours=24,
        stale_policy="warn",
        rules_version=1,
    )
    return replace(bundle, **changes)


def signed_bundle(certificate=CERTIFICATE, root=ROOT, **changes):
    return bundle_format.sign_bundle(trust_bundle(**changes), batches.sign_certificate(certificate, root), STATUS)


def open_bundle(data, now=NOON, highest_seq=0, agreement_id=AGREEMENT):
    return bundles.open_bundle(data, root=ROOT.verify_key, agreement_id=agreement_id, now=now, highest_seq=highest_seq)


def loaded(**changes):
    return open_bundle(signed_bundle(**changes), now=START)


def outcome(call, *given, **named):
    """What the call returns, or the code of the BadInput that it raises: nothing else may come out of a parser."""
    try:
        return call(*given, **named)
    except BadInput as error:
        return error.code


def a_pass(key=BATCH, identity=IDENTITY, **changes):
    return issue.sign_pass(replace(FIELDS, **changes), identity, key)
