"""The decision on six words, and the wait after wrong ones."""

from dataclasses import replace

import pytest

from safeconduct.errors import REFUSALS
from safeconduct.gate.decide import NEXT_STEPS, UsedHere
from safeconduct.gate.decide_spoken import SpokenScan, Tries, decide_spoken
from safeconduct.passes import revocation, spoken
from unit.passes.passes_world import DAY, HOUR, IDENTITY, NOON, START, STATUS, loaded, revocations

BUNDLE = loaded()
GATE = "gate-north"
WORDS = "abandon ability able about above absent"
EMPTY = spoken.SpokenTable(
    agreement_id=BUNDLE.agreement_id,
    salt=bytes(16),
    seed=b"",
    preset="std",
    word_list="bip39-en",
    keys=0,
    batches=(IDENTITY,),
    windows=((NOON - HOUR, 2 * HOUR), (NOON + HOUR, HOUR)),
    point_sets=((GATE,), ("gate-east",)),
    slots=b"",
)
MASTER = spoken.master_of(WORDS, EMPTY.salt, "std")


def table(**changes):
    one = replace(spoken.SpokenPass(7, 0, 5, 0, 0), **changes)
    return spoken.build(EMPTY, [(MASTER, one)], bytes(32))


TABLE = table()


def ask(words=WORDS, made=TABLE, bundle=BUNDLE, used=None, **more):
    scan = SpokenScan(**{"words": words, "point": GATE, "now": NOON} | more)
    return decide_spoken(replace(bundle, spoken=made), used or UsedHere(), scan)


def test_six_words_open_the_gate_and_others_do_not():
    found = ask()
    assert (found.admit, found.reason, found.batch, found.index, found.heads) == (True, "ok", IDENTITY, 7, 5)
    assert found.next_step == "let through"
    wrong = ask("abandon ability able about above absorb")
    assert (wrong.admit, wrong.reason, wrong.batch, wrong.heads) == (False, "binding-failed", None, 0)


@pytest.mark.parametrize(
    "said",
    ["0000 0001 0002 0003 0004 0005", "0 1 2 3 4 5", "۰۰۰۰ ۰۰۰۱ ۰۰۰۲ ۰۰۰۳ ۰۰۰۴ ۰۰۰۵", "٠٠٠٠٠٠٠١٠٠٠٢٠٠٠٣٠٠٠٤٠٠٠٥",
     "abandon 0001 able, 0003 above 0005"],
)  # fmt: skip
def test_numbers_stand_for_words_in_whatever_digits(said):
    assert ask(said).reason == "ok"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"now": NOON - 2 * HOUR}, "not-yet"),
        ({"now": NOON + HOUR}, "expired"),
        ({"heads": 6}, "heads-differ"),
        ({"point": "nowhere"}, "unknown-point"),
        ({"point": "gate-east"}, "point-closed"),
        ({"point": "cordon-2"}, "point-hold"),
        ({"now": BUNDLE.expires}, "bundle-expired"),
        ({"made": None}, "no-spoken-passes"),
        ({"made": table(points=1)}, "wrong-point"),
        ({"used": UsedHere({(IDENTITY, 7)})}, "used-here"),
        ({"used": UsedHere(elsewhere={(IDENTITY, 7)})}, "used-elsewhere"),
    ],
)
def test_each_reason_is_given_by_itself(changes, reason):
    found = ask(**changes)
    assert (found.admit, found.reason) == (False, reason)
    assert found.next_step.startswith(NEXT_STEPS[reason])
    assert reason in REFUSALS


def test_a_revoked_spoken_pass_is_refused_like_any_other():
    bundle = loaded(revocations=(revocation.sign(revocations((7,)), STATUS),))
    assert ask(bundle=bundle).reason == "revoked"


def test_a_stale_bundle_warns_or_refuses_as_agreed():
    warned = ask(bundle=replace(BUNDLE, stale_from=NOON))
    assert (warned.admit, warned.warnings) == (True, ("bundle-stale",))
    assert ask(bundle=replace(BUNDLE, stale_from=NOON, stale_policy="refuse")).reason == "bundle-stale"


def test_fewer_people_are_counted_as_they_are():
    found = ask(heads=3)
    assert (found.admit, found.heads, found.warnings) == (True, 3, ("heads-fewer",))
    assert ask(heads=5).warnings == ()


def test_wrong_answers_cost_a_wait_that_doubles_to_an_hour():
    tries, of = Tries(), (IDENTITY, 7)
    waits = []
    now = START
    for _ in range(12):
        waits.append(tries.wait(of, now))
        now += waits[-1]
        assert tries.wait(of, now) == 0
        tries.note(of, now, right=False)
    assert waits == [0, 0, 0, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]
    assert tries.wait(None, now) == 0  # of spoken passes nobody has tried any
    assert tries.wait(of, now + 10) == 3_590
    assert tries.wait(of, now - DAY) == 3_600  # a clock set back neither helps nor locks out for a day
    tries.note(of, now + DAY, right=True)
    assert tries.wait(of, now + DAY) == 0
    tries.note(None, now, right=True)
