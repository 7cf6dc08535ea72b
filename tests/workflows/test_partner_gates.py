"""What reaches the gates: level, holds, a warning's advice at its point; nothing of why, and nothing for too long."""

import json

import pytest

from safeconduct.alerts.guard_lines import HOLD, read, standing_at
from safeconduct.alerts.quadtree import bounds
from safeconduct.alerts.sites import Site, to_json
from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.event import Event
from safeconduct.passes.bundle_format import decode, parse_envelope
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.assign_release import assign_release
from safeconduct.workflows.gate_advice import note_told, register_site, report_crowd
from safeconduct.workflows.publish_bundle import point_states, publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.show_threat import show_threat
from safeconduct.workflows.standing_level import history, set_level
from workflows.two_nodes import Phone
from workflows.warned_world import HOUR, acknowledge, warn

REASONS = "Two reports of MARIGOLD agree."


@pytest.fixture
def warned(world):
    warn(world)
    return world


def advice(node):
    with node.store.reading() as tx:
        newest = tx.passes.bundle()
    return decode(parse_envelope(newest[1]).bundle_bytes).advice


def raise_level(world, hours=6, level="high"):
    until = world.evac.clock.now() + hours * HOUR
    return set_level(world.evac, level=level, advice=("small-groups",), by="duty officer", reasons=REASONS, until=until)


