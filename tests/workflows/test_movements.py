"""Escorts, cleared routes, small help, control of areas and harm by whom: from hand and phone to database and room."""

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.event import Event
from safeconduct.workflows.area_control import plan_route, read_areas, read_ways, record_control, way_through
from safeconduct.workflows.clear_route import Reported, read_clearances, report_clearance, say_clearance
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.count_help import count_help
from safeconduct.workflows.file_escort import EscortPlan, Seen, end_escort, file_escort, pass_point, point_times
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.read_entries import follow_ups
from safeconduct.workflows.read_escorts import read_escorts
from safeconduct.workflows.read_gates import read_by_whom, read_harm
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.serve_notice import serve_notice
from safeconduct.workflows.show_movements import show_movements
from safeconduct.workflows.show_room import show_room
from workflows.entry_samples import as_json
from workflows.two_nodes import HOUR, PURPOSE, START, Phone

AT = START + 6 * HOUR
DAY = 24 * HOUR
MINUTE = 60


@pytest.fixture
def ready(world):
    """Two phones, ours at a gate and theirs at an outer point; the clock stands at `AT`."""
    world.groups = world.enlist()
    world.passes = {(p.group, p.point): p for p in world.issue(world.groups)}
    publish_bundle(world.evac)
    world.settle()
    world.gate = Phone(world.evac, "gate-phone-1", world.gates[0])
    world.outer_phone = Phone(world.cordon, "outer-phone-1", world.outer[0])
    world.settle()
    for phone in (world.gate, world.outer_phone):
        phone.load(START + 3 * HOUR)
    world.move(AT)
    return world


def note(phone, reason, text, at, heads=0, *, kind="note", pass_=(None, None)):
    phone.seq += 1
    return Event(kind, phone.seq, *pass_, phone.point, at, heads, reason, phone.bundle.seq, phone.bundle.ledger_index,
                 text)  # fmt: skip


def upload(world, phone, *events):
    assert not isinstance(receive_from_device(phone.node, phone.segment(list(events))), Refusal)
    world.settle()


def plan(world, name="convoy-7", *, first=AT + HOUR, vehicles=2, **changes):
    points = ((world.outer[0], first), (world.gates[0], first + HOUR))
    given = {"by": "cordon", "points": points, "due": first + 2 * HOUR, "vehicles": vehicles, "people": 41}
    return EscortPlan(name, **{**given, **changes})


def escorts(node):
    with node.store.reading() as tx:
        return read_escorts(node, tx)


def one_of(node):
    [found] = escorts(node).escorts
    return found


def dues(node, what):
    with node.store.reading() as tx:
        return [one.line for one in follow_ups(node, tx) if one.what == what]


def needs(node, word):
    view = show_room(node)
    return [about for line, about in zip(view.needs_you, view.need_about, strict=True) if word in line]


# -- escorts -----------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-21")
def test_an_escort_is_overdue_until_the_records_of_guards_and_its_arrival_come_in(ready):
    node = ready.evac
    file_escort(node, plan(ready), source="liaison officer")
    assert (one_of(node).state, dues(node, "escort-overdue"), needs(node, "escort")) == ("planned", [], [])
    ready.move(AT + HOUR)
    outer, gate = ready.outer[0], ready.gates[0]
    names = {p.id: p.name for p in show_room(node).points}
    late = f"escort convoy-7 should have passed {names[outer]} at 07:00"
    assert dues(node, "escort-overdue") == [f"{late}, and no record has come from there"]
    assert needs(node, "convoy-7") == [("movements", "escorts")]
    assert [leg.late for leg in one_of(node).legs] == [True, False]
    upload(ready, ready.outer_phone, note(ready.outer_phone, "escort", "vehicles=2\ntwo buses", AT + HOUR + 300, 41))
    view = one_of(node)
    assert (view.state, view.line, needs(node, "convoy-7")) == ("under-way", "", [])
    [passed] = view.legs[0].passings
    assert (passed.at, passed.vehicles, passed.people) == ("2021-08-14T07:00:00Z", 2, 41), "held within its receipt"
    assert (passed.source, passed.reported, view.legs[0].holder) == ("outer-phone-1:1:1", False, "cordon")
    ready.move(AT + 2 * HOUR)
    assert dues(node, "escort-overdue") == [
        f"escort convoy-7 should have passed {names[gate]} at 08:00, and no record has come from there"
    ]
    upload(ready, ready.gate, note(ready.gate, "escort", "vehicles=2", AT + 2 * HOUR, 40))
    ready.move(AT + 3 * HOUR)
    assert dues(node, "escort-overdue") == [f"escort convoy-7 should have arrived; it passed {names[gate]} at 08:00"]
    end_escort(node, "convoy-7", "arrived", source="escort leader, by radio")
    ready.reopen()
    view = one_of(ready.evac)
    assert (view.state, view.ended, view.line) == ("arrived", "2021-08-14T09:00:00Z", "")
    assert [len(leg.passings) for leg in view.legs] == [1, 1]
    assert (dues(ready.evac, "escort-overdue"), needs(ready.evac, "convoy-7")) == ([], [])
    assert end_escort(ready.evac, "convoy-7", "called-off", source="us").code == "movement-ended"


