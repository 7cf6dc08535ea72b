"""Merging what many devices saw."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.gate import merge
from safeconduct.gate.device_log import Event
from unit.passes.passes_world import DAY, IDENTITY, NOON

USE = merge.Use(IDENTITY, 7, "gate-north", "phone-1", "evac", 4, NOON - 60, NOON + 60, NOON, 5)
AGAIN = replace(USE, point="gate-east", device="phone-2", low=NOON + 600, high=NOON + 900, at=NOON + 700)


@pytest.mark.seed("S-11")
def test_one_pass_at_two_gates_is_a_conflict_with_both_gates_and_times():
    (conflict,) = merge.find_conflicts([AGAIN, USE, replace(USE, index=8)])
    assert (conflict.batch, conflict.index, conflict.uses) == (IDENTITY, 7, (USE, AGAIN))
    assert [(use.point, use.at) for use in conflict.uses] == [("gate-north", NOON), ("gate-east", NOON + 700)]
    assert conflict.first_certain


def test_one_event_received_twice_is_no_conflict():
    assert merge.find_conflicts([USE, USE, replace(USE, high=NOON + 90)]) == []


def test_two_epochs_of_one_device_are_two_events():
    assert len(merge.find_conflicts([USE, replace(USE, epoch=2)])) == 1


@given(st.permutations([USE, AGAIN, replace(AGAIN, device="phone-3"), replace(USE, index=2), replace(AGAIN, index=2)]))
def test_the_order_of_arrival_does_not_show(uses):
    conflicts = merge.find_conflicts(uses)
    assert conflicts == merge.find_conflicts(uses[::-1])
    assert [conflict.index for conflict in conflicts] == [2, 7]


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_is_years_off_changes_no_order(years):
    skewed = replace(USE, at=NOON + years * 365 * DAY)
    (conflict,) = merge.find_conflicts([AGAIN, skewed])
    assert [use.device for use in conflict.uses] == ["phone-1", "phone-2"]


def test_bounds_that_overlap_leave_the_first_use_uncertain():
    (conflict,) = merge.find_conflicts([USE, replace(AGAIN, low=NOON)])
    assert not conflict.first_certain


@pytest.mark.seed("S-18")
def test_an_inner_pass_whose_outer_pass_was_never_used_is_found():
    strips = {(IDENTITY, 7): (IDENTITY, 70), (IDENTITY, 8): (IDENTITY, 80)}
    outer, chained = replace(USE, index=80, point="cordon-1"), replace(USE, index=8)
    alone = replace(USE, index=9)
    assert merge.reconcile_strips(strips, iter([USE, outer, chained, alone])) == [USE]


def event(kind, point, at, person_class="", **more):
    return Event(kind, 1, None, None, point, at, 1, "", 1, 1, person_class=person_class, **more)


@pytest.mark.seed("S-24")
def test_beatings_and_refusals_are_listed_by_holder_and_point():
    events = [
        event("turned-away", "cordon-1", NOON + DAY, "citizen"),
        event("assault", "cordon-1", NOON, "ally", note="medical report asked for"),
        event("assault", "cordon-1", NOON + DAY, "citizen"),
        event("turned-away", "cordon-1", NOON, "ally"),
        event("refuse", "cordon-1", NOON),
        event("assault", "gate-north", NOON, "ally"),
    ]
    holders = {("cordon-1", NOON): "cordon", ("cordon-1", NOON + DAY): "evac"}
    lists = merge.acts_by_holder(events, lambda point, at: holders.get((point, at)))
    assert {key: [(act.person_class, act.follow_up) for act in acts] for key, acts in lists.items()} == {
        ("cordon", "cordon-1", "assault"): [("ally", "medical report asked for")],
        ("cordon", "cordon-1", "turned-away"): [("ally", "")],
        ("evac", "cordon-1", "assault"): [("citizen", "")],
        ("evac", "cordon-1", "turned-away"): [("citizen", "")],
        (None, "gate-north", "assault"): [("ally", "")],
    }


@pytest.mark.seed("S-20")
def test_passages_are_tallied_by_point_class_and_day():
    def passed(kind, index, at, heads):
        return Event(kind, 1, IDENTITY, index, "cordon-1", at, heads, "ok", 1, 1)

    events = [
        passed("admit", 1, NOON, 5),
        passed("admit", 2, NOON, 3),
        passed("override", 1, NOON + DAY, 2),
        passed("refuse", 2, NOON, 3),
        event("override", "cordon-1", NOON),
        event("crowd", "cordon-1", NOON),
    ]
    counts = merge.tally(events, lambda _, index: "citizen" if index == 1 else "ally")
    day = NOON // DAY
    assert counts == {
        ("cordon-1", "citizen", day): 5,
        ("cordon-1", "ally", day): 3,
        ("cordon-1", "citizen", day + 1): 2,
    }
