"""The decision on one scan: one reason, in a fixed order."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.errors import REFUSALS
from safeconduct.gate.decide import NEXT_STEPS, PHONE_STEPS, Scan, UsedHere, decide
from safeconduct.passes import batch as batches
from safeconduct.passes import binding, issue, revocation
from safeconduct.passes.holding import make_proof
from safeconduct.passes.pass_format import EPOCH, QUARTER, to_text
from safeconduct.seal.keys import SigningKey
from unit.passes.passes_world import (
    BATCH,
    CAPACITY,
    DAY,
    ENTRY,
    FIELDS,
    HOUR,
    IDENTITY,
    NOON,
    OTHER,
    ROOT,
    START,
    STATUS,
    a_pass,
    loaded,
    revocations,
)

BUNDLE = loaded()
GATE = "gate-north"
WORDS = "abandon ability able about"


def scan(raw, point=GATE, now=NOON, bundle=BUNDLE, used=None, **more):
    return decide(bundle, used or UsedHere(), Scan(raw, point, now, **more))


def bound(kind, secret, index=7):
    digest = binding.bind(secret, IDENTITY, index, ENTRY.pepper, "std")
    return a_pass(index=index, binding_kind=kind, binding=digest)


@pytest.mark.seed("S-11", "S-18")
def test_a_good_pass_is_admitted_at_its_gate_in_its_window():
    decision = scan(a_pass())
    assert (decision.admit, decision.reason, decision.batch, decision.index) == (True, "ok", IDENTITY, 7)
    assert (decision.heads, decision.pass_class, decision.next_step) == (5, 0, "let through")
    assert decision.warnings == ("no-binding",)
    assert scan(to_text(a_pass())) == decision


@pytest.mark.parametrize("raw", [b"", b"\x10" * 95, b"\x10" * 97, bytes(96), "SC1:", "hello", to_text(bytes(96))])
def test_what_is_no_pass_is_malformed(raw):
    decision = scan(raw)
    assert (decision.admit, decision.reason, decision.batch, decision.index) == (False, "malformed", None, None)


@pytest.mark.seed("S-17")
@pytest.mark.parametrize(
    ("point", "reason"), [("nowhere", "unknown-point"), ("gate-east", "point-closed"), ("cordon-2", "point-hold")]
)
def test_nobody_passes_at_an_unknown_closed_or_held_point(point, reason):
    assert scan(a_pass(), point=point).reason == reason


@pytest.mark.seed("S-26")
def test_a_hold_tells_the_guard_to_wait_and_not_why():
    decision = scan(a_pass(), point="cordon-2")
    assert (decision.admit, decision.reason) == (False, "point-hold")
    shown = decision.next_step + REFUSALS[decision.reason]
    assert "wait" in shown
    assert not {"threat", "attack", "bomb", "source", "warning"} & set(shown.replace(";", " ").split())


def test_a_pass_that_the_asker_signed_itself_needs_no_second_look_at_its_signature():
    broken = a_pass()[:-1] + bytes([a_pass()[-1] ^ 1])
    assert scan(broken).reason == "bad-signature"
    assert scan(broken, signed=bytes(32)).reason == "bad-signature", "of another batch"
    assert scan(a_pass(), signed=IDENTITY) == scan(a_pass())
    assert scan(broken, signed=IDENTITY).reason == "ok"
    assert scan(a_pass(), signed=IDENTITY, point="gate-east").reason == "point-closed", "all else is judged as ever"
    assert scan(a_pass(), signed=IDENTITY, now=START - DAY).reason != "ok"


def test_an_unknown_key_is_not_called_a_forgery():
    other = batches.identity(replace(ENTRY, capacity=5))
    assert scan(a_pass(identity=other, key_id=other[:4])).reason == "unknown-key"


@pytest.mark.seed("S-11")
@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"pass_class": 5},
        {"index": 13},
        {"index": CAPACITY},
        {"points": 2},
        {"not_before": START + DAY},
        {"not_before": START, "length": 1},
        {"heads": 1},
        {"binding_kind": 1, "binding": b"x" * 16},
    ],
)
def test_a_forger_learns_nothing_but_that_the_signature_is_wrong(claims):
    used = UsedHere({(IDENTITY, 7)}, {(IDENTITY, 8)})
    decision = scan(a_pass(key=OTHER, **claims), used=used, heads=9)
    assert decision == scan(a_pass(key=OTHER))
    assert (decision.reason, decision.batch, decision.index, decision.heads) == ("bad-signature", None, None, 0)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 767))
def test_every_flipped_bit_is_refused(bit):
    raw = bytearray(a_pass())
    raw[bit // 8] ^= 1 << bit % 8
    decision = scan(bytes(raw))
    assert not decision.admit
    assert decision.reason in {"malformed", "unknown-key", "bad-signature"}


def test_a_pass_of_another_agreement_is_void_even_with_the_same_key():
    foreign = replace(ENTRY, agreement_id="other")
    identity = batches.identity(foreign)
    raw = issue.sign_pass(replace(FIELDS, key_id=identity[:4]), identity, BATCH)
    crossed = raw[:1] + IDENTITY[:4] + raw[5:]
    assert scan(raw).reason == "unknown-key"
    assert scan(crossed).reason == "bad-signature"


def test_the_second_batch_with_the_same_key_id_is_tried_too():
    (good,) = BUNDLE.by_key_id[IDENTITY[:4]]
    wrong = replace(good, verify_key=OTHER.verify_key)
    assert scan(a_pass(), bundle=replace(BUNDLE, by_key_id={IDENTITY[:4]: [wrong, good]})).admit


REASONS_AFTER_SIGNATURE = [
    ({"pass_class": 5}, {}, "class-not-in-batch"),
    ({"index": CAPACITY}, {}, "out-of-batch"),
    ({"not_before": START - QUARTER}, {}, "out-of-batch"),
    ({"not_before": START + 6 * DAY - HOUR}, {}, "out-of-batch"),
    ({"index": 13}, {}, "revoked"),
    ({"points": 2}, {}, "wrong-point"),
    ({"points": 0x8000}, {}, "wrong-point"),
    ({}, {"now": START + HOUR - 1}, "not-yet"),
    ({}, {"now": START + 5 * HOUR}, "expired"),
    ({}, {"used": UsedHere({(IDENTITY, 7)})}, "used-here"),
    ({}, {"used": UsedHere(elsewhere={(IDENTITY, 7)})}, "used-elsewhere"),
    ({}, {"heads": 6}, "heads-differ"),
    ({"binding_kind": 1, "binding": b"x" * 16}, {}, "binding-needed"),
    ({"binding_kind": 3, "binding": b"x" * 16}, {"words": WORDS}, "binding-needed"),
    ({"binding_kind": 3, "binding": b"x" * 16}, {"proof": "SCH1:"}, "binding-failed"),
]


@pytest.mark.seed("S-11")
@pytest.mark.parametrize(("change", "presented", "reason"), REASONS_AFTER_SIGNATURE)
def test_each_reason_is_given_by_itself(change, presented, reason):
    decision = scan(a_pass(**change), **presented)
    assert (decision.admit, decision.reason, decision.batch) == (False, reason, IDENTITY)
    assert decision.index == change.get("index", 7)


@pytest.mark.parametrize("now", [START + HOUR, START + 5 * HOUR - 1])
def test_the_window_holds_from_its_first_second_to_its_last(now):
    assert scan(a_pass(), now=now).admit


def test_the_reason_that_is_final_stands_first():
    everything = {"index": 13, "points": 2, "binding_kind": 1, "binding": b"x" * 16}
    both = {(IDENTITY, 13), (IDENTITY, 20)}
    used = UsedHere(set(both), set(both))
    presented = {"now": START, "used": used, "heads": 9}
    order = ["revoked", "wrong-point", "not-yet", "used-here", "used-elsewhere", "heads-differ", "binding-needed"]
    mended = [
        lambda: everything.update(index=20),
        lambda: everything.update(points=1),
        lambda: presented.update(now=NOON),
        used.here.clear,
        used.elsewhere.clear,
        lambda: presented.update(heads=5),
    ]
    seen = [scan(a_pass(**everything), **presented).reason]
    for mend in mended:
        mend()
        seen.append(scan(a_pass(**everything), **presented).reason)
    assert seen == order


def test_the_guard_is_told_where_and_when():
    assert scan(a_pass(points=2)).next_step == "send to cordon-1"
    assert scan(a_pass(), now=START).next_step == "ask to come back at 2021-08-23 01:00 UTC"
    assert (START - EPOCH) % DAY == 0


@pytest.mark.seed("S-11")
def test_words_open_a_bound_pass_and_wrong_words_do_not():
    raw = bound(1, binding.secret_of(WORDS))
    assert scan(raw, words="ABANDON  ability, Able about").admit
    assert scan(raw, words=WORDS).warnings == ()
    assert scan(raw, words="abandon ability able above").reason == "binding-failed"
    assert scan(raw, words="").reason == "binding-needed"


def test_the_guard_is_told_to_ask_for_the_phone_and_not_for_words():
    phone = SigningKey.from_seed(bytes(range(32)))
    raw = a_pass(binding_kind=3, binding=binding.bind_phone(phone.public))
    asked = scan(raw, words=WORDS)
    assert (asked.reason, asked.next_step) == ("binding-needed", "ask for the code on their phone")
    wrong = scan(raw, proof=make_proof(OTHER, raw, GATE, NOON))
    assert (wrong.reason, wrong.next_step.split(",")[0]) == ("binding-failed", "ask for a new code on their phone")
    right = scan(raw, proof=make_proof(phone, raw, GATE, NOON))
    assert (right.admit, right.warnings, right.next_step) == (True, (), "let through")
    gone = scan(raw, proof=make_proof(phone, raw, GATE, NOON), used=UsedHere({(IDENTITY, 7)}))
    assert (gone.reason, gone.next_step) == ("used-here", NEXT_STEPS["used-here"])
    assert set(PHONE_STEPS) <= set(NEXT_STEPS)


def test_a_pass_bound_to_a_document_needs_both():
    raw = bound(2, binding.secret_of(WORDS, "P 1234"))
    assert scan(raw, words=WORDS, document="p-1234").admit
    assert scan(raw, words=WORDS).reason == "binding-needed"
    assert scan(raw, words=WORDS, document="p-1235").reason == "binding-failed"


def test_the_bundle_that_is_stale_warns_or_refuses_as_agreed():
    late = a_pass(not_before=START + 2 * DAY)
    now = START + 2 * DAY
    assert scan(late, now=now).warnings == ("bundle-stale", "no-binding")
    strict = loaded(stale_policy="refuse")
    assert scan(late, now=now, bundle=strict).reason == "bundle-stale"
    assert scan(a_pass(), bundle=strict).admit
    assert scan(late, now=START + 3 * DAY, bundle=strict).reason == "bundle-expired"
    unwarned = loaded(stale_hours=24 * 7)
    assert scan(late, now=START + 3 * DAY, bundle=unwarned).reason == "bundle-expired"


def test_fewer_people_than_the_pass_says_are_counted_as_they_are():
    decision = scan(a_pass(), heads=3)
    assert (decision.admit, decision.heads, decision.warnings) == (True, 3, ("no-binding", "heads-fewer"))
    assert scan(a_pass(), heads=5).warnings == ("no-binding",)


def test_a_decision_changes_nothing_and_use_is_marked_once():
    used = UsedHere()
    assert scan(a_pass(), used=used) == scan(a_pass(), used=used)
    assert not used.contains(IDENTITY, 7)
    assert used.add(IDENTITY, 7)
    assert not used.add(IDENTITY, 7)
    assert used.contains(IDENTITY, 7)
    assert scan(a_pass(), used=used).reason == "used-here"


def test_a_device_forgets_batches_whose_dates_are_over():
    used = UsedHere({(IDENTITY, 1), (bytes(32), 2)}, {(IDENTITY, 3), (bytes(32), 4)})
    used.forget({IDENTITY})
    assert (used.here, used.elsewhere) == ({(bytes(32), 2)}, {(bytes(32), 4)})


@pytest.mark.seed("S-11")
def test_a_pass_revoked_in_the_next_bundle_is_refused_without_network():
    assert scan(a_pass()).admit
    later = (revocation.sign(revocations([7], seq=2), STATUS),)
    assert scan(a_pass(), bundle=loaded(seq=4, revocations=later)).reason == "revoked"


def test_every_reason_has_wording_and_a_next_step():
    assert set(NEXT_STEPS) - {"ok"} <= set(REFUSALS)


@settings(deadline=None)
@given(
    st.binary(max_size=120)
    | st.text(max_size=160)
    | st.binary(min_size=96, max_size=96).map(lambda b: b"\x10" + IDENTITY[:4] + b[5:])
)
def test_any_scan_gets_a_decision(raw):
    decision = scan(raw)
    assert decision.reason in {"malformed", "unknown-key", "bad-signature"}


def test_a_batch_with_another_root_is_not_in_the_bundle_at_all():
    assert batches.open_batch(batches.sign_batch(ENTRY, OTHER), ROOT.verify_key).code == "bad-signature"