@pytest.mark.seed("S-21")
def test_a_record_that_fits_two_escorts_is_given_to_none_until_an_officer_says_which(ready):
    node, outer = ready.evac, ready.outer[0]
    file_escort(node, plan(ready, "one"), source="us")
    file_escort(node, plan(ready, "two"), source="us")
    seen = [
        note(ready.outer_phone, "escort", "vehicles=2", AT + HOUR),
        note(ready.outer_phone, "escort", "vehicles=x", AT),
    ]
    ready.move(AT + 2 * HOUR)
    upload(ready, ready.outer_phone, *seen)
    [loose] = escorts(node).loose
    assert (loose.record, loose.candidates) == ("outer-phone-1:1:1", ("one", "two")), "free text is no record"
    with pytest.raises(BadInput, match="the id of a guard's record of an escort"):
        pass_point(node, Seen("one", outer, record="outer-phone-1:1:2"), source="us")
    assert pass_point(node, Seen("three", outer), source="us") == Refusal("unknown-movement", "three")
    pass_point(node, Seen("two", outer, record=loose.record), source="duty officer")
    view = escorts(node)
    passed = {one.movement: one.legs[0].passings for one in view.escorts}
    assert (view.loose, passed["one"]) == ((), ())
    assert [(p.at, p.vehicles, p.source) for p in passed["two"]] == [
        ("2021-08-14T07:00:00Z", 2, "outer-phone-1:1:1, assigned: duty officer")
    ]


@pytest.mark.seed("S-21")
def test_a_passing_by_radio_counts_and_an_escort_called_off_is_never_overdue(ready):
    node = ready.evac
    file_escort(node, plan(ready), source="us")
    pass_point(node, Seen("convoy-7", ready.gates[0], people=41), source="radio", at=AT + 30 * MINUTE)
    ready.move(AT + HOUR)
    view = one_of(node)
    assert (view.state, [len(leg.passings) for leg in view.legs]) == ("under-way", [0, 1]), "a later point was passed"
    assert view.legs[1].passings[0].reported
    end_escort(node, "convoy-7", "called-off", source="us", because="the road is cut")
    ready.move(AT + DAY)
    assert (one_of(node).state, one_of(node).because, dues(node, "escort-overdue")) == (
        "called-off",
        "the road is cut",
        [],
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda w: {"points": (("nowhere", None),)}, "one of "),
        (lambda w: {"points": ((w.outer[0], AT + 9 * HOUR),)}, "in the order of their times"),
        (lambda w: {"points": ((w.outer[0], AT + HOUR), (w.gates[0], AT))}, "in the order of their times"),
        (lambda w: {"points": ((w.outer[0], AT), (w.outer[0], AT))}, "different texts"),
        (lambda _: {"people": None}, "at least one of count, hedge"),
    ],
)
def test_an_escort_that_cannot_be_so_is_refused_and_nothing_is_stored(ready, change, said):
    size = ready.count(ready.evac, "ledger")
    with pytest.raises(BadInput, match=said):
        file_escort(ready.evac, plan(ready, **change(ready)), source="us")
    assert (escorts(ready.evac).escorts, ready.count(ready.evac, "ledger")) == ((), size)


def test_points_and_times_are_read_from_typed_texts():
    assert point_times(("outer-1=2021-08-14T06:00:00Z", "gate-a")) == (("outer-1", AT), ("gate-a", None))
    with pytest.raises(BadInput, match=r"escort.points.outer-1"):
        point_times(("outer-1=noon",))


