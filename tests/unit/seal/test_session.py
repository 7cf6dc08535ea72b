"""A key that two sides share for a while, and the MAC under it."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.seal.session import Mac, public_of, shared_key

# RFC 4231, test cases 1, 2, 4, 6 and 7: (key, data, HMAC-SHA-256)
CASES = [
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
]


@pytest.mark.parametrize(("key", "data", "expected"), CASES)
def test_the_mac_is_that_of_the_standard(key, data, expected):
    assert Mac(key).of(data).hex() == expected


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(max_size=200), min_size=1))
def test_one_key_serves_any_number_of_messages(key, messages):
    mac = Mac(key)
    for message in messages:
        made = mac.of(message)
        assert made == hmac.new(key, message, hashlib.sha256).digest()
        assert mac.is_right(message, made)
        assert not mac.is_right(message + b"x", made)
        assert not mac.is_right(message, made[:-1])


def test_both_sides_derive_one_key_and_a_point_of_small_order_none():
    one, other = bytes(range(32)), bytes(range(1, 33))
    first, second = public_of(one), public_of(other)
    made = shared_key(one, second, first, second, "use")
    assert made == shared_key(other, first, first, second, "use")
    assert made != shared_key(one, second, first, second, "another use")
    for bad in (bytes(32), b"short"):
        with pytest.raises(BadInput):
            shared_key(one, bad, first, bad, "use")
