"""Deterministic CBOR and JSON."""

import enum

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.seal.canonical import MAX_DEPTH, decode_cbor, decode_json, encode_cbor, encode_json, join_cbor

KEYS = st.text(max_size=5) | st.binary(max_size=5) | st.integers(-(2**64), 2**64 - 1)
CBOR_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=30,
)


def attempt(function, *arguments, **named):
    """What the function returns and None, or None and the code of its refusal of bad input."""
    try:
        return function(*arguments, **named), None
    except BadInput as error:
        return None, error.code


class Number(enum.IntEnum):
    ONE = 1


@given(CBOR_VALUES)
def test_cbor_value_comes_back_whole(value):
    assert decode_cbor(encode_cbor(value), where="test") == value


@given(st.dictionaries(KEYS, st.lists(CBOR_VALUES, max_size=300) | st.integers(0, 70_000), max_size=30))
def test_a_map_joined_from_encodings_is_the_map_encoded(mapping):
    parts = {
        key: [encode_cbor(one) for one in value] if isinstance(value, list) else encode_cbor(value)
        for key, value in mapping.items()
    }
    assert join_cbor(parts) == encode_cbor(mapping)


@given(JSON_VALUES)
def test_json_value_comes_back_whole(value):
    assert decode_json(encode_json(value), where="test") == value


@given(st.dictionaries(st.text(max_size=8), st.integers(-9, 9)))
def test_order_of_insertion_leaves_no_trace(mapping):
    backwards = dict(reversed(mapping.items()))
    assert encode_cbor(mapping) == encode_cbor(backwards)
    assert encode_json(mapping) == encode_json(backwards)


@given(st.binary(max_size=200))
def test_any_bytes_as_cbor_give_a_value_of_these_very_bytes_or_bad_input(data):
    value, code = attempt(decode_cbor, data, where="fuzz")
    assert code == "bad-cbor" if code else encode_cbor(value) == data


@given(st.recursive(st.integers() | st.floats(), lambda x: st.lists(x) | st.dictionaries(st.integers(), x)))
def test_foreign_cbor_gives_a_value_or_bad_input(value):
    data = cbor2.dumps(value)
    value, code = attempt(decode_cbor, data, where="fuzz")
    assert code == "bad-cbor" if code else encode_cbor(value) == data


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:0123456789.eE+-truefalsn\\ud8 ', max_size=60).map(str.encode))
def test_any_bytes_as_json_give_a_value_or_bad_input(data):
    value, code = attempt(decode_json, data, where="fuzz")
    assert code == "bad-json" if code else decode_json(encode_json(value), where="again") == value


@pytest.mark.parametrize(
    "value",
    [1.0, {1, 2}, b"x", 2**64, -(2**64) - 1, "\ud800", {"\ud800": 1}, {b"x": 1}, {True: 1}, Number.ONE, object()],
    ids=lambda value: type(value).__name__,
)
def test_value_without_a_single_form_is_refused(value):
    if type(value) is not bytes and value != {b"x": 1}:
        with pytest.raises(BadInput, match="value to encode") as caught:
            encode_cbor(value)
        assert caught.value.code == "bad-cbor"
    with pytest.raises(BadInput, match="value to encode") as caught:
        encode_json(value)
    assert caught.value.code == "bad-json"


@pytest.mark.parametrize("encode", [encode_cbor, encode_json])
def test_32_levels_are_encoded_and_33_are_not(encode):
    value = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert encode(value)
    with pytest.raises(BadInput, match="32 levels"):
        encode([value])
    loop = {}
    loop["loop"] = loop
    with pytest.raises(BadInput, match="32 levels"):
        encode(loop)


def test_map_keys_stand_in_the_order_of_rfc_8949_not_of_rfc_7049():
    mapping = {1000: 0, -1: 0, "b": 0, "aa": 0, b"a": 0}
    order = ["1903e8", "20", "4161", "6162", "626161"]
    assert encode_cbor(mapping).hex() == "a5" + "".join(key + "00" for key in order)


@given(st.dictionaries(st.text(max_size=30), st.none(), max_size=20) | st.dictionaries(KEYS, st.none(), max_size=20))
def test_map_keys_stand_in_the_order_of_their_encodings(mapping):
    head = bytes([0xA0 + len(mapping)])
    assert encode_cbor(mapping) == head + b"".join(sorted(cbor2.dumps(key) + b"\xf6" for key in mapping))


def test_tag_is_refused_and_never_computed():
    for data in ("c4821a7fffffff01", "c5821a7fffffff01", "d823634b2e2e", "da0012345601"):
        with pytest.raises(BadInput, match="well-formed CBOR, saw"):
            decode_cbor(bytes.fromhex(data), where="test")


def test_float_in_json_is_refused_by_its_text():
    with pytest.raises(BadInput, match=r"the number 1\.5"):
        decode_json(b"[1.5]", where="test")


def test_json_keys_stand_in_the_order_of_utf_16():
    assert encode_json({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_tuple_is_a_list():
    assert encode_cbor((1, (2,))) == encode_cbor([1, [2]])
    assert encode_json((1, (2,))) == b"[1,[2]]"


def test_size_limit_holds_to_the_byte():
    data = encode_cbor(b"x" * 20)
    assert decode_cbor(data, where="test", limit=len(data)) == b"x" * 20
    with pytest.raises(BadInput, match="at most 20 bytes, saw 21"):
        decode_cbor(data, where="test", limit=20)
    with pytest.raises(BadInput, match="at most 3 bytes, saw 4"):
        decode_json(b"1234", where="test", limit=3)


def test_refusal_names_the_place_and_what_was_seen():
    with pytest.raises(BadInput, match=r"trust bundle: expected the deterministic encoding.*x18"):
        decode_cbor(b"\x18\x01", where="trust bundle")
    with pytest.raises(BadInput, match="agreement: expected strict JSON, saw 'a duplicate key'"):
        decode_json(b'{"a":1,"a":1}', where="agreement")


def test_deep_json_is_refused_before_it_exhausts_the_stack():
    with pytest.raises(BadInput) as caught:
        decode_json(b"[" * 500_000, where="test")
    assert caught.value.code == "bad-json"
    with pytest.raises(BadInput) as caught:
        decode_json(b'{"a":' * 40 + b"1" + b"}" * 40, where="test")
    assert caught.value.code == "bad-json"


def test_giant_json_number_is_refused():
    with pytest.raises(BadInput) as caught:
        decode_json(b"1" * 100_000, where="test")
    assert caught.value.code == "bad-json"
