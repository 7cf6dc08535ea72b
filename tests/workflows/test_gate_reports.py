"""What a node tells of its control points after merging: people let in, double uses, points passed by, harm."""

import pytest

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.gate.event import Event
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.read_gates import read_conflicts, read_harm, read_skips, read_tally
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.show_room import show_room
from workflows.two_nodes import HOUR, START, Phone

AT = START + 3 * HOUR
TEN_YEARS = 10 * 365 * 24 * HOUR


@pytest.fixture
def ready(world):
    """A world with passes issued and a bundle at both parties; the clock stands in the evening."""
    world.groups = world.enlist()
    world.passes = {(p.group, p.point): p.raw for p in world.issue(world.groups)}
    publish_bundle(world.evac)
    world.settle()
    world.gate = Phone(world.evac, "gate-phone-1", world.gates[0])
    world.second = Phone(world.evac, "gate-phone-2", world.gates[0])
    world.cordon_phone = Phone(world.cordon, "outer-phone-1", world.outer[0])
    world.settle()
    for phone in (world.gate, world.second, world.cordon_phone):
        phone.load(AT)
    world.move(START + 20 * HOUR)
    return world


def upload(world, phone, *events):
    assert not isinstance(receive_from_device(phone.node, phone.segment(list(events))), Refusal)
    world.settle()


def admitted(world, phone, number, at=AT):
    """Scan the pass of a group at the phone's point; return its event."""
    made, event = phone.scan(world.passes[world.groups[number], phone.point], at)
    assert made.admit
    return event


def event(phone, kind, at, heads=0, *, pass_=(None, None), note="", person_class=""):
    phone.seq += 1
    return Event(kind, phone.seq, *pass_, phone.point, at, heads, "", phone.bundle.seq, phone.bundle.ledger_index,
                 note, person_class)  # fmt: skip


def group(world, number):
    with world.evac.store.reading() as tx:
        [(_, heads, kind, _)] = tx.roll.groups([world.groups[number]])
    return heads, kind


# -- tally -------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-20")
def test_people_admitted_are_counted_by_point_class_and_day(ready):
    events = [admitted(ready, ready.gate, 0), admitted(ready, ready.gate, 1)]
    outer_pass = ready.passes[ready.groups[1], ready.outer[0]]
    upload(ready, ready.gate, *events, ready.gate.scan(outer_pass, AT)[1])
    upload(ready, ready.cordon_phone, admitted(ready, ready.cordon_phone, 0, START + 2 * HOUR + 60))
    expected = {}
    for point, number in ((ready.gates[0], 0), (ready.gates[0], 1), (ready.outer[0], 0)):
        heads, kind = group(ready, number)
        expected[point, kind, "2021-08-14"] = expected.get((point, kind, "2021-08-14"), 0) + heads
    assert {(x.point, x.person_class, x.day): x.people for x in read_tally(ready.evac)} == expected
    heads, _ = group(ready, 0)
    [theirs] = read_tally(ready.cordon)  # the other party issued no pass, and cannot tell the class
    assert (theirs.point, theirs.person_class, theirs.people) == (ready.outer[0], "unknown", heads)


@pytest.mark.seed("S-20")
def test_an_override_admits_too_and_without_a_pass_its_class_is_unknown(ready):
    refused = ready.gate.scan(ready.passes[ready.groups[1], ready.outer[0]], AT)[1]
    heads, kind = group(ready, 1)
    over = event(ready.gate, "override", AT, heads, pass_=(refused.batch, refused.index))
    upload(ready, ready.gate, refused, over, event(ready.gate, "override", AT, 3))
    assert {(x.person_class, x.people) for x in read_tally(ready.evac)} == {(kind, heads), ("unknown", 3)}


@pytest.mark.parametrize("off", [-TEN_YEARS, TEN_YEARS])
def test_a_clock_that_is_years_off_moves_nobody_to_another_day(ready, off):
    upload(ready, ready.gate, event(ready.gate, "override", AT + off, 3))
    assert [x.day for x in read_tally(ready.evac)] == ["2021-08-14"]


# -- conflicts ---------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-20")
def test_a_pass_used_twice_is_shown_with_places_times_and_whether_the_first_is_certain(ready):
    assert read_conflicts(ready.evac) == ()
    upload(ready, ready.second, admitted(ready, ready.second, 0, AT + 300))
    upload(ready, ready.gate, admitted(ready, ready.gate, 0))
    [found] = read_conflicts(ready.evac)
    assert [(u.point, u.holder, u.device, u.at) for u in found.uses] == [
        (ready.gates[0], "evac", "gate-phone-1", "2021-08-14T03:00:00Z"),
        (ready.gates[0], "evac", "gate-phone-2", "2021-08-14T03:05:00Z"),
    ]
    assert not found.first_certain  # both logs arrived after both uses
    assert all(u.after <= u.at <= u.before for u in found.uses)