def place(world, name, kind="control-point", *, inside=True, near=None):
    south, west, north, east = bounds(world.made.area)
    lat, lon = ((south + north) // 2, (west + east) // 2) if inside else (None, None)
    return register_site(world.evac, to_json(Site(name, kind, f"Place {name}", lat, lon, near or {}, ("aid office",))))


# -- the level ----------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-89")
def test_a_level_reaches_the_partners_devices_without_author_and_reasons_and_ends_there(warned):
    made = raise_level(warned)
    publish_bundle(warned.evac)
    warned.settle()
    phone = Phone(warned.cordon, "phone-1", warned.outer[0])
    now = warned.cordon.clock.now()
    phone.load(now)
    [line] = standing_at(phone.bundle.advice, warned.outer[0], now)
    assert line.text.startswith("threat level high: let people wait apart")
    assert standing_at(phone.bundle.advice, warned.outer[0], now + 6 * HOUR) == ()
    assert "duty officer" not in phone.bundle.advice and "reports" not in phone.bundle.advice
    assert made.by == "duty officer"
    [kept] = history(warned.evac)
    assert (kept.level, kept.by, kept.reasons, kept.state) == ("high", "duty officer", REASONS, "in force")


@pytest.mark.seed("S-89")
def test_the_reasons_of_a_level_are_sealed_at_home_and_nowhere_else(warned):
    raise_level(warned)
    publish_bundle(warned.evac)
    warned.settle()
    for config in (warned.evac_config, warned.cordon_config):
        assert search_everywhere(config.data_dir / "node.db", [REASONS]) == {REASONS: 0}


def test_a_level_that_is_over_leaves_the_room_and_the_next_bundle(warned):
    raise_level(warned, hours=2)
    raise_level(warned, hours=1, level="raised")
    assert show_room(warned.evac).threat.startswith("raised until")
    warned.move(warned.evac.clock.now() + HOUR)
    assert show_room(warned.evac).threat == ""
    assert [one.state for one in history(warned.evac)] == ["over", "replaced"]
    publish_bundle(warned.evac)
    assert advice(warned.evac) == ""


def test_a_level_without_an_end_is_bad_input(warned):
    with pytest.raises(BadInput) as caught:
        raise_level(warned, hours=0)
    assert caught.value.where == "threat.until"


def test_an_officers_own_words_stand_after_the_lines(warned):
    raise_level(warned)
    publish_bundle(warned.evac, advice="Water comes at noon.")
    assert advice(warned.evac).splitlines()[-1] == "Water comes at noon."
    assert len(read(advice(warned.evac))) == 1


# -- a warning at its point ---------------------------------------------------------------------------------------


@pytest.mark.seed("S-26")
def test_a_warning_reaches_its_point_only_once_it_is_accepted_and_given_and_says_only_its_advice(warned):
    point = warned.outer[0]
    assign_release(warned.cordon, warned.release, point)
    warned.settle()
    publish_bundle(warned.evac)
    assert advice(warned.evac) == ""
    acknowledge(warned, "accepted")
    warned.settle()
    publish_bundle(warned.evac)
    warned.settle()
    [line] = read(advice(warned.cordon))
    assert (line.point, line.until) == (point, warned.made.window_to)
    assert line.text.startswith("warning: ")
    assert warned.release not in advice(warned.cordon)
    warned.move(warned.made.window_to)
    publish_bundle(warned.evac)
    assert advice(warned.evac) == ""


def test_a_warning_that_was_declined_after_all_leaves_the_point(warned):
    assign_release(warned.cordon, warned.release, warned.outer[0])
    acknowledge(warned, "accepted")
    acknowledge(warned, "declined", reason="the road is cut", corrects=True)
    warned.settle()
    publish_bundle(warned.evac)
    assert advice(warned.evac) == ""


@pytest.mark.seed("S-26")
def test_our_own_gate_shows_no_warning_of_ours_to_the_partners_devices(warned):
    assign_release(warned.evac, warned.release, warned.gates[0])
    acknowledge(warned, "accepted")
    warned.settle()
    publish_bundle(warned.evac)
    assert advice(warned.evac) == ""


# -- crowds and holds ---------------------------------------------------------------------------------------------


@pytest.mark.seed("S-27")
def test_a_crowd_and_an_active_warning_advise_a_hold_in_the_room_and_in_the_bundle(warned):
    gate = warned.gates[0]
    assert not isinstance(place(warned, gate), Refusal)
    publish_bundle(warned.evac)
    warned.move(warned.made.window_from)
    assert not any("hold advised" in line for line in show_room(warned.evac).needs_you)
    assert isinstance(report_crowd(warned.evac, gate, "dense", "gate officer"), int)
    [line] = [line for line in show_room(warned.evac).needs_you if "hold advised" in line]
    assert "people stand close" in line
    publish_bundle(warned.evac)
    [told] = read(advice(warned.evac))
    assert (told.point, told.text) == (gate, HOLD)
    first = show_threat(warned.evac).gates[0]
    assert (first.id, first.hold, first.crowd, first.crowd_by) == (gate, True, "dense", "gate officer")
    publish_bundle(warned.evac, states={gate: "hold"})
    assert not any("hold advised" in line for line in show_room(warned.evac).needs_you)
    with warned.evac.store.reading() as tx:
        assert point_states(tx)[gate] == "hold"


@pytest.mark.seed("S-27")
def test_a_crowd_that_went_away_or_was_reported_long_ago_advises_nothing(warned):
    gate = warned.gates[0]
    place(warned, gate)
    warned.move(warned.made.window_from)
    report_crowd(warned.evac, gate, "crushing", "gate officer")
    assert show_threat(warned.evac).gates[0].hold
    warned.move(warned.evac.clock.now() + 60)
    report_crowd(warned.evac, gate, "some", "gate officer")
    assert not any(one.hold for one in show_threat(warned.evac).gates)
    report_crowd(warned.evac, gate, "crushing", "gate officer")
    warned.move(warned.evac.clock.now() + 2 * HOUR)
    view = show_threat(warned.evac)
    assert not any(one.hold for one in view.gates)
    [shown] = [one for one in view.gates if one.id == gate]
    assert (shown.crowd, shown.crowd_fresh) == ("crushing", False)


def test_a_device_reports_a_crowd_with_its_own_hand(warned):
    gate = warned.gates[0]
    place(warned, gate)
    publish_bundle(warned.evac)
    warned.move(warned.made.window_from)
    device_reports_crowd(warned, gate, "dense")
    [shown] = [one for one in show_threat(warned.evac).gates if one.id == gate]
    assert (shown.crowd, shown.crowd_by, shown.hold) == ("dense", "a device at the point", True)


def device_reports_crowd(world, gate, level):
    phone = Phone(world.evac, "phone-g", gate)
    event = Event("crowd", 1, None, None, gate, world.evac.clock.now(), 0, level, 1, 0)
    receive_from_device(world.evac, phone.segment([event]))


def test_a_level_that_is_no_crowd_and_a_point_that_is_none_are_refused(warned):
    with pytest.raises(BadInput):
        report_crowd(warned.evac, warned.gates[0], "many", "gate officer")
    assert report_crowd(warned.evac, "nowhere", "dense", "gate officer").code == "unknown-point"


# -- sites --------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-29")
def test_a_site_near_a_gate_lists_the_warnings_of_that_gate_until_its_users_are_told(warned):
    gate = warned.gates[0]
    place(warned, gate)
    place(warned, "hotel", "assembly", inside=False, near={gate: 320})
    place(warned, "school", "assembly", inside=False, near={gate: 5_000})
    sites = {site.id: site for site in show_threat(warned.evac).sites}
    assert [w.why for w in sites["hotel"].warnings] == ["near"]
    assert sites["hotel"].users == ("aid office",)
    assert sites["school"].warnings == ()
    assert sites["hotel"].warnings[0].told_at == ""
    assert isinstance(note_told(warned.evac, "hotel", warned.release, "liaison officer"), int)
    sites = {site.id: site for site in show_threat(warned.evac).sites}
    assert sites["hotel"].warnings[0].told_at
    assert warned.settle() == []  # places and their users are this node's own


def test_a_site_in_the_area_is_concerned_whatever_gate_is_near_and_is_sealed(warned):
    place(warned, "hotel", "coordination")
    [site] = show_threat(warned.evac).sites
    assert [w.why for w in site.warnings] == ["placed"]
    assert search_everywhere(warned.evac_config.data_dir / "node.db", ["Place hotel"]) == {"Place hotel": 0}


def test_a_place_at_a_gate_that_nobody_knows_is_refused_and_telling_nobody_too(warned):
    assert place(warned, "gate-of-nowhere").code == "unknown-point"
    assert place(warned, "hotel", "assembly", near={"nowhere": 5}).code == "unknown-point"
    with pytest.raises(BadInput):
        note_told(warned.evac, "nowhere", warned.release, "x")
    place(warned, "hotel", "assembly")
    assert note_told(warned.evac, "hotel", "w-none", "x").code == "unknown-release"
    assert note_told(warned.evac, "hotel", "not an id", "x").code == "unknown-release"


def test_without_an_agreement_the_page_says_so_and_nothing_fails(apart):
    view = show_threat(apart.evac)
    assert (view.agreed, view.gates, view.lines, view.published) == (False, (), (), False)
    assert json.dumps(view.history) == "[]"
    assert show_room(apart.evac).threat == ""
