"""The plan of a replay: everybody has a place, nobody is called into a crowd, trouble is dealt out evenly."""

from collections import Counter
from pathlib import Path

import pytest

from safeconduct.passes.pass_format import to_text
from safeconduct.register.roll_import import parse_roll
from safeconduct.replay.people import generate
from safeconduct.replay.plan import Held, plan_days, scans_of, strips_of
from safeconduct.replay.scenario import load

SCENARIO = load(Path(__file__).parents[3] / "scenarios" / "kabul-2021")
PASS = Held(to_text(bytes(96)), None)


def plans_for(people):
    roll = parse_roll(generate(people, SCENARIO.seed, errors=SCENARIO.errors), filename="roll.csv")
    return plan_days(SCENARIO, [(g.group_id, g.heads) for g in roll.groups], people), len(roll.groups)


@pytest.mark.parametrize("people", [1, 60, 1_000, 12_200])
def test_every_group_has_one_slot_and_no_cap_is_passed(people):
    (plans, unplaced), groups = plans_for(people)
    slots = [slot for plan in plans for slot in plan.slots]
    assert (len({slot.group for slot in slots}), len(slots), unplaced) == (groups, groups, 0)
    caps = {gate.id: gate.cap for gate in SCENARIO.gates()} | {p.id: p.cap for p in SCENARIO.outer_points()}
    heads = Counter()
    for slot in slots:
        heads[slot.gate, slot.start] += slot.heads
        heads[slot.outer_point, slot.start] += slot.heads
    assert all(count <= caps[place] for (place, _), count in heads.items())


def test_a_days_people_are_spread_over_its_gates_and_hours():
    (plans, _), _ = plans_for(12_200)
    busiest = max(plans, key=lambda plan: len(plan.slots))
    by_gate = Counter()
    for slot in busiest.slots:
        by_gate[slot.gate] += slot.heads
    assert max(by_gate.values()) < 1.5 * min(by_gate.values())
    first, last = (f(slot.start for slot in busiest.slots) - busiest.midnight for f in (min, max))
    assert last - first > 16 * 3_600


def test_every_kind_of_trouble_is_planted_even_at_small_scale():
    (plans, _), groups = plans_for(1_500)
    labels = Counter()
    for plan in plans:
        held = {(strip["group"], leg["point"]): PASS for strip in strips_of(plan)[0] for leg in strip["legs"]}
        scans = scans_of(SCENARIO, plan, held, (), [p.id for p in SCENARIO.points])
        labels.update(scan.label for todo in scans.values() for scan in todo)
    assert labels["genuine"] + labels["holder-after-copier"] == 2 * groups
    assert {"forged", "copied", "copied-elsewhere", "expired", "wrong-point"} <= set(labels)


def test_two_hundred_groups_are_bound_or_a_fifth_where_there_are_few():
    for people in (1, 60, 1_000, 12_200):
        (plans, _), groups = plans_for(people)
        assert sum(len(plan.bound) for plan in plans) == min(200, groups // 5)