def test_the_first_use_is_certain_when_its_log_was_in_before_the_second_device_spoke(ready):
    upload(ready, ready.gate, admitted(ready, ready.gate, 0))
    publish_bundle(ready.evac)
    ready.move(START + 21 * HOUR)
    publish_bundle(ready.evac)
    ready.second.load(START + 21 * HOUR)
    with ready.evac.store.reading() as tx:
        size = tx.ledger.size()
    late = event(ready.second, "override", AT + 300, 1, pass_=tuple(read_pass(ready)))
    late = Event(*[size if name == "log_size" else getattr(late, name) for name in late.__slots__])
    upload(ready, ready.second, late)
    [found] = read_conflicts(ready.evac)
    assert found.first_certain


def read_pass(world):
    with world.evac.store.reading() as tx:
        [row] = [r for r in tx.passes.of_groups([world.groups[0]]) if r.point == world.gates[0]]
        [batch] = tx.passes.batches()
    return batch.identity, row.index


# -- points passed by --------------------------------------------------------------------------------------------


@pytest.mark.seed("S-18")
def test_a_group_at_a_gate_that_no_outer_point_saw_is_named_with_the_holder_there(ready):
    upload(ready, ready.cordon_phone, admitted(ready, ready.cordon_phone, 0, AT - 600))
    upload(ready, ready.gate, admitted(ready, ready.gate, 0), admitted(ready, ready.gate, 1))
    [found] = read_skips(ready.evac)
    assert (found.group, found.gate, found.at) == (ready.groups[1], ready.gates[0], "2021-08-14T03:00:00Z")
    assert [(m.point, m.holder, m.last_heard) for m in found.missing] == [
        (ready.outer[0], "cordon", "2021-08-14T02:50:00Z")
    ]
    upload(ready, ready.cordon_phone, admitted(ready, ready.cordon_phone, 1, AT - 500))
    assert read_skips(ready.evac) == ()


@pytest.mark.seed("S-18")
def test_a_point_that_was_never_heard_says_so_and_a_revoked_outer_pass_is_not_missed(ready):
    upload(ready, ready.gate, admitted(ready, ready.gate, 0))
    assert [m.last_heard for x in read_skips(ready.evac) for m in x.missing] == [""]
    revoke_passes(ready.evac, [ready.groups[0]], "reported lost")
    assert read_skips(ready.evac) == ()


def test_without_an_agreement_no_gate_is_known(apart):
    with pytest.raises(SafeconductError) as caught:
        read_skips(apart.evac)
    assert caught.value.code == "no-agreement"


# -- harm --------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-24")
def test_beatings_and_turnings_away_are_two_lists_by_holder_and_point_on_both_sides(ready):
    phone = ready.cordon_phone
    upload(
        ready, phone,
        event(phone, "turned-away", AT + 60, 4, person_class="visa-holder"),
        event(phone, "assault", AT, 1, note="medical help given", person_class="citizen"),
        event(phone, "turned-away", AT - 60, 2),
    )  # fmt: skip
    for node in (ready.evac, ready.cordon):
        beaten, away = read_harm(node)
        assert (beaten.holder, beaten.point, beaten.kind) == ("cordon", ready.outer[0], "assault")
        assert (beaten.times, beaten.people) == (1, 1)
        assert [(a.person_class, a.follow_up) for a in beaten.acts] == [("citizen", "medical help given")]
        assert (away.kind, away.times, away.people) == ("turned-away", 2, 6)
        assert [a.at for a in away.acts] == ["2021-08-14T02:59:00Z", "2021-08-14T03:01:00Z"]


@pytest.mark.seed("S-24")
def test_the_room_counts_both_kinds_apart_at_their_point_and_neither_as_a_refused_scan(ready):
    phone = ready.cordon_phone
    upload(ready, phone, *[event(phone, kind, AT) for kind in ("assault", "assault", "turned-away")])
    counts = {p.id: (p.assaults, p.turned_away, p.refused) for p in show_room(ready.evac).points}
    assert counts[ready.outer[0]] == (2, 1, 0)
    assert {v for k, v in counts.items() if k != ready.outer[0]} == {(0, 0, 0)}


def test_nothing_reported_is_nothing_listed(apart):
    assert (read_tally(apart.evac), read_conflicts(apart.evac), read_harm(apart.evac)) == ((), (), ())
