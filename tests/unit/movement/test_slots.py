from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.movement.slots import SLOT, Day, Gate, OuterPoint, assign, peak

START = 1_629_936_000
OUTER = (OuterPoint("o1", 50), OuterPoint("o2", 50))
GATES = (Gate("g1", 40, ("o1",)), Gate("g2", 30, ("o1", "o2")))


def day(hours: int = 24, capacity: int | None = None, number: int = 0) -> Day:
    return Day(START + number * 86_400, START + number * 86_400 + hours * 3_600, capacity)


sizes = st.lists(st.integers(1, 60), max_size=300)


@pytest.mark.seed("S-27")
@given(sizes, st.integers(1, 6), st.none() | st.integers(0, 2_000))
def test_no_slot_of_any_gate_or_outer_point_passes_its_cap_and_nobody_is_lost(heads, hours, capacity):
    groups = [(f"G{number}", size) for number, size in enumerate(heads)]
    days = [day(hours, capacity), day(hours, capacity, 1)]
    plan = assign(groups, days, GATES, OUTER)
    caps = {gate.id: gate.cap for gate in GATES}
    assert all(count <= caps[gate] for (gate, _), count in peak(plan).items())
    outer: Counter[tuple[str, int]] = Counter()
    for slot in plan.slots:
        outer[slot.outer_point, slot.start] += slot.heads
        assert slot.outer_point in next(gate for gate in GATES if gate.id == slot.gate).upstream
        assert any(here.start <= slot.start and slot.start + SLOT <= here.end for here in days)
    assert all(count <= 50 for count in outer.values())
    for here in days:
        total = sum(slot.heads for slot in plan.slots if here.start <= slot.start < here.end)
        assert capacity is None or total <= capacity
    placed = [slot.group for slot in plan.slots] + [group for group, _ in plan.unplaced]
    assert sorted(placed) == sorted(group for group, _ in groups)
    assert {slot.group: slot.heads for slot in plan.slots}.items() <= dict(groups).items()


def test_group_larger_than_every_gate_is_told_apart_from_one_without_room():
    plan = assign([("big", 41), ("fits", 40), ("late", 40)], [Day(START, START + SLOT)], GATES[:1], OUTER)
    assert [slot.group for slot in plan.slots] == ["fits"]
    assert plan.unplaced == (("big", "too-large"), ("late", "no-room"))


def test_day_is_spread_over_all_its_hours():
    groups = [(f"G{number}", 4) for number in range(240)]
    plan = assign(groups, [day(capacity=960)], GATES, OUTER)
    per_quarter: Counter[int] = Counter()
    for slot in plan.slots:
        per_quarter[(slot.start - START) // 21_600] += slot.heads
    assert plan.unplaced == () and sorted(per_quarter) == [0, 1, 2, 3]
    assert max(per_quarter.values()) - min(per_quarter.values()) <= 8


def test_urgent_groups_come_first():
    groups = [(f"G{number}", 5) for number in range(200)]
    plan = assign(groups, [day()], GATES, OUTER)
    assert [slot.group for slot in plan.slots] == [group for group, _ in groups]


def test_large_group_is_not_passed_over_for_ever():
    groups = [("large", 40), *((f"G{number}", 1) for number in range(2_000))]
    plan = assign(groups, [day(capacity=200), day(capacity=2_000, number=1)], GATES, OUTER)
    (large,) = (slot for slot in plan.slots if slot.group == "large")
    assert large.start < START + 86_400


def test_group_too_large_for_a_whole_day_does_not_hold_up_the_others():
    groups = [("large", 40), *((f"G{number}", 1) for number in range(30))]
    plan = assign(groups, [day(capacity=30)], GATES, OUTER)
    assert len(plan.slots) == 30 and plan.unplaced == (("large", "no-room"),)


def test_gate_without_outer_points_is_reached_directly():
    plan = assign([("G1", 3)], [day()], [Gate("g", 5, ())], [])
    assert [(slot.gate, slot.outer_point, slot.start) for slot in plan.slots] == [("g", "", START)]


def test_no_gates_or_no_days_place_nobody_and_say_so():
    assert assign([("G1", 3)], [day()], [], []).unplaced == (("G1", "too-large"),)
    assert assign([("G1", 3)], [], GATES, OUTER).unplaced == (("G1", "no-room"),)


@pytest.mark.seed("S-40")
def test_whole_operation_finds_a_place_for_everybody():
    groups = [(f"G{number}", 1 + number % 8) for number in range(27_000)]  # 121,500 people
    gates = [Gate(f"g{number}", 75, ("o1", "o2", "o3")) for number in range(4)]
    outer = [OuterPoint(name, 120) for name in ("o1", "o2", "o3")]
    days = [day(capacity=7_500, number=number) for number in range(17)]
    plan = assign(groups, days, gates, outer)
    assert plan.unplaced == () and max(peak(plan).values()) <= 75
