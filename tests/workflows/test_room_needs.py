"""What the room says needs its officers: what waits for a second person, and what was said later and is not acknowledged."""

import json

import pytest

from safeconduct.errors import Refusal
from safeconduct.gate.event import HEARTBEAT_SECONDS, Event
from safeconduct.workflows.approve_release import ask_override, confirm_override
from safeconduct.workflows.correct_release import correct_release
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.withdraw_release import withdraw_release
from workflows.release_samples import FIRST, SECOND, acknowledge, enter, ready, release
from workflows.two_nodes import HOUR, PROTECT, Phone


@pytest.fixture
def warned(world):
    """A warning that has crossed and was acknowledged."""
    ready(world)
    release(world)
    world.settle()
    acknowledge(world)
    world.settle()
    return world


def needs(world, node=None):
    """(line, page, id) of everything that needs the evacuating party's room."""
    view = show_room(node or world.evac)
    assert len(view.needs_you) == len(view.need_about)
    return [(line, *about) for line, about in zip(view.needs_you, view.need_about, strict=True)]


def of(world, page, node=None):
    return [(line, about) for line, where, about in needs(world, node) if where == page]


def ask(world, name="late"):
    now = world.evac.clock.now()
    enter(world, name, window_from=now + 1_800, window_to=now + 3 * HOUR)
    made = ask_override(world.evac, name, purpose=PROTECT, reason="people can still be moved", by=FIRST)
    assert not isinstance(made, Refusal), made
    return made


@pytest.mark.seed("S-04")
def test_a_release_that_waits_for_a_second_person_is_listed_until_somebody_decides(warned):
    assert of(warned, "approval") == []
    made = ask(warned)
    [(line, about)] = of(warned, "approval")
    assert about == made.id
    assert line.startswith("a release waits for a second person until ") and "Exercise: somebody on foot" in line
    assert not isinstance(confirm_override(warned.evac, made.id, by=SECOND), Refusal)
    assert of(warned, "approval") == []


def test_two_requests_in_the_same_words_are_two_lines_each_with_its_own_page(warned):
    made = [ask(warned, name) for name in ("late", "later")]
    found = of(warned, "approval")
    assert [about for _, about in found] == [one.id for one in made] and found[0][0] == found[1][0]


def test_a_request_that_expired_is_no_longer_listed(warned):
    made = ask(warned)
    warned.move(made.expires)
    assert of(warned, "approval") == []


def test_a_correction_stays_listed_until_that_very_version_is_acknowledged(warned):
    fields = json.loads(warned.scenario.report)
    warned.move(warned.evac.clock.now() + 600)
    other = enter(warned, "corrected", window_to=fields["window_to"] + 2 * HOUR)
    sent = correct_release(warned.evac, warned.release, other, purpose=PROTECT, reason="it lasts longer", by=FIRST)
    assert not isinstance(sent, Refusal), sent
    [(line, about)] = of(warned, "release")
    assert about == warned.release
    assert line.startswith("the correction is not acknowledged since ") and warned.release[:8] in line
    assert of(warned, "warnings") == []  # told once, not in the number of silent warnings as well
    warned.settle()
    assert of(warned, "inbox", warned.cordon) == [("1 warning waits for your answer", "")]
    assert len(of(warned, "release")) == 1
    acknowledge(warned, version=2)
    warned.settle()
    assert of(warned, "release") == []


def test_a_withdrawal_is_listed_also_while_the_day_has_changed_and_a_silent_warning_by_its_number(warned):
    first = warned.release
    assert isinstance(withdraw_release(warned.evac, first, reason="it was a rumour", by=FIRST), int)
    release(warned)  # anew, from the same report
    assert of(warned, "warnings") == [("1 warning without a word back", "")]
    day = show_room(warned.evac).now[:10]
    warned.move(warned.evac.clock.now() + 30 * HOUR)
    [(line, about)] = of(warned, "release")
    assert about == first and line.startswith(f"the withdrawal is not acknowledged since {day} ")
    lines = [line for line, _, _ in needs(warned)]
    assert lines.index(line) == 0  # before what can wait


def test_an_open_point_that_falls_silent_is_told_after_two_records_were_due(warned):
    publish_bundle(warned.evac)
    gate, now = warned.gates[0], warned.evac.clock.now()
    never = [line for line, _ in of(warned, "points")]
    phone = Phone(warned.evac, "lane-9", gate)
    beat = Event("heartbeat", 1, None, None, gate, now, 0, "", 1, 0)
    assert not isinstance(receive_from_device(warned.evac, phone.segment([beat])), Refusal)
    heard = [line for line, _ in of(warned, "points")]
    assert len(never) == len(heard) == 1 and "more than an hour" not in heard[0]
    warned.move(now + 2 * HEARTBEAT_SECONDS)
    assert [line for line, _ in of(warned, "points")] == heard, "one may be late"
    warned.move(now + 2 * HEARTBEAT_SECONDS + 1)
    told = [line for line, _ in of(warned, "points")]
    assert told == [*heard, "no record for more than an hour from 1 open control point"]
