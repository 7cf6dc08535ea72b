"""Revocations as codes and as a file: read whole, in any order, and only under the issuer's root."""

import random
from dataclasses import replace

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import revocation, revocation_delta, revocation_text
from safeconduct.passes.batch import SignedCertificate, sign_certificate
from safeconduct.seal import canonical
from unit.passes.passes_world import (
    AGREEMENT,
    CERTIFICATE,
    DAY,
    IDENTITY,
    OTHER,
    ROOT,
    START,
    STATUS,
    outcome,
    revocations,
)

SIGNED = sign_certificate(CERTIFICATE, ROOT)


def of(count, capacity=10_000):
    chosen = random.Random(3).sample(range(capacity), count)
    return revocation.build(IDENTITY, capacity, chosen, 1, START, START + DAY)


def message(*lists, certificate=SIGNED, deltas=()):
    return revocation_text.encode_message(
        certificate,
        [revocation.sign(one, STATUS) for one in lists],
        [revocation_delta.sign_delta(one, STATUS) for one in deltas],
    )


def opened(data, root=ROOT, agreement_id=AGREEMENT, now=START):
    return revocation_text.open_message(data, root=root.verify_key, agreement_id=agreement_id, now=now)


def test_a_hundred_revoked_of_ten_thousand_are_one_code():
    [text] = revocation_text.to_parts(message(of(100)))
    assert len(text) <= 1_451  # an alphanumeric code of version 25 at level M
    made = revocation_text.join([revocation_text.read_part(text)])
    assert opened(made).lists == (of(100),)


def test_more_are_several_numbered_codes_that_are_read_in_any_order_and_twice():
    data = message(of(9_000, 30_000))
    texts = revocation_text.to_parts(data)
    assert len(texts) > 2
    parts = [revocation_text.read_part(text) for text in texts]
    assert [(part.place, part.total) for part in parts] == [(place, len(texts)) for place in range(len(texts))]
    assert revocation_text.join([*parts[::-1], parts[0]]) == data
    assert revocation_text.join(parts[1:]) == Refusal("parts-missing", f"1 of {len(texts)}")


def test_a_delta_is_carried_and_leads_to_the_list():
    old = revocations()
    new = revocations((13, 900, 901), seq=2)
    made = opened(message(deltas=[revocation_delta.delta(old, new)]))
    assert made.lists == ()
    assert revocation_delta.apply(old, made.deltas[0]) == new


def test_who_did_not_sign_revokes_nothing():
    good = message(of(5))
    assert opened(good, root=OTHER).code == "bad-status-key"
    assert opened(good, agreement_id="another").code == "out-of-agreement"
    forged = revocation_text.encode_message(SIGNED, [revocation.sign(of(5), OTHER)])
    assert opened(forged).code == "bad-signature"


def test_a_list_that_is_over_or_outlives_its_certificate_is_refused():
    assert opened(message(of(5)), now=START + DAY).code == "bundle-expired"
    short = sign_certificate(replace(CERTIFICATE, not_after=START + DAY - 1), ROOT)
    assert opened(message(of(5), certificate=short)).code == "bad-status-key"


def test_parts_of_two_messages_are_never_joined():
    one, two = (revocation_text.read_part(revocation_text.to_parts(message(of(n)))[0]) for n in (5, 6))
    assert outcome(revocation_text.join, [one, two]) == "bad-message"
    assert outcome(revocation_text.join, []) == "bad-message"
    assert outcome(revocation_text.join, [replace(one, piece=two.piece)]) == "bad-message"


@pytest.mark.parametrize("text", ["", "SC1:00", "SCR1:", "SCR1:!!", "SCR1:00", "SCR1:" + "0" * 12])
def test_what_is_no_part_is_refused(text):
    assert outcome(revocation_text.read_part, text) == "bad-text"


def test_a_part_beyond_its_number_is_refused():
    base45 = revocation_text.base45
    for place, total in ((2, 2), (0, 251), (0, 0)):
        text = revocation_text.PREFIX + base45.encode(b"abcd" + bytes([place, total]) + b"x")
        assert outcome(revocation_text.read_part, text) == "bad-text"


def test_what_is_too_long_for_codes_is_refused():
    assert outcome(revocation_text.to_parts, bytes(revocation_text.MOST_BYTES + 1)) == "bad-message"
    half = b"x" * (revocation_text.MOST_BYTES // 2)
    lists = [revocation.SignedRevocation(half, bytes(64))] * 2
    assert outcome(revocation_text.encode_message, SIGNED, lists) == "bad-message"


def test_the_file_is_the_message_behind_its_first_line():
    data = message(of(5))
    assert revocation_text.from_file(revocation_text.to_file(data)) == data
    assert outcome(revocation_text.from_file, b"something else") == "bad-message"


@pytest.mark.parametrize("fields", [[], [2, b"", bytes(64), [], []], [1, b"x", bytes(3), [], []], "text"])
def test_a_message_of_another_shape_is_refused(fields):
    with pytest.raises(BadInput) as caught:
        opened(canonical.encode_cbor(fields))
    assert caught.value.code == "bad-message"


def test_a_certificate_by_another_root_is_refused():
    assert (
        opened(message(of(5), certificate=SignedCertificate(SIGNED.certificate_bytes, bytes(64)))).code
        == "bad-status-key"
    )