# -- routes ------------------------------------------------------------------------------------------------------


def routes(node):
    with node.store.reading() as tx:
        return {one.route: one for one in read_clearances(node, tx)}


@pytest.mark.seed("S-22")
def test_a_clearance_is_asked_confirmed_by_signature_lapses_and_is_closed_on_both_sides(ready):
    evac, cordon = ready.evac, ready.cordon
    asked = say_clearance(evac, "asked", "north-road", until=AT + 3 * HOUR, purpose=PURPOSE, text="for convoy-7")
    ready.settle()
    for node, waiting in ((evac, []), (cordon, ["route north-road: they ask you to clear it"])):
        assert routes(node)["north-road"].state == "asked"
        assert dues(node, "route-asked") == waiting and len(needs(node, "north-road")) == len(waiting)
    assert say_clearance(evac, "confirmed", "north-road", until=AT + HOUR, purpose=PURPOSE).code == "unknown-sender"
    ready.move(AT + MINUTE)
    confirmed = say_clearance(cordon, "confirmed", "north-road", until=AT + 2 * HOUR, purpose=PURPOSE)
    ready.settle()
    for node in (evac, cordon):
        found = routes(node)["north-road"]
        assert (found.state, found.until, found.newest.by, found.newest.signed) == (
            "confirmed",
            AT + 2 * HOUR,
            "cordon",
            True,
        )
        assert [one.ref for one in found.words] == [asked.id, confirmed.id]
    with evac.store.reading() as tx:
        [view] = [one for one in show_movements(evac).routes if one.route == "north-road"]
        assert tx.ledger.entry(view.steps[0].ledger_index).kind == "in:notice"
    assert (dues(evac, "route-lapsed"), needs(evac, "north-road")) == ([], [])
    ready.move(AT + 2 * HOUR)
    for node in (evac, cordon):
        assert dues(node, "route-lapsed") == ["route north-road: its clearance is over"]
        assert needs(node, "north-road") == [("movements", "routes")]
    say_clearance(evac, "closed", "north-road")
    ready.settle()
    ready.reopen()
    for node in (ready.evac, ready.cordon):
        assert (routes(node)["north-road"].state, dues(node, "route-lapsed")) == ("closed", [])
    assert say_clearance(ready.evac, "closed", "north-road").code == "clearance-not-asked"


@pytest.mark.seed("S-22")
def test_a_clearance_outside_the_agreement_or_after_its_time_is_refused_and_logged(ready):
    evac, cordon = ready.evac, ready.cordon
    assert say_clearance(evac, "asked", "r1", until=AT + HOUR, purpose="sightseeing").code == "purpose-missing"
    assert say_clearance(evac, "asked", "r1", until=AT, purpose=PURPOSE).code == "clearance-over"
    assert say_clearance(cordon, "confirmed", "r1", until=AT + HOUR, purpose=PURPOSE).code == "clearance-not-asked"
    with evac.store.reading() as tx:
        assert [refusal.code for _, _, refusal in refused_acts(tx)] == ["purpose-missing", "clearance-over"]
    ready.settle()
    assert (routes(evac), routes(cordon)) == ({}, {})
    with pytest.raises(BadInput, match=r"clearance.until"):
        say_clearance(evac, "asked", "r1", purpose=PURPOSE)
    with pytest.raises(BadInput, match=r"clearance.route"):
        say_clearance(evac, "asked", "north road", until=AT + HOUR, purpose=PURPOSE)


@pytest.mark.seed("S-22")
def test_what_a_party_without_a_node_says_is_unsigned_and_what_nobody_answers_is_told(ready):
    node = ready.evac
    say_clearance(node, "asked", "r1", until=AT + 2 * HOUR, purpose=PURPOSE)
    ready.move(AT + MINUTE)
    report_clearance(node, Reported("confirmed", "cordon", "liaison officer"), "r1", until=AT + HOUR)
    found = routes(node)["r1"]
    assert (found.state, found.newest.signed, found.newest.source) == ("confirmed", False, "liaison officer")
    ready.move(AT + HOUR)
    assert dues(node, "route-lapsed") == ["route r1: its clearance is over"]
    report_clearance(node, Reported("closed", "cordon", "liaison officer"), "r1")
    assert dues(node, "route-lapsed") == []
    say_clearance(node, "asked", "r2", until=AT + 2 * HOUR, purpose=PURPOSE)
    ready.move(AT + 2 * HOUR)
    assert dues(node, "route-lapsed") == ["route r2: nobody confirmed the clearance, and the time asked for is over"]
    report_clearance(node, Reported("refused", "cordon", "liaison officer"), "r2", because="fighting")
    assert (routes(node)["r2"].state, routes(node)["r2"].newest.text) == ("refused", "fighting")
    with pytest.raises(BadInput, match="until"):
        report_clearance(node, Reported("confirmed", "cordon", "liaison officer"), "r3")


