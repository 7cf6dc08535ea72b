"""Merging what many devices saw."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.gate import merge
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


GATES = {"gate-north", "gate-east"}


@pytest.mark.seed("S-18")
def test_group_at_a_gate_whose_outer_pass_was_never_used_is_found():
    visits = [
        ("G2", "cordon-1", "cordon-1", NOON - 60),
        ("G2", "gate-north", "gate-north", NOON),
        ("G1", "gate-north", "gate-north", NOON + 60),
        ("G1", "gate-north", "gate-north", NOON + 90),
    ]
    held = [(group, point) for group in ("G1", "G2", "G3") for point in ("cordon-1", "gate-north")]
    assert merge.find_skips(iter(visits), iter(held), GATES) == [
        merge.Skip("G1", "gate-north", NOON + 60, ("cordon-1",))
    ]


@pytest.mark.parametrize(
    ("visits", "held"),
    [
        ([("G1", "gate-north", "gate-north", NOON)], [("G1", "gate-north")]),
        ([("G1", "gate-north", "gate-north", NOON)], [("G1", "gate-east")]),
        ([("G1", "cordon-2", "cordon-1", NOON), ("G1", "gate-north", "gate-north", NOON)], [("G1", "cordon-1")]),
        ([("G1", "cordon-2", "cordon-2", NOON)], [("G1", "cordon-1")]),
        ([], [("G1", "cordon-1")]),
    ],
    ids=["no outer pass", "pass for another gate", "used at another point", "not at a gate yet", "not seen at all"],
)
def test_nothing_is_skipped(visits, held):
    assert merge.find_skips(visits, held, GATES) == []


def test_all_outer_points_that_were_missed_are_named_and_no_gate():
    visits = [("G1", "gate-north", "gate-north", NOON)]
    [skip] = merge.find_skips(visits, [("G1", "cordon-2"), ("G1", "cordon-1"), ("G1", "gate-east")], GATES)
    assert skip.missing == ("cordon-1", "cordon-2")


def act(kind, point, holder, person_class="ally", follow_up=""):
    return merge.Act(kind, point, holder, "phone-1", NOON, 1, person_class, follow_up)


@pytest.mark.seed("S-24")
def test_beatings_and_turnings_away_are_listed_apart_by_holder_and_point():
    acts = [
        act("turned-away", "cordon-1", "cordon"),
        act("assault", "cordon-1", "cordon", follow_up="medical report asked for"),
        act("assault", "cordon-1", "evac", "citizen"),
        act("assault", "gate-north", ""),
        act("turned-away", "cordon-1", "cordon", "citizen"),
    ]
    lists = merge.acts_by_holder(iter(acts))
    assert list(lists) == [
        ("", "gate-north", "assault"),
        ("cordon", "cordon-1", "assault"),
        ("cordon", "cordon-1", "turned-away"),
        ("evac", "cordon-1", "assault"),
    ]
    assert lists["cordon", "cordon-1", "turned-away"] == [acts[0], acts[4]]


@pytest.mark.seed("S-24")
def test_acts_are_listed_by_kind_by_whose_guards_did_it_and_by_holder():
    acts = [
        merge.Act("turned-away", "p", "cordon", "d", 3, 1, "", "", "cordon"),
        merge.Act("assault", "p", "cordon", "d", 1, 1, "", "", "cordon"),
        merge.Act("assault", "q", "cordon", "d", 2, 1, "", ""),
        merge.Act("assault", "q", "cordon", "e", 4, 1, "", "", "cordon"),
    ]
    lists = merge.acts_by_whom(iter(acts))
    assert list(lists) == [
        ("assault", "", "cordon"),
        ("assault", "cordon", "cordon"),
        ("turned-away", "cordon", "cordon"),
    ]
    assert [act.at for act in lists["assault", "cordon", "cordon"]] == [1, 4]
