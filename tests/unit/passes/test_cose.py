"""A pass taken apart: which batch signed it, and the standard COSE_Sign1 it stands for."""

from dataclasses import replace

import cbor2
import pytest

from safeconduct.errors import BadInput
from safeconduct.passes.batch import identity
from safeconduct.passes.cose import inspect_pass
from unit.passes.passes_world import BATCH, ENTRY, FIELDS, IDENTITY, OTHER, a_pass


def test_a_pass_is_taken_apart_by_the_batch_that_signed_it():
    other = replace(ENTRY, public_key=OTHER.public)
    found = inspect_pass(a_pass(points=3), [other, ENTRY])
    assert (found.fields, found.batch, found.entry) == (replace(FIELDS, points=3), IDENTITY, ENTRY)
    assert found.points == ("gate-north", "cordon-1")


def test_the_cose_sign1_of_a_pass_verifies_by_the_steps_of_the_standard():
    found = inspect_pass(a_pass(), [ENTRY])
    tagged = cbor2.loads(found.cose)
    protected, unprotected, payload, signature = tagged.value
    assert (tagged.tag, cbor2.loads(protected), unprotected) == (18, {1: -19}, {})
    to_sign = cbor2.dumps(["Signature1", protected, found.aad, payload])
    assert BATCH.verify_key.verify(signature, to_sign)
    assert (len(found.cose), len(found.aad)) == (107, 51)


def test_a_bit_beyond_the_batchs_own_list_names_no_point():
    assert inspect_pass(a_pass(points=0b101), [ENTRY]).points == ("gate-north",)


def test_what_is_no_pass_of_a_known_batch_is_refused_by_its_reason():
    raw = a_pass()
    assert inspect_pass(raw[:-1], [ENTRY]).code == "malformed"
    assert inspect_pass(raw, []).code == "unknown-key"
    assert inspect_pass(raw[:-1] + bytes([raw[-1] ^ 1]), [ENTRY]).code == "bad-signature"
    with pytest.raises(BadInput) as caught:
        inspect_pass(bytes([0x20]) + raw[1:], [ENTRY])
    assert caught.value.code == "bad-pass"


def test_two_batches_with_one_key_id_are_told_apart_by_the_signature():
    one, two = (replace(ENTRY, pepper=found.to_bytes(16, "big")) for found in (28_346, 146_517))  # found by search
    assert identity(one) != identity(two)
    assert identity(one)[:4] == identity(two)[:4]
    raw = a_pass(identity=identity(two), key_id=identity(two)[:4])
    assert inspect_pass(raw, [one, two]).batch == identity(two)
    assert inspect_pass(raw, [one]).code == "bad-signature"
