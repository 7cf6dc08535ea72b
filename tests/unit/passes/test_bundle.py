"""Trust bundles: every step of opening one fails by itself."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import batch, bundle, bundle_format, revocation, spoken
from safeconduct.seal import canonical
from unit.passes.passes_world import (
    AGREEMENT,
    BATCH,
    CERTIFICATE,
    DAY,
    ENTRY,
    IDENTITY,
    NOON,
    OTHER,
    POINTS,
    ROOT,
    START,
    STATUS,
    loaded,
    open_bundle,
    revocations,
    signed_bundle,
    trust_bundle,
)


def code(answer):
    assert isinstance(answer, Refusal)
    return answer.code


def test_a_bundle_comes_back_as_it_was_signed():
    made = trust_bundle()
    assert bundle_format.decode(bundle_format.encode(made)) == made


def test_a_name_in_dari_keeps_its_joiners():
    name = "دروازه\u200cی شمالی"
    points = (replace(POINTS[0], names={"prs": name}),)
    assert bundle_format.decode(bundle_format.encode(trust_bundle(points=points))).points[0].names == {"prs": name}


@pytest.mark.seed("S-17", "S-18")
def test_a_bundle_tells_holder_state_and_chain_of_each_control_point():
    points = loaded().points
    gate = points["gate-north"]
    assert (gate.ring, gate.holder, gate.state) == ("gate", "evac", "open")
    assert [(points[name].ring, points[name].holder) for name in gate.upstream] == [("outer", "cordon")]


@pytest.mark.seed("S-11")
def test_an_opened_bundle_is_ready_to_scan():
    opened = loaded()
    (found,) = opened.by_key_id[IDENTITY[:4]]
    assert (found.identity, found.entry, found.verify_key.raw) == (IDENTITY, ENTRY, BATCH.public)
    assert found.revoked == {13, 14, 900}
    assert found.point_bits == {"gate-north": 1, "cordon-1": 2}
    assert (opened.seq, opened.stale_from, opened.expires) == (3, START + DAY, START + 3 * DAY)


def test_two_batches_with_one_key_id_are_both_candidates(monkeypatch):
    second = replace(ENTRY, pepper=bytes(16))
    identity = batch.identity(second)
    monkeypatch.setattr(bundle, "identity_of", lambda data: IDENTITY[:4] + batch.identity_of(data)[4:])
    lists = [
        revocation.sign(replace(revocations(), batch=IDENTITY[:4] + each[4:]), STATUS) for each in (IDENTITY, identity)
    ]
    batches = (batch.sign_batch(ENTRY, ROOT), batch.sign_batch(second, ROOT))
    opened = loaded(batches=batches, revocations=tuple(lists))
    assert len(opened.by_key_id[IDENTITY[:4]]) == 2


def test_the_life_of_a_list_bounds_the_life_of_its_bundle():
    short = revocation.sign(revocations(expires=START + DAY), STATUS)
    assert loaded(revocations=(short,)).expires == START + DAY
    assert code(open_bundle(signed_bundle(revocations=(short,)), now=START + DAY)) == "bundle-expired"


def test_step_2_a_status_key_that_the_root_did_not_certify_is_refused():
    assert code(open_bundle(signed_bundle(root=OTHER))) == "bad-status-key"


def test_step_3_a_changed_bundle_is_refused():
    items = canonical.decode_cbor(signed_bundle(), where="test")
    items[3] = bundle_format.encode(trust_bundle(seq=9))
    assert code(open_bundle(canonical.encode_cbor(items))) == "bad-signature"


def test_step_4_a_bundle_of_another_agreement_is_refused():
    assert code(open_bundle(signed_bundle(), agreement_id="other")) == "out-of-agreement"


def test_step_5_a_bundle_outside_its_certificate_is_refused(monkeypatch):
    monkeypatch.setattr(bundle_format, "covers", lambda *_: True)  # an issuer that does not check
    data = signed_bundle(certificate=replace(CERTIFICATE, not_after=START + DAY))
    foreign = signed_bundle(certificate=replace(CERTIFICATE, agreement_id="other"))
    early = signed_bundle(certificate=replace(CERTIFICATE, not_before=START + 1, not_after=START + 4 * DAY))
    monkeypatch.undo()
    for each in (data, foreign, early):
        assert code(open_bundle(each)) == "bad-status-key"


def test_step_6_an_older_bundle_is_refused_and_the_same_one_taken():
    assert code(open_bundle(signed_bundle(), highest_seq=4)) == "bundle-older"
    assert isinstance(open_bundle(signed_bundle(), highest_seq=3), bundle.LoadedBundle)


def test_step_7_an_expired_bundle_is_refused():
    assert isinstance(open_bundle(signed_bundle(), now=START + 3 * DAY - 1), bundle.LoadedBundle)
    assert code(open_bundle(signed_bundle(), now=START + 3 * DAY)) == "bundle-expired"


def test_a_phone_with_a_slow_clock_still_takes_revocations():
    assert isinstance(open_bundle(signed_bundle(), now=START - 10 * DAY), bundle.LoadedBundle)


def test_step_8_the_status_key_cannot_bring_in_a_batch():
    forged = batch.sign_batch(replace(ENTRY, public_key=OTHER.public), STATUS)
    assert code(open_bundle(signed_bundle(batches=(forged,)))) == "bad-signature"


def test_step_8_a_batch_of_another_agreement_is_refused():
    foreign = batch.sign_batch(replace(ENTRY, agreement_id="other"), ROOT)
    assert code(open_bundle(signed_bundle(batches=(foreign,)))) == "out-of-agreement"


def test_step_8_a_batch_that_comes_twice_is_refused():
    twice = (batch.sign_batch(ENTRY, ROOT),) * 2
    with pytest.raises(BadInput):
        open_bundle(signed_bundle(batches=twice))


def test_a_batch_with_a_weak_key_is_refused():
    weak = replace(ENTRY, public_key=bytes(32))
    fitting = revocation.sign(replace(revocations(), batch=batch.identity(weak)), STATUS)
    with pytest.raises(BadInput) as refused:
        open_bundle(signed_bundle(batches=(batch.sign_batch(weak, ROOT),), revocations=(fitting,)))
    assert refused.value.code == "bad-key"


def test_step_9_a_batch_without_its_list_is_refused():
    assert code(open_bundle(signed_bundle(revocations=()))) == "revocations-missing"


def test_step_9_a_list_by_another_key_is_refused():
    forged = revocation.sign(revocations([]), OTHER)
    assert code(open_bundle(signed_bundle(revocations=(forged,)))) == "bad-signature"


@pytest.mark.parametrize("change", [{"batch": bytes(32)}, {"capacity": 1_001}])
def test_step_9_a_list_of_another_batch_or_size_is_refused(change):
    strange = revocation.sign(replace(revocations(), **change), STATUS)
    with pytest.raises(BadInput):
        open_bundle(signed_bundle(revocations=(strange,)))


def test_step_9_a_list_that_comes_twice_is_refused():
    with pytest.raises(BadInput):
        open_bundle(signed_bundle(revocations=(revocation.sign(revocations(), STATUS),) * 2))


def spoken_table(**changes):
    empty = spoken.SpokenTable(
        AGREEMENT, bytes(16), b"", "std", "bip39-en", 0, (IDENTITY,), ((NOON, DAY),), (("gate-north",),), b""
    )
    return spoken.encode(spoken.build(replace(empty, **changes), [], bytes(32)))


def test_spoken_passes_come_with_the_bundle_and_bundles_without_them_read_on():
    data = spoken_table()
    assert loaded(spoken=data).spoken == spoken.decode(data)
    assert bundle_format.decode(bundle_format.encode(trust_bundle(spoken=data))).spoken == data
    assert loaded().spoken is None
    assert "spoken" not in canonical.decode_cbor(bundle_format.encode(trust_bundle()), where="bundle")


def test_step_10_spoken_passes_of_another_agreement_or_batch_are_refused():
    assert code(loaded(spoken=spoken_table(agreement_id="other"))) == "out-of-agreement"
    with pytest.raises(BadInput, match="batches of the bundle"):
        loaded(spoken=spoken_table(batches=(IDENTITY, bytes(32))))
    with pytest.raises(BadInput) as refused:
        loaded(spoken=canonical.encode_cbor({}))
    assert refused.value.code == "bad-spoken"


def test_a_bundle_is_signed_only_within_its_certificate_and_by_its_key():
    sealed = batch.sign_certificate(CERTIFICATE, ROOT)
    bundle_format.sign_bundle(trust_bundle(expires=START + 7 * DAY), sealed, STATUS)
    for spoilt, key in (
        (trust_bundle(expires=START + 7 * DAY + 1), STATUS),
        (trust_bundle(issued=START - 1), STATUS),
        (trust_bundle(agreement_id="other"), STATUS),
        (trust_bundle(), OTHER),
    ):
        with pytest.raises(BadInput):
            bundle_format.sign_bundle(spoilt, sealed, key)


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 0},
        {"previous_hash": b""},
        {"expires": START},
        {"points": ()},
        {"points": (POINTS[0], POINTS[0])},
        {"points": (replace(POINTS[1], upstream=("gone",)), POINTS[0])},
        {"points": (replace(POINTS[0], upstream=("cordon-1",)),)},
        {"points": (replace(POINTS[0], ring="inner"),)},
        {"points": (replace(POINTS[0], state="shut"),)},
        {"points": (replace(POINTS[0], names={"en": ""}),)},
        {"points": (replace(POINTS[0], names={"en": "Gate \u202eetag"}),)},
        {"stale_hours": 0},
        {"stale_policy": "ignore"},
        {"advice": "x" * 4_001},
        {"rules_version": 0},
        {"agreement_id": AGREEMENT * 10},
        {"spoken": b""},
    ],
)
def test_a_bundle_that_does_not_fit_is_refused_by_name(change):
    with pytest.raises(BadInput) as refused:
        bundle_format.encode(trust_bundle(**change))
    assert refused.value.code == "bad-bundle"


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_as_bad_input(data):
    with pytest.raises(BadInput):
        open_bundle(data)
    with pytest.raises(BadInput):
        bundle_format.decode(data)


@given(st.data())
def test_every_changed_byte_and_every_cut_is_refused(data):
    good = signed_bundle()
    at = data.draw(st.integers(0, len(good) - 1))
    flipped = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    for spoilt in (flipped, good[:at]):
        with contextlib.suppress(BadInput):
            assert isinstance(open_bundle(spoilt, now=NOON), Refusal)
