"""What makes an agreement: both signatures, by the known roots, version by version."""

import dataclasses
import json

import pytest

from safeconduct.agreements.agreement import Agreement, digest, to_json
from safeconduct.agreements.signing import (
    Signature,
    add_signature,
    decode_signed,
    encode_signed,
    fully_signed,
    next_version,
    propose,
    sign,
)
from safeconduct.errors import BadInput, Refusal

NEXT = {"version": 2, "deadline": "2021-09-11T19:29:00Z"}


def _next(agreement, **changes):
    return dataclasses.replace(agreement, **{**NEXT, "previous": digest(agreement).hex(), **changes})


@pytest.mark.seed("S-01")
def test_agreement_signed_by_one_party_opens_nothing(agreement, keys):
    proposed = propose(agreement, sign(agreement, keys["evac"]))
    assert fully_signed(proposed) == Refusal("not-both-signed", "missing: cordon")
    signed = add_signature(proposed, sign(agreement, keys["cordon"]))
    assert fully_signed(signed, pinned={name: keys[name].public for name in ("evac", "cordon")}) == agreement


def test_stranger_cannot_sign_and_its_signature_counts_for_nothing(agreement, keys, sign_both):
    assert sign(agreement, keys["stranger"]) == Refusal("wrong-root", "the key belongs to neither party")
    signed = add_signature(sign_both(agreement, to_json(agreement)), Signature("third", bytes(64)))
    assert fully_signed(signed) == Refusal("not-both-signed", "a stranger's signature")


def test_wrong_signature_is_named(agreement, keys, sign_both):
    signed = sign_both(agreement, to_json(agreement))
    forged = add_signature(signed, Signature("cordon", signed.signatures["evac"]))
    assert fully_signed(forged) == Refusal("not-both-signed", "the signature of cordon is wrong")


def test_root_that_this_node_does_not_know_is_refused(agreement, keys, sign_both):
    signed = sign_both(agreement, to_json(agreement))
    other = {"evac": keys["evac"].public, "cordon": keys["stranger"].public}
    assert fully_signed(signed, pinned=other) == Refusal("wrong-root", "cordon")
    assert fully_signed(signed, pinned={}) == Refusal("wrong-root", "evac")


def test_same_terms_in_other_bytes_are_refused(agreement, sign_both):
    spaced = json.dumps(json.loads(to_json(agreement)), indent=1).encode()
    with pytest.raises(BadInput) as caught:
        fully_signed(sign_both(agreement, spaced))
    assert caught.value.code == "not-canonical"


@pytest.mark.seed("S-54", "S-64")
def test_deadline_changes_only_by_a_version_that_both_signed(agreement, keys, sign_both):
    later = _next(agreement)
    assert next_version(agreement, propose(later, sign(later, keys["evac"]))) == Refusal(
        "not-both-signed", "missing: cordon"
    )
    changed = next_version(agreement, sign_both(later, to_json(later)))
    assert isinstance(changed, Agreement) and changed.deadline == "2021-09-11T19:29:00Z"


@pytest.mark.seed("S-64")
def test_signatures_of_one_version_do_not_cover_a_wider_scope(agreement, sign_both):
    wider = _next(agreement, scope=(*agreement.scope, "trade"))
    old_signatures = sign_both(agreement, to_json(wider))
    assert next_version(agreement, old_signatures) == Refusal("not-both-signed", "the signature of evac is wrong")


@pytest.mark.parametrize("changes", [{"version": 3}, {"previous": "00" * 32}, {"id": "corridor-b"}])
def test_version_that_does_not_follow_is_refused(agreement, sign_both, changes):
    later = _next(agreement, **changes)
    refusal = next_version(agreement, sign_both(later, to_json(later)))
    assert isinstance(refusal, Refusal) and refusal.code == "not-next-version"


def test_new_version_cannot_bring_a_new_root(agreement, keys, sign_both):
    evac, cordon = agreement.parties
    taken = dataclasses.replace(cordon, root_public=keys["stranger"].public.hex())
    later = _next(agreement, parties=(evac, taken))
    signed = add_signature(
        propose(later, sign(later, keys["evac"])), Signature("cordon", sign(later, keys["stranger"]).signature)
    )
    assert fully_signed(signed) == later, "consistent in itself"
    assert next_version(agreement, signed) == Refusal("wrong-root", "cordon")


def test_signed_agreement_survives_its_file(agreement, sign_both):
    signed = sign_both(agreement, to_json(agreement))
    assert decode_signed(encode_signed(signed)) == signed


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"agreement":1,"signatures":{}}', "bad-field"),
        (b'{"agreement":"","signatures":[]}', "bad-field"),
        (b'{"agreement":"","signatures":{"evac":"00"}}', "bad-field"),
        (b'{"agreement":"","signatures":{},"more":1}', "unknown-field"),
        (b"{", "bad-json"),
    ],
)
def test_broken_file_is_refused(data, code):
    with pytest.raises(BadInput) as caught:
        decode_signed(data)
    assert caught.value.code == code
