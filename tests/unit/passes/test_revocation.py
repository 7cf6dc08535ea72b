"""Exact lists of revoked passes."""

from dataclasses import replace
from math import comb, log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import issue, revocation, revocation_delta, rice
from safeconduct.seal import canonical
from unit.passes.passes_world import CAPACITY, DAY, IDENTITY, OTHER, START, STATUS, outcome, revocations

SETS = st.integers(1, 600).flatmap(
    lambda capacity: st.tuples(st.just(capacity), st.sets(st.integers(0, capacity - 1), max_size=capacity))
)


def build(capacity, revoked, seq=1):
    return revocation.build(IDENTITY, capacity, revoked, seq, START, START + DAY)


@pytest.mark.seed("S-11")
@given(SETS)
def test_every_set_comes_back_exactly(case):
    capacity, revoked = case
    built = build(capacity, revoked)
    assert revocation.revoked_indexes(built) == revoked
    assert revocation.decode(revocation.encode(built)) == built


@given(SETS)
def test_order_and_repetition_do_not_show(case):
    capacity, revoked = case
    once = sorted(revoked)
    assert revocation.encode(build(capacity, once[::-1] + once)) == revocation.encode(build(capacity, once))


@pytest.mark.parametrize(("capacity", "count"), [(10_000, 100), (10_000, 1_000), (10_000, 3_000), (10_000, 9_000)])
def test_a_list_is_within_3_percent_of_the_entropy(capacity, count):
    built = build(capacity, issue.indexes(capacity, b"r" * 32, count))
    assert 8 * len(built.gaps) <= 1.03 * log2(comb(capacity, count)) + 8


def test_a_list_of_100_in_10000_fits_one_code():
    sealed = revocation.sign(build(10_000, issue.indexes(10_000, b"r" * 32, 100)), STATUS)
    assert len(sealed.list_bytes) + len(sealed.signature) < 400


@pytest.mark.parametrize("revoked", [[-1], [CAPACITY], [3, CAPACITY + 5]])
def test_an_index_outside_the_batch_is_refused(revoked):
    with pytest.raises(BadInput):
        revocations(revoked)


def test_a_list_that_expires_before_it_is_issued_is_refused():
    with pytest.raises(BadInput):
        revocations(expires=START)


def test_only_the_status_key_opens_a_list():
    sealed = revocation.sign(revocations(), STATUS)
    assert revocation.open_signed(sealed, STATUS.verify_key) == revocations()
    assert revocation.open_signed(sealed, OTHER.verify_key) == Refusal("bad-signature", "revocation list")


def spoilt_lists():
    good = revocations()
    yield replace(good, count=good.count + 1)
    yield replace(good, count=good.count - 1)
    yield replace(good, count=0)
    yield replace(good, gaps=good.gaps + b"\0")
    yield replace(good, gaps=good.gaps[:-1])
    yield replace(good, gaps=b"")
    yield replace(good, gaps=b"\xff" * len(good.gaps))
    yield replace(good, gaps=good.gaps[:-1] + bytes([good.gaps[-1] | 1]))
    yield replace(good, capacity=100)
    yield replace(good, parameter=0)
    yield replace(good, parameter=23)
    yield replace(good, count=501, kept=True)
    yield replace(good, count=500, kept=True)


@pytest.mark.parametrize(
    "spoilt", list(spoilt_lists()), ids=lambda item: f"{item.count}-{item.parameter}-{len(item.gaps)}"
)
def test_bits_that_are_missing_or_too_many_are_refused(spoilt):
    with pytest.raises(BadInput) as refused:
        revocation.decode(revocation.encode(spoilt))
    assert refused.value.code == "bad-revocation"


@given(st.binary(max_size=80), st.integers(0, 23), st.integers(0, 50), st.integers(1, 2_000))
def test_any_bits_are_refused_or_are_the_only_code_of_their_indexes(data, parameter, count, capacity):
    found = outcome(rice.unpack, data, parameter, count, capacity, where="test")
    assert found == "bad-revocation" or (rice.pack(found, parameter), len(found)) == (data, count)


@pytest.mark.parametrize("parameter", [0, 1, 23])
def test_no_bytes_hold_no_index(parameter):
    with pytest.raises(BadInput):
        rice.unpack(b"", parameter, 1, 1_000, where="test")


def test_a_gap_beyond_the_table_is_coded_the_same():
    codes = rice._Codes(2)
    codes.update({-n: "" for n in range(1, (1 << 16) + 1)})  # a full table
    assert codes[9] == "11001"
    assert rice._Codes(0)[3] == "1110"
    assert 9 not in codes


def test_a_code_word_beyond_the_table_is_read_the_same():
    steps = rice._Steps(2)
    steps.update({f"-{n}": 0 for n in range(1 << 16)})  # a full table
    assert steps["11001"] == 10
    assert rice._Steps(0)["1110"] == 4
    assert "11001" not in steps


def test_a_long_row_of_bits_for_few_indexes_is_refused_before_it_is_split():
    with pytest.raises(BadInput, match="no more bits than the indexes take"):
        rice.unpack(bytes(1 << 20), 0, 1, 1_000, where="test")


@pytest.mark.parametrize("size", [1 << 16, 1 << 22])
def test_a_row_of_ones_is_refused_in_one_pass(size):
    with pytest.raises(BadInput):
        rice.unpack(b"\xff" * (size // 8), 0, 1, size, where="test")


@settings(deadline=None)
@given(SETS, st.sets(st.integers(0, 599)))
def test_a_delta_makes_exactly_the_next_list(case, flips):
    capacity, before = case
    after = before ^ {index for index in flips if index < capacity}
    old, new = build(capacity, before), build(capacity, after, seq=2)
    change = revocation_delta.delta(old, new)
    assert set(change.added) == after - before
    assert revocation_delta.decode_delta(revocation_delta.encode_delta(change)) == change
    assert revocation_delta.apply(old, change) == new


def test_a_delta_on_another_list_is_refused():
    old, other = revocations(), revocations([1])
    change = revocation_delta.delta(old, revocations([2], seq=2))
    refused = revocation_delta.apply(other, change)
    assert isinstance(refused, Refusal)
    assert refused.code == "wrong-base"
    lying = replace(change, added=(3,))
    assert revocation_delta.apply(old, lying) == Refusal("wrong-base", "the result is not the stated one")


def test_a_delta_goes_forward_within_one_batch():
    old = revocations()
    for new in (revocations(seq=1), replace(revocations(seq=2), batch=bytes(32)), replace(old, capacity=999, seq=2)):
        with pytest.raises(BadInput):
            revocation_delta.delta(old, new)


def test_only_the_status_key_opens_a_delta():
    change = revocation_delta.delta(revocations(), revocations([2], seq=2))
    sealed = revocation_delta.sign_delta(change, STATUS)
    assert revocation_delta.open_delta(sealed, STATUS.verify_key) == change
    assert revocation_delta.open_delta(sealed, OTHER.verify_key) == Refusal("bad-signature", "revocation delta")


def test_a_delta_with_more_indexes_than_the_batch_is_refused():
    change = revocation_delta.delta(revocations(), revocations([2], seq=2))
    fields = canonical.decode_cbor(revocation_delta.encode_delta(change), where="test")
    fields["added"] = [CAPACITY + 1, 0, b"\0"]
    with pytest.raises(BadInput):
        revocation_delta.decode_delta(canonical.encode_cbor(fields))


@given(st.binary(max_size=120))
def test_any_bytes_are_refused_as_bad_input(data):
    for read in (revocation.decode, revocation_delta.decode_delta):
        with pytest.raises(BadInput):
            read(data)
