"""After a release: corrections and withdrawals, in whatever order they arrive, and the sharing log of all of it."""

import json
from itertools import permutations

import pytest

from safeconduct.alerts import release as releases
from safeconduct.alerts.stix import StixIds, decode_stix, encode_stix, to_stix
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_cbor
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.correct_release import correct_release
from safeconduct.workflows.draft_release import draft_release
from safeconduct.workflows.envelopes import send
from safeconduct.workflows.list_shares import list_shares
from safeconduct.workflows.receive_envelope import receive_envelope
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.show_desk import show_desk
from safeconduct.workflows.show_release import show_release
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.show_versions import exact_view, show_versions
from safeconduct.workflows.withdraw_release import withdraw_release
from workflows.release_samples import FIRST, SECOND, acknowledge, enter, ready, release, report_of
from workflows.two_nodes import HOUR, PROTECT


@pytest.fixture
def released(world):
    release(ready(world))
    return world


def correct(world, reason="the window is longer", **changes):
    fields = {"window_to": report_of(world)["window_to"] + 2 * HOUR, **changes}
    other = enter(world, f"corrected-{world.evac.clock.now()}", **fields)
    return correct_release(world.evac, world.release, other, purpose=PROTECT, reason=reason, by=FIRST)


def withdraw(world):
    return withdraw_release(world.evac, world.release, reason="it was a rumour", by=FIRST)


def held(node, release_id):
    """What counts, and every version that is held, without the times of arrival."""
    with node.store.reading() as tx:
        row = tx.alerts.release(release_id)
        return row.body, [one.body for one in tx.alerts.versions(release_id)]


@pytest.mark.seed("S-04")
def test_a_correction_is_a_new_version_that_must_be_acknowledged_and_stays_listed_until_it_is(released):
    released.settle()
    acknowledge(released, "accepted")
    released.settle()
    assert show_desk(released.evac).must == ()
    made = correct(released)
    assert (made.release_id, made.derivation.release.version) == (released.release, 2)
    assert [(k, a.status) for k, a in released.settle()] == [("release", "taken")]
    [must] = show_desk(released.evac).must
    assert (must.id, must.missing) == (released.release, "correction")
    [ours] = show_room(released.evac).warnings
    assert (ours.state, ours.version, ours.pending, ours.acknowledged_at) == ("unanswered", 2, "correction", None)
    released.move(released.evac.clock.now() + 600)
    acknowledge(released, "received")
    released.settle()
    assert show_desk(released.evac).must == ()
    first, second = show_versions(released.evac, released.release)
    assert (first.kind, second.kind, second.reason, second.by) == (
        "warning", "correction", "the window is longer", "duty officer",
    )  # fmt: skip
    assert [name for name, _, _ in second.changes] == ["window", "valid until"]
    assert first.acknowledged_at and second.acknowledged_at > first.acknowledged_at


def test_a_withdrawal_reaches_the_partner_also_while_sharing_is_suspended_and_must_be_acknowledged(released):
    released.settle()
    change_state(released.evac, "breach", "the road was closed")
    released.settle()
    released.move(released.evac.clock.now() + HOUR)
    assert isinstance(withdraw(released), int)
    assert [(k, a.status) for k, a in released.settle()] == [("release", "taken")]
    for node in (released.evac, released.cordon):
        [seen] = show_room(node).warnings
        assert (seen.state, seen.pending) == ("withdrawn", "withdrawal")
    assert [one.missing for one in show_desk(released.evac).must] == ["withdrawal"]
    assert isinstance(acknowledge(released, "received"), int)
    released.settle()
    assert show_desk(released.evac).must == ()
    assert show_versions(released.evac, released.release)[-1].changes[0] == ("the warning", "stands", "withdrawn")


def test_what_was_withdrawn_is_changed_no_more_and_the_report_can_be_released_anew(released):
    withdraw(released)
    assert withdraw(released).code == "already-withdrawn"
    assert correct(released).code == "already-withdrawn"
    again = release_warning(released.evac, released.report, purpose=PROTECT, by=FIRST)
    assert not isinstance(again, Refusal), again
    assert again.release_id != released.release