def test_a_notice_that_is_no_clearance_changes_no_route(ready):
    serve_notice(ready.cordon, "clearance=confirmed route=r1 until=soon")
    serve_notice(ready.cordon, "passage goes on")
    ready.settle()
    assert routes(ready.evac) == {}


# -- small help --------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-23")
def test_help_is_counted_by_point_holder_party_and_kind_and_bags_are_summed_for_each_group(ready):
    node, outer, gate = ready.evac, ready.outer[0], ready.gates[0]
    mine = ready.passes[ready.groups[0], gate]
    with node.store.reading() as tx:
        [batch] = tx.passes.batches()
        index = next(r.index for r in tx.passes.of_groups([ready.groups[0]]) if r.point == outer)
        at_gate = next(r.index for r in tx.passes.of_groups([ready.groups[0]]) if r.point == gate)
    assert mine.raw
    theirs, ours = ready.outer_phone, ready.gate
    ready.move(AT + HOUR)
    upload(
        ready, theirs,
        note(theirs, "bags", "bags=6 by=own", AT, 4, pass_=(batch.identity, index)),
        note(theirs, "bags", "bags=3 by=own", AT + 10),
        note(theirs, "help", "by=own\nwater", AT + 20),
    )  # fmt: skip
    upload(
        ready, ours,
        note(ours, "bags", "bags=5 by=other", AT + 1800, 4, pass_=(batch.identity, at_gate)),
        note(ours, "help", "by=unknown\na chair", AT + 1900),
    )  # fmt: skip
    record_entries(node, as_json("bags-carried", {"by": "cordon", "point": gate, "hedge": "some"}, at=AT))
    record_entries(node, as_json("small-assistance", {"by": "cordon", "text": "drove the old"}, at=AT))
    ready.reopen()
    view = count_help(ready.evac)
    lines = {(x.point, x.holder, x.by, x.kind, x.basis): (x.times, x.bags, x.vague) for x in view.lines}
    assert lines == {
        (outer, "cordon", "cordon", "bags", "guards"): (2, 9, ()),
        (outer, "cordon", "cordon", "help", "guards"): (1, 0, ()),
        (gate, "evac", "cordon", "bags", "guards"): (1, 5, ()),
        (gate, "evac", "", "help", "guards"): (1, 0, ()),
        (gate, "evac", "cordon", "bags", "filed"): (1, 0, ("some",)),
        ("", "", "cordon", "help", "filed"): (1, 0, ()),
    }
    [group] = view.groups
    assert (group.group, group.points, group.carried, group.most, group.at_gate) == (
        ready.groups[0], ((outer, 6), (gate, 5)), 11, 6, 5,
    )  # fmt: skip
    [other_side] = {one.group for one in count_help(ready.cordon).acts}
    assert other_side == "", "the other party knows no groups"


# -- control of areas --------------------------------------------------------------------------------------------


def area(node, name, at=None):
    with node.store.reading() as tx:
        return next(one for one in read_areas(node, tx, at) if one.area == name)


