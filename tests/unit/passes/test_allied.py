"""A batch that an ally offers: what is checked before anybody admits it."""

import pytest

from safeconduct.errors import BadInput
from safeconduct.passes.allied import OFFER_DOMAIN, encode_offer, open_offer, party_of
from safeconduct.passes.batch import BatchEntry, StatusCertificate, identity, sign_batch, sign_certificate
from safeconduct.passes.revocation import build, sign
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.signed import sign as sign_bytes

ROOT, STATUS, BATCH = (SigningKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))


def entry(agreement="exercise-1", pepper=0):
    return BatchEntry(
        agreement, BATCH.public, (0,), ("gate-a",), 1_000, 9_000, 256, "std", "bip39-en", bytes([pepper]) * 16
    )


def listed(one, key=STATUS, of=None, capacity=256):
    return sign(build(of or identity(one), capacity, [3, 5], 1, 2_000, 4_000), key)


def offer(pairs=None, *, at=2_000, agreement="exercise-1", root=ROOT):
    certificate = sign_certificate(StatusCertificate(agreement, STATUS.public, 1_000, 5_000), root)
    pairs = pairs or [(sign_batch(entry(), ROOT), listed(entry()))]
    return encode_offer("north", at, certificate, pairs, STATUS)


def opened(data):
    return open_offer(data, root=ROOT.verify_key, agreement_id="exercise-1")


def test_an_offer_brings_entries_and_what_is_revoked_in_each():
    data = offer()
    made = opened(data)
    assert (party_of(data), made.party, made.at) == ("north", "north", 2_000)
    [one] = made.batches
    assert (one.identity, one.entry, one.seq, one.revoked) == (identity(entry()), entry(), 1, {3, 5})


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: offer(root=STATUS), "bad-status-key"),
        (lambda: offer(agreement="another"), "out-of-agreement"),
        (lambda: offer(at=5_000), "bad-status-key"),
        (lambda: offer([(sign_batch(entry(), STATUS), listed(entry()))]), "bad-signature"),
        (lambda: offer([(sign_batch(entry("another"), ROOT), listed(entry("another")))]), "out-of-agreement"),
        (lambda: offer([(sign_batch(entry(), ROOT), listed(entry(), key=BATCH))]), "bad-signature"),
        (lambda: offer([(sign_batch(entry(), ROOT), listed(entry(), of=bytes(32)))]), "wrong-base"),
        (lambda: offer([(sign_batch(entry(), ROOT), listed(entry(), capacity=128))]), "wrong-base"),
        (lambda: offer([(sign_batch(entry(), ROOT), listed(entry()))] * 2), "out-of-batch"),
    ],
)
def test_an_offer_that_fails_a_step_is_refused(made, code):
    assert opened(made()).code == code


def test_a_changed_offer_is_refused():
    fields = decode_cbor(offer(), where="offer")
    assert opened(encode_cbor({**fields, "party": "south"})).code == "bad-signature"
    part = {name: value for name, value in fields.items() if name != "signature"}
    other = {**part, "signature": sign_bytes(OFFER_DOMAIN, encode_cbor(part), BATCH)}
    assert opened(encode_cbor(other)).code == "bad-signature"


def test_an_offer_of_no_batch_is_none():
    certificate = sign_certificate(StatusCertificate("exercise-1", STATUS.public, 1_000, 5_000), ROOT)
    with pytest.raises(BadInput) as raised:
        encode_offer("north", 2_000, certificate, [], STATUS)
    assert raised.value.code == "bad-batch-offer"
    with pytest.raises(BadInput):
        party_of(b"\xa0")
