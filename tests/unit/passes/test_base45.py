"""Base45 in both directions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.passes import base45
from unit.passes.passes_world import outcome

# RFC 9285, 4.3 and 4.4
EXAMPLES = [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")]


@pytest.mark.parametrize(("data", "text"), EXAMPLES)
def test_examples_of_the_rfc_go_both_ways(data, text):
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@given(st.binary(max_size=300))
def test_every_byte_string_comes_back(data):
    assert base45.decode(base45.encode(data)) == data


@given(st.text(max_size=40) | st.text(alphabet=base45.ALPHABET, max_size=40))
def test_any_text_is_either_refused_or_the_only_text_of_its_bytes(text):
    data = outcome(base45.decode, text)
    assert data == "bad-text" or base45.encode(data) == text


@pytest.mark.parametrize("text", ["A", "BB8B", "GGW", ":::", "::", "bb8", "BB8\n", "V5", "ÄB8"])
def test_what_the_rfc_forbids_is_refused(text):
    with pytest.raises(BadInput) as refused:
        base45.decode(text)
    assert refused.value.code == "bad-text"
