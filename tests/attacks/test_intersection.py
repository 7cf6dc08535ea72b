"""Intersection of releases at several granularities: what many cells and slots have in common is never finer than one.

The attacker knows every policy and the place's precision. He tries all positions of a fine lattice, and keeps those
that explain everything he was sent.
"""

from itertools import pairwise

from attacks.oracle import cell_of, groups, lattice
from attacks.setting import NOW, PLACE, policy, released, report

LEVELS = ((12, 15), (12, 14), (11, 13), (9, 12))
POLICIES = [policy(min_cell_level=low, max_cell_level=high) for low, high in LEVELS]
FLOOR = 15


def floor_cell(place):
    return cell_of(place[0] / 1e6, place[1] / 1e6, FLOOR)


def test_positions_that_explain_all_releases_fill_whole_floor_cells():
    here = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 13)
    worlds = lattice(here, FLOOR - 13, inside=4)

    def seen(place):
        one = report(lat=place[0], lon=place[1])
        return tuple(released(one, under).area for under in POLICIES)

    found = groups(worlds, seen)
    by_cell = groups(worlds, floor_cell)
    assert len(by_cell) == 16 and {len(one) for one in by_cell.values()} == {16}
    for explained in found.values():
        assert all(cell <= explained for cell in by_cell.values() if cell & explained), (
            "part of a floor cell told apart"
        )


def test_reports_of_any_precision_in_any_order_tell_no_more_than_the_finest_of_their_cells():
    here = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 13)
    worlds = lattice(here, FLOOR - 13, inside=3)

    def seen(place):
        told = [report(lat=place[0], lon=place[1], precision_m=p) for p in (5_000, 1, 2_000, 700)]
        return tuple(released(one, POLICIES[0]).area for one in told)

    for explained in groups(worlds, seen).values():
        assert len({floor_cell(place) for place in explained}) == 1
        assert len(explained) == 9, "every position of the cell explains what was sent"


def test_windows_cut_under_several_policies_nest_and_tell_no_more_than_the_finest_slot():
    slots = (900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400)
    under = [policy(slot_seconds=slot) for slot in slots[1:]]
    starts = range(NOW + 100_800, NOW + 100_800 + 14_400, 300)

    def seen(start):
        one = report(window_from=start, window_to=start + 9_000)
        return tuple((released(one, p).window_from, released(one, p).window_to) for p in under)

    finest = 1_800
    for explained in groups(starts, seen).values():
        # Start and end are cut apart: what is left is where both lie, and each border is a border of the finest slot.
        first, last = min(explained), max(explained) + 300
        assert first % finest == 0 or (first + 9_000 - 300) % finest == 0
        assert last % finest == 0 or (last + 9_000 - 300) % finest == 0
    for one, other in pairwise(slots):
        assert other % one == 0, "slots of two policies would cut each other into finer pieces"
