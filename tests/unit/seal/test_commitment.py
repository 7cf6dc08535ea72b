"""Field commitments."""

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.seal.canonical import encode_cbor
from safeconduct.seal.commitment import commit, prove, verify_field

FIELDS = st.dictionaries(st.text(max_size=6), st.integers(-9, 9) | st.text(max_size=6), min_size=1, max_size=20)


def salts_for(fields):
    return {name: sha256(b"salt" + name.encode()).digest() for name in fields}


@given(FIELDS)
def test_every_field_opens_and_no_other_value_does(fields):
    salts = salts_for(fields)
    root = commit(fields, salts)
    for name in fields:
        proof = prove(fields, salts, name)
        assert verify_field(root, proof)
        assert not verify_field(root, replace(proof, value="something else"))
        assert not verify_field(root, replace(proof, name=name + "."))
        assert not verify_field(root, replace(proof, salt=bytes(32)))
        assert not verify_field(root, replace(proof, path=(*proof.path, bytes(32))))
        assert not verify_field(root, replace(proof, index=proof.index + 1))
        if proof.path:
            assert not verify_field(root, replace(proof, path=proof.path[:-1]))
            assert not verify_field(root, replace(proof, path=(b"short", *proof.path[1:])))


def test_root_is_the_hash_tree_of_the_spec():
    fields, salts = {"b": 2, "a": 1, "c": 3}, salts_for("abc")
    leaf = [sha256(b"\0" + salts[n] + encode_cbor([n, fields[n]])).digest() for n in "abc"]
    left = sha256(b"\1" + leaf[0] + leaf[1]).digest()
    assert commit(fields, salts) == sha256(b"\1" + left + leaf[2]).digest()


def test_proof_carries_no_other_field():
    fields = {"site": "a secret place", "area": "031"}
    proof = prove(fields, salts_for(fields), "area")
    assert "secret" not in repr(proof)


def test_new_salts_make_another_commitment_of_the_same_fields():
    fields = {"area": "031"}
    assert commit(fields, {"area": bytes(32)}) != commit(fields, {"area": b"\1" * 32})


@pytest.mark.parametrize(
    ("fields", "salts"),
    [
        ({}, {}),
        ({"a": 1}, {}),
        ({"a": 1}, {"b": bytes(32)}),
        ({"a": 1}, {"a": bytes(31)}),
        ({"a": 1, "b": 2}, {"a": bytes(32), "b": bytes(32)}),
    ],
)
def test_salts_that_do_not_fit_are_refused(fields, salts):
    with pytest.raises(BadInput) as caught:
        commit(fields, salts)
    assert caught.value.code == "bad-commitment"


def test_field_that_was_not_committed_cannot_be_proved():
    with pytest.raises(BadInput) as caught:
        prove({"a": 1}, {"a": bytes(32)}, "b")
    assert caught.value.code == "bad-commitment"


def test_proof_of_nonsense_is_false_and_no_error():
    fields = {"a": 1, "b": 2}
    proof, root = prove(fields, salts_for(fields), "a"), commit(fields, salts_for(fields))
    for change in ({"value": 1.5}, {"salt": b""}, {"size": 0}, {"index": -1}, {"size": 1}):
        assert not verify_field(root, replace(proof, **change))