@pytest.mark.seed("S-32")
def test_control_is_kept_over_time_with_grades_and_a_way_lists_whose_consent_it_needs(ready):
    node, outer, gate = ready.evac, ready.outer[0], ready.gates[0]
    record_control(node, "north valley", ["cordon"], "B2", source="liaison officer", at=START - 9 * DAY)
    record_control(node, "north valley", ["a third party"], "B3", source="aid workers", at=START - 2 * DAY)
    record_control(node, "south plain", [], "C3", source="aid workers", at=START)
    record_control(node, "the pass", ["cordon"], "A2", source="one", at=START)
    record_control(node, "the pass", ["a third party"], "B2", source="two", at=START + HOUR)
    plan_route(node, "north-road", ["north valley", "the pass", "south plain", outer, gate], source="us")
    ready.reopen()
    node = ready.evac
    before = area(node, "north valley", START - 3 * DAY)
    assert (before.state, before.parties, before.since) == ("held", ("cordon",), "2021-08-05T00:00:00Z")
    now = area(node, "north valley")
    assert (now.state, now.parties, now.since) == ("held", ("a third party",), "2021-08-12T00:00:00Z")
    assert [(w.grade, w.source) for w in now.words] == [("B3", "aid workers")]
    assert [(c.state, c.parties, c.at) for c in now.history] == [("held", ("cordon",), "2021-08-05T00:00:00Z")]
    with node.store.reading() as tx:
        [way] = read_ways(node, tx)
    assert way.needed == ("a third party", "cordon")
    assert (way.disputed, way.unknown) == (("the pass",), ("south plain",))
    assert [(p.area.area, p.needed) for p in way.places] == [
        ("north valley", ("a third party",)), ("the pass", ("a third party", "cordon")), ("south plain", ()),
        (outer, ("cordon",)), (gate, ()),
    ]  # fmt: skip
    with pytest.raises(BadInput, match="a grade such as B2"):
        record_control(node, "x", ["cordon"], "good", source="us")
    with pytest.raises(BadInput, match="reliability"):
        record_control(node, "x", ["cordon"], "K2", source="us")
    with pytest.raises(BadInput, match="at least one area"):
        plan_route(node, "r", [], source="us")


@pytest.mark.seed("S-32")
def test_a_guard_who_says_another_party_holds_the_point_makes_its_control_disputed(ready):
    node, outer = ready.evac, ready.outer[0]
    assert (area(node, outer).state, area(node, outer).parties) == ("held", ("cordon",))
    ready.move(AT + HOUR)
    upload(ready, ready.outer_phone, note(ready.outer_phone, "area", "holder=other", AT + 10))
    found = area(node, outer)
    assert (found.state, found.parties, found.since) == ("disputed", ("cordon", "evac"), "2021-08-14T06:00:10Z")
    assert [w.grade for w in found.words] == ["the agreement", ""]
    with node.store.reading() as tx:
        assert way_through(node, tx, [outer]).needed == ("cordon",), "we need no consent of our own"
    upload(ready, ready.outer_phone, note(ready.outer_phone, "area", "holder=own", AT + 20))
    assert (area(node, outer).state, len(area(node, outer).history)) == ("held", 2)


# -- harm --------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-24")
def test_harm_is_listed_by_whose_guards_did_it_and_by_holder_as_far_as_each_side_has_the_logs(ready):
    theirs, ours = ready.outer_phone, ready.gate
    ready.move(AT + HOUR)
    upload(
        ready, theirs,
        note(theirs, "by-own", "with a stick", AT, 1, kind="assault"),
        note(theirs, "by-other", "", AT + 1, 2, kind="assault"),
        note(theirs, "by-own", "", AT + 2, 3, kind="turned-away"),
    )  # fmt: skip
    upload(
        ready, ours,
        note(ours, "by-other", "", AT + 3, 1, kind="assault"),
        note(ours, "by-unknown", "", AT + 4, 1, kind="assault"),
    )  # fmt: skip
    outside = {("assault", "cordon", "cordon"): (1, 1), ("assault", "evac", "cordon"): (1, 2),
               ("turned-away", "cordon", "cordon"): (1, 3)}  # fmt: skip
    inside = {("assault", "cordon", "evac"): (1, 1), ("assault", "", "evac"): (1, 1)}
    for node, known in ((ready.evac, outside | inside), (ready.cordon, outside)):
        with node.store.reading() as tx:
            assert {(x.kind, x.by, x.holder): (x.times, x.people) for x in read_by_whom(tx)} == known
        acts = {(x.point, x.kind): [a.by for a in x.acts] for x in read_harm(node)}
        assert acts[ready.outer[0], "assault"] == ["cordon", "evac"]


def test_nothing_recorded_is_nothing_listed_and_nothing_asked(apart):
    view = show_movements(apart.evac)
    assert (view.escorts.escorts, view.routes, view.help.lines, view.harm, view.areas, view.needs) == ((),) * 6
    assert view.state == "none"