def test_a_correction_keeps_the_ids_of_its_stix_objects_and_no_time_of_a_later_version_is_finer(released):
    correct(released)
    released.move(released.evac.clock.now() + 1_234)
    withdraw(released)
    with released.evac.store.reading() as tx:
        bodies = [json.loads(_body(entry.envelope)) for entry in tx.ledger.find("out:release")]
    ids = [{o["id"] for o in one["objects"] if o["type"] in ("report", "location")} for one in bodies]
    assert ids[0] == ids[1] == ids[2] and len({one["id"] for one in bodies}) == 3
    for one in bodies:
        made = decode_stix(json.dumps(one).encode())
        times = (made.window_from, made.window_to, made.first_issued, made.issued, made.expires)
        assert all(at % 7_200 == 0 for at in times)


def _body(envelope):
    return decode_cbor(decode_cbor(envelope, where="x")["e"], where="x")["body"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_versions_arrive_both_ends_agree(released, order):
    correct(released)
    withdraw(released)
    with released.evac.store.reading() as tx:
        wires = [row.wire for row in tx.outbox.due(500) if row.kind == "release"]
    assert len(wires) == 3
    for place in (*order, *order):  # and each one twice
        assert receive_envelope(released.cordon, wires[place]).status in ("taken", "duplicate")
    assert held(released.cordon, released.release) == held(released.evac, released.release)
    [seen] = show_room(released.cordon).warnings
    assert (seen.state, seen.version) == ("withdrawn", 3)


def test_an_older_version_that_comes_late_changes_nothing_that_counts(released):
    correct(released)
    with released.evac.store.reading() as tx:
        first, second = [row.wire for row in tx.outbox.due(500) if row.kind == "release"]
    receive_envelope(released.cordon, second)
    before, _ = held(released.cordon, released.release)
    receive_envelope(released.cordon, first)
    assert held(released.cordon, released.release)[0] == before
    assert [releases.from_json(body).version for body in held(released.cordon, released.release)[1]] == [1, 2]


def test_another_text_under_a_known_number_and_a_withdrawn_warning_that_comes_to_life_are_not_taken(released):
    released.settle()
    withdraw(released)
    released.settle()
    with released.evac.store.reading() as tx:
        gone = releases.from_json(tx.alerts.release(released.release).body)
    fields = {"version": 1, "advised_action": "take-shelter"}
    _forge(released, gone, **fields)
    assert [a.code for _, a in released.settle()] == ["version-differs"]
    _forge(released, gone, version=9, revoked=False)
    released.settle()
    assert show_room(released.cordon).warnings[0].state == "withdrawn"


def _forge(world, release_, **changes):
    plain = {**releases.plain_fields(release_), **changes}
    body = releases.from_json(json.dumps(plain).encode())
    ids = StixIds(*(world.evac.random.id() for _ in range(3)))
    with world.evac.store.transaction() as tx:
        send(world.evac, tx, to="cordon", kind="release", agreement="kabul-2021", body=encode_stix(to_stix(body, ids)))


def test_our_own_release_under_the_partners_name_is_not_taken(released):
    released.settle()
    with released.evac.store.reading() as tx:
        ours = releases.from_json(tx.alerts.release(released.release).body)
    plain = {**releases.plain_fields(ours), "partner": "evac"}
    made = releases.from_json(json.dumps(plain).encode())
    ids = StixIds(*(released.cordon.random.id() for _ in range(3)))
    with released.cordon.store.transaction() as tx:
        body = encode_stix(to_stix(made, ids))
        send(released.cordon, tx, to="evac", kind="release", agreement="kabul-2021", body=body)
    assert [a.code for _, a in released.settle()] == ["not-for-us"]


@pytest.mark.parametrize("by", ["liaison", "reader", SECOND])
def test_only_an_office_with_the_role_corrects_or_withdraws(released, by):
    assert withdraw_release(released.evac, released.release, reason="x", by=by).code == "role-needed"
    made = correct_release(released.evac, released.release, released.report, purpose=PROTECT, reason="x", by=by)
    assert made.code == "role-needed"


def test_a_correction_keeps_to_the_policy_and_what_goes_against_it_needs_two(released):
    soon = report_of(released)["window_from"] - 1_800
    released.move(soon)
    assert correct(released).code == "second-person-needed"
    with pytest.raises(BadInput):
        correct(released, reason=" ", details="other")
    enter(released, "vague", advised_action="")
    made = correct_release(released.evac, released.release, "vague", purpose=PROTECT, reason="x", by=FIRST)
    assert made.code == "too-vague-to-help"
    made = correct_release(released.evac, "unknown", released.report, purpose=PROTECT, reason="x", by=FIRST)
    assert made.code == "unknown-release"
    made = correct_release(released.evac, released.release, released.report, purpose="other", reason="x", by=FIRST)
    assert made.code == "purpose-missing"


def test_a_correction_sends_what_was_shown_or_nothing(released):
    enter(released, "longer", window_to=report_of(released)["window_to"] + 2 * HOUR)
    view = draft_release(released.evac, "longer", corrects=released.release)
    assert view.corrects == released.release and view.digest
    for seen, code in (("00" * 32, "changed-since-seen"), (view.digest, "")):
        made = correct_release(
            released.evac, released.release, "longer", purpose=PROTECT, reason="x", by=FIRST, seen=seen
        )
        assert getattr(made, "code", "") == code


# -- the sharing log ----------------------------------------------------------------------------------------------


@pytest.mark.seed("S-02")
def test_the_sharing_log_lists_every_version_to_a_party_since_a_day(released):
    released.settle()
    released.move(released.evac.clock.now() + 300)
    acknowledge(released, "received")
    released.settle()
    released.move(released.evac.clock.now() + 24 * HOUR)
    withdraw(released)
    with released.evac.store.reading() as tx:
        everything = list_shares(released.evac, tx)
        later = list_shares(released.evac, tx, since="2021-08-27", to="cordon")
        nothing = list_shares(released.evac, tx, to="somebody-else")
        with pytest.raises(BadInput):
            list_shares(released.evac, tx, since="yesterday")
    assert [(s.kind, s.version, s.to, s.by, s.minutes) for s in everything] == [
        ("warning", 1, "cordon", "duty officer", 5), ("withdrawal", 2, "cordon", "duty officer", None),
    ]  # fmt: skip
    assert [s.kind for s in later] == ["withdrawal"]
    assert nothing == ()
    assert show_desk(released.evac, since="2021-08-27").shares == later
    assert show_desk(released.evac).median_minutes == 5


@pytest.mark.seed("S-07")
def test_what_waits_for_the_partner_is_listed_with_how_long(released):
    released.settle()
    released.move(released.evac.clock.now() + 1_320)
    assert [(w.missing, w.minutes) for w in show_desk(released.evac).waiting] == [("acknowledgement", 22)]
    acknowledge(released, "accepted")
    released.settle()
    assert show_desk(released.evac).waiting == ()
    released.move(report_of(released)["window_to"] + 3 * HOUR)
    assert [w.missing for w in show_desk(released.evac).waiting] == ["outcome"]


@pytest.mark.seed("S-05")
def test_the_owner_sees_what_was_withheld_under_which_rule_and_the_exact_words_that_crossed(released):
    view = show_release(released.evac, released.release)
    withheld = {f.name: f.rule for f in view.fields if f.theirs is None}
    assert withheld["sources"] == "never leaves its node" and withheld["what"] == "free text never crosses"
    words = " ".join(text for _, text in exact_view(released.evac, released.release))
    assert "MARIGOLD" not in words and "Abbey" not in words
