"""Indexes and signatures."""

import itertools
from dataclasses import replace

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.passes import issue
from safeconduct.passes.pass_format import encode_payload
from unit.passes.passes_world import BATCH, FIELDS, IDENTITY, a_pass

SECRET = b"s" * 32


@settings(deadline=None)
@given(st.integers(1, 400), st.binary(min_size=32, max_size=32))
def test_indexes_are_a_permutation_of_the_batch(capacity, secret):
    assert sorted(issue.indexes(capacity, secret)) == list(range(capacity))


@settings(deadline=None)
@given(st.integers(1, 5_000), st.binary(min_size=32, max_size=32), st.data())
def test_one_index_and_all_of_them_agree(capacity, secret, data):
    position = data.draw(st.integers(0, capacity - 1))
    assert issue.index_at(position, capacity, secret) == issue.indexes(capacity, secret, 1, position)[0]


def test_a_number_outside_the_batch_is_walked_on():
    assert [issue.index_at(position, 5, SECRET) for position in range(5)] == issue.indexes(5, SECRET)
    assert [issue.index_at(position, 17, SECRET) for position in range(17)] == issue.indexes(17, SECRET)


def test_another_secret_or_capacity_is_another_order():
    first = issue.indexes(1_000, SECRET)
    assert first != issue.indexes(1_000, b"t" * 32)
    assert first != issue.indexes(1_001, SECRET)[:1_000]
    assert first[:100] == issue.indexes(1_000, SECRET, 100)
    assert issue.indexes(1_000, SECRET, 0) == []


@pytest.mark.seed("S-11")
def test_issued_indexes_are_no_neighbours_and_tell_no_size():
    few = issue.indexes(10_000, SECRET, 100)
    assert sum(abs(a - b) == 1 for a, b in itertools.pairwise(few)) <= 2
    quarters = [sum(quarter * 2_500 <= index < (quarter + 1) * 2_500 for index in few) for quarter in range(4)]
    assert min(quarters) >= 10  # spread over the whole capacity, not its beginning


@pytest.mark.parametrize(
    "call",
    [
        lambda: issue.index_at(0, 0, SECRET),
        lambda: issue.index_at(0, (1 << 24) + 1, SECRET),
        lambda: issue.index_at(5, 5, SECRET),
        lambda: issue.index_at(-1, 5, SECRET),
        lambda: issue.index_at(0, 5, b"short"),
        lambda: issue.indexes(5, SECRET, 6),
        lambda: issue.indexes(5, SECRET, 1, 5),
    ],
)
def test_positions_outside_the_batch_are_refused(call):
    with pytest.raises(BadInput) as refused:
        call()
    assert refused.value.code == "bad-batch"


def test_what_is_signed_is_the_sig_structure_of_cose():
    payload = encode_payload(FIELDS)
    structure = ["Signature1", bytes.fromhex("a10132"), issue.external_aad(IDENTITY), payload]
    assert issue.signed_bytes(payload, IDENTITY) == cbor2.dumps(structure)
    assert issue.external_aad(IDENTITY) == b"safeconduct.pass.1\0" + IDENTITY
    assert BATCH.verify_key.verify(a_pass()[32:], issue.signed_bytes(payload, IDENTITY))


def test_a_pass_inflates_to_a_cose_sign1():
    raw = a_pass()
    tagged = cbor2.loads(issue.to_cose_sign1(raw, IDENTITY))
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    assert (cbor2.loads(protected), dict(unprotected)) == ({1: -19}, {})
    assert payload + signature == raw


def test_a_pass_of_another_key_id_is_not_signed():
    with pytest.raises(BadInput):
        issue.sign_pass(replace(FIELDS, key_id=b"none"), IDENTITY, BATCH)


@pytest.mark.parametrize("raw", [b"", bytes(95), bytes(97)])
def test_what_is_no_pass_does_not_inflate(raw):
    with pytest.raises(BadInput):
        issue.to_cose_sign1(raw, IDENTITY)


def test_an_identity_has_32_bytes():
    with pytest.raises(BadInput):
        issue.signed_bytes(bytes(32), bytes(31))


def test_decoys_are_never_issued_and_stay_decoys():
    never_issued = issue.indexes(1_000, b"d" * 32, 400, 600)
    chosen = issue.decoys(1_000, b"d" * 32, 50)
    assert len(set(chosen)) == 50
    assert set(chosen) <= set(never_issued)
    assert set(chosen) <= set(issue.decoys(1_000, b"d" * 32, 80))
    assert chosen != issue.decoys(1_000, b"e" * 32, 50)


@pytest.mark.parametrize(("count", "seed"), [(3, bytes(32)), (-1, bytes(32)), (1, bytes(31))])
def test_decoys_need_candidates_and_randomness(count, seed):
    with pytest.raises(BadInput):
        issue.decoys(2, seed, count)
