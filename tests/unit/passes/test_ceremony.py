"""What a root key that is kept apart is asked for, and what it answers."""

import json
from pathlib import Path

import pytest

from safeconduct.agreements.agreement import to_json
from safeconduct.agreements.reading import from_json
from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import ceremony
from safeconduct.passes.batch import (
    BatchEntry,
    SignedBatch,
    StatusCertificate,
    encode_batch,
    encode_certificate,
    open_batch,
)
from safeconduct.passes.ceremony import (
    answer_request,
    decode_request,
    encode_made,
    encode_request,
    open_answer,
    open_made,
    request_answered,
)
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.signed import sign

ROOT, OTHER = SigningKey.from_seed(bytes([7]) * 32), SigningKey.from_seed(bytes([8]) * 32)
TWO = ("night desk", "legal desk")
ENTRY = encode_batch(
    BatchEntry("exercise-1", OTHER.public, (0,), ("gate-a",), 1_000, 2_000, 256, "std", "bip39-en", bytes(16))
)
STATUS = encode_certificate(StatusCertificate("exercise-1", OTHER.public, 1_000, 2_000))
CASES = json.loads((Path(__file__).parents[3] / "spec" / "vectors" / "agreement.json").read_text("utf-8"))


def agreement_bytes():
    return to_json(from_json(CASES["files"][0]["file"]["agreement"].encode()))


def request(items=None):
    return encode_request("evac", ROOT.public, 1_500, items or [("certificate", STATUS), ("batch", ENTRY)])


def answered(asked=None, by=TWO):
    return answer_request(asked or request(), ROOT, by=by, at=1_600)


def test_an_answer_carries_a_signature_for_each_item_in_its_own_domain():
    asked = request()
    made = open_answer(answered(asked), asked, ROOT.verify_key)
    assert (made.by, made.at, made.request) == (TWO, 1_600, request_answered(answered(asked)))
    entry = open_batch(SignedBatch(ENTRY, made.signatures[1]), ROOT.verify_key)
    assert entry.capacity == 256
    assert ROOT.verify_key.verify(made.signatures[0], ceremony.message_of("certificate", STATUS))
    assert [item.kind for item in decode_request(asked).items] == ["certificate", "batch"]


def test_another_root_one_person_or_one_person_twice_signs_nothing():
    assert answer_request(request(), OTHER, by=TWO, at=1).code == "wrong-root"
    assert answer_request(request(), ROOT, by=("desk", "desk"), at=1).code == "second-person-needed"
    assert encode_made(ROOT, by=("desk", "desk"), at=1).code == "second-person-needed"


def test_an_answer_to_another_request_is_refused():
    late = encode_request("evac", ROOT.public, 1_501, [("certificate", STATUS)])
    assert open_answer(answered(), late, ROOT.verify_key).code == "unknown-root-request"


def test_an_answer_that_another_key_signed_or_that_was_changed_is_refused():
    assert open_answer(answered(), request(), OTHER.verify_key) == Refusal("bad-signature", "root answer")
    fields = decode_cbor(answered(), where="answer")
    for name, value in (("at", 5), ("signatures", [bytes(64), fields["signatures"][1]])):
        assert open_answer(encode_cbor({**fields, name: value}), request(), ROOT.verify_key).code == "bad-signature"
    again = encode_cbor({**fields, "by": ["desk", "desk"]})
    assert open_answer(again, request(), ROOT.verify_key).code == "second-person-needed"


@pytest.mark.parametrize("signatures", [[bytes(64)] * 2, [bytes(64)]])
def test_an_answer_rightly_signed_as_a_whole_but_not_item_by_item_is_refused(signatures):
    fields = {**decode_cbor(answered(), where="answer"), "signatures": signatures}
    del fields["signature"]
    fields["signature"] = sign(ceremony.ANSWER_DOMAIN, encode_cbor(fields), ROOT)
    assert open_answer(encode_cbor(fields), request(), ROOT.verify_key).code == "bad-signature"


@pytest.mark.parametrize(
    ("items", "code"),
    [([], "bad-root-request"), ([("other", STATUS)], "bad-root-request"), ([("batch", b"x")], "bad-cbor"),
     ([("batch", STATUS)], "bad-batch"), ([("certificate", ENTRY)], "bad-certificate"),
     ([("agreement", b"{}")], "missing-field")],
)  # fmt: skip
def test_a_request_for_what_the_root_does_not_sign_is_refused(items, code):
    with pytest.raises(BadInput) as raised:
        encode_request("evac", ROOT.public, 1, items)
    assert raised.value.code == code


def test_an_agreement_is_signed_in_its_canonical_bytes_only():
    data = agreement_bytes()
    asked = encode_request("evac", ROOT.public, 1, [("agreement", data)])
    [signature] = open_answer(answered(asked), asked, ROOT.verify_key).signatures
    assert ROOT.verify_key.verify(signature, b"safeconduct.agreement.1\x00" + data)
    with pytest.raises(BadInput) as raised:
        encode_request("evac", ROOT.public, 1, [("agreement", data + b"\n")])
    assert raised.value.code == "not-canonical"


def test_a_root_card_names_its_key_and_who_made_it():
    card = encode_made(ROOT, by=TWO, at=99)
    made = open_made(card)
    assert (made.public, made.by, made.at) == (ROOT.public, TWO, 99)
    forged = encode_cbor({**decode_cbor(card, where="card"), "public": OTHER.public})
    assert open_made(forged).code == "bad-signature"
    with pytest.raises(BadInput):
        open_made(encode_cbor({}))
