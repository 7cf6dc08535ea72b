"""Verify and decide, issue, and revocation lists, beside bare Ed25519 and the entropy bound."""

from math import lgamma, log
from random import Random
from time import process_time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.signing import SigningKey as BareSigningKey
from nacl.signing import VerifyKey as BareVerifyKey

from bench.harness import figure, in_turns, rate, ratio
from safeconduct.errors import Refusal
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes import batch as batches
from safeconduct.passes import bundle as bundles
from safeconduct.passes import issue, revocation
from safeconduct.passes.pass_format import EPOCH, QUARTER, PassFields, to_text
from safeconduct.seal.keys import SigningKey

NAMES = (
    "verify_decide",
    "verify_decide_text",
    "issue_rate",
    "revocation_bits_1",
    "revocation_bits_10",
)
ROUNDS, PASSES = 60, 500
ISSUED = 54_000
START = EPOCH + 57_600 * QUARTER
DAY = 86_400
ROOT, STATUS, BATCH = (SigningKey.from_seed(bytes([seed]) * 32) for seed in (1, 2, 3))
SECRET = bytes([4]) * 32


def run() -> list[dict[str, Any]]:
    """Every figure of this module."""
    return [*_decide(), *_issue(), _revocation(0.01), _revocation(0.1)]


def _world(capacity: int = 10_000) -> tuple[bundles.LoadedBundle, bytes]:
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
    bundle = bundles.TrustBundle(
        seq=1,
        previous_hash=bytes(32),
        issued=START,
        expires=START + 2 * DAY,
        ledger_index=1,
        agreement_id="bench",
        points=(bundles.ControlPoint("gate-1", {"en": "Gate 1"}, "gate", "evac", (), "open"),),
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
    data = bundles.sign_bundle(bundle, batches.sign_certificate(certificate, ROOT), STATUS)
    loaded = bundles.open_bundle(data, root=ROOT.verify_key, agreement_id="bench", now=START)
    if isinstance(loaded, Refusal):
        raise SystemExit(str(loaded))
    return loaded, identity


def _fields(identity: bytes, capacity: int, count: int) -> list[PassFields]:
    return [
        PassFields(0, identity[:4], index, START, 16, 1, 5, 0, bytes(16))
        for index in issue.indexes(capacity, SECRET, count)
    ]


def _decide() -> list[dict[str, Any]]:
    bundle, identity = _world()
    used = UsedHere({(identity, index) for index in issue.indexes(10_000, SECRET, 2_000, PASSES)})
    passes = issue.sign_many(_fields(identity, 10_000, PASSES), identity, BATCH)
    texts = list(map(to_text, passes))
    messages = [issue.signed_bytes(raw[:32], identity) for raw in passes]
    signatures = [raw[32:] for raw in passes]
    bare, openssl = BareVerifyKey(BATCH.public), Ed25519PublicKey.from_public_bytes(BATCH.public)
    now = START + 60

    def ours() -> None:
        for raw in passes:
            if not decide(bundle, used, Scan(raw, "gate-1", now)).admit:
                raise SystemExit("a good pass was refused")

    def ours_text() -> None:
        for text in texts:
            decide(bundle, used, Scan(text, "gate-1", now))

    def pynacl() -> None:
        for message, signature in zip(messages, signatures, strict=True):
            bare.verify(message, signature)

    def cryptography() -> None:
        for message, signature in zip(messages, signatures, strict=True):
            openssl.verify(signature, message)

    contenders = {"raw": ours, "text": ours_text, "pynacl": pynacl, "openssl": cryptography}
    seconds = in_turns(contenders, ROUNDS)
    print(f"beside bare OpenSSL verify: {ratio(seconds['raw'], seconds['openssl']):.2f} times as fast")
    return [
        figure(
            name,
            rate(seconds[mine], PASSES),
            "scans/s",
            peer="PyNaCl, bare verify",
            peer_value=rate(seconds["pynacl"], PASSES),
            ratio_to_peer=ratio(seconds[mine], seconds["pynacl"]),
            limit=rate(seconds["pynacl"], PASSES),
            ratio_to_limit=ratio(seconds[mine], seconds["pynacl"]),
        )
        for name, mine in (("verify_decide", "raw"), ("verify_decide_text", "text"))
    ]


def _issue() -> list[dict[str, Any]]:
    capacity = 65_536
    identity = bytes(range(32))
    bare = BareSigningKey(bytes([3]) * 32)
    messages = [issue.signed_bytes(bytes(32), identity)] * ISSUED

    def ours() -> None:
        issue.sign_many(_fields(identity, capacity, ISSUED), identity, BATCH)

    def raw_sign() -> None:
        for message in messages:
            bare.sign(message)

    seconds = in_turns({"ours": ours, "limit": raw_sign}, 3)
    return [
        figure(
            "issue_rate",
            rate(seconds["ours"], ISSUED),
            "passes/s",
            peer="PyNaCl, bare sign",
            peer_value=rate(seconds["limit"], ISSUED),
            limit=rate(seconds["limit"], ISSUED),
        )
    ]


def _revocation(share: float) -> dict[str, Any]:
    """1,000 batches of 10,000: bits for each revoked index against log2 C(N, R), and the CPU time beside it."""
    batch_count, capacity = 1_000, 10_000
    count = int(capacity * share)
    random = Random(7)
    sets = [random.sample(range(capacity), count) for _ in range(batch_count)]
    begun = process_time()
    lists = [revocation.build(bytes(32), capacity, revoked, 1, START, START + DAY) for revoked in sets]
    seconds = process_time() - begun
    bits = 8 * sum(len(built.gaps) for built in lists) / (batch_count * count)
    bound = (lgamma(capacity + 1) - lgamma(count + 1) - lgamma(capacity - count + 1)) / log(2) / count
    print(f"revocation of {share:.0%}: {batch_count * count:,} indexes coded in {seconds:.2f} s of CPU time")
    return figure(f"revocation_bits_{100 * share:g}", bits, "bits/index", limit=bound)
