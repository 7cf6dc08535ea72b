"""Two partners pool what they got: nothing in the two releases matches but what both may know, and sources stay hidden."""

import pytest

from attacks.oracle import cell_of, fields_of, groups, lattice, middle, reach
from attacks.setting import PLACE, crossing, fresh, policy, released, report, weigh
from safeconduct.errors import Refusal

HERE = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 15)
WIDE, OTHER = HERE[:13], HERE[:14] + ("0" if HERE[14] != "0" else "1")
# a to c are there; d to f next door; g everywhere.
REACH = {"a": [HERE], "b": [HERE], "c": [HERE], "d": [OTHER], "e": [OTHER], "f": [OTHER], "g": [WIDE]}
PEOPLE = [{"id": name, "cells": cells} for name, cells in REACH.items()]


def to(partner, **changes):
    return policy(partner=partner, candidates=PEOPLE, min_candidates=3, **changes)


def left(areas):
    """Who explains all areas, counted by the attackers."""
    return {name for name, cells in REACH.items() if reach(cells, areas)}


def test_two_releases_of_one_report_share_no_random_value():
    told = [
        fields_of(crossing(released(report(), to(name), seed=seed), seed))
        for name, seed in (("cordon", 1), ("friend", 2))
    ]
    for name in ("release_id", "commitment", "policy_digest"):
        assert told[0][name] != told[1][name]
    assert fresh(1)[1] != fresh(2)[1]


def test_what_two_partners_get_of_one_place_is_together_no_finer_than_the_finer_of_the_two():
    fine, coarse = policy(max_cell_level=15), policy(partner="friend", min_cell_level=11, max_cell_level=13)
    worlds = lattice(WIDE, 2, inside=3)

    def seen(place):
        one = report(lat=place[0], lon=place[1])
        return released(one, fine).area, released(one, coarse).area

    for explained in groups(worlds, seen).values():
        assert len(explained) == 9
        assert len({cell_of(lat / 1e6, lon / 1e6, 15) for lat, lon in explained}) == 1


def test_partners_of_a_declared_coalition_are_left_with_enough_sources():
    first = released(report(), to("cordon"))
    there = report(
        lat=PLACE[0], lon=PLACE[1], precision_m=4_000, sources=[{"name": "S2", "reliability": "B", "credibility": 2}]
    )
    second = weigh(there, to("friend", coalition=["cordon"]), before=[(first, report())])
    assert left([first.area]) == {"a", "b", "c", "g"}
    areas = [first.area, second.release.area]
    assert len(left(areas)) >= 3 and len(left(areas)) == second.candidates


@pytest.mark.parametrize("who", ["the second", "the first", "neither but a third"])
def test_it_does_not_matter_whose_policy_declared_the_coalition(who):
    """Only d to g could tell of the neighbouring cell: with the first release in hand, g alone could be both."""
    first = released(report(), to("cordon"))
    lat, lon = middle(OTHER)
    beside = report(lat=lat, lon=lon)
    under = to("friend", coalition=["cordon"] if who == "the second" else [])
    pools = {
        "the second": [],
        "the first": [("cordon", "friend")],
        "neither but a third": [("x", "cordon"), ("x", "friend")],
    }
    answer = weigh(beside, under, before=[(first, report())], pools=pools[who])
    assert left([first.area, OTHER]) == {"g"}
    assert not isinstance(answer, Refusal), "a wider area is found"
    assert len(left([first.area, answer.release.area])) >= 3 and len(answer.release.area) < 15


def test_without_any_declaration_nothing_is_promised():
    """The limit of the claim, so that nobody reads more into it."""
    first = released(report(), to("cordon"))
    lat, lon = middle(OTHER)
    other = report(lat=lat, lon=lon, sources=[{"name": "S2", "reliability": "B", "credibility": 2}])
    answer = weigh(other, to("friend"), before=[(first, report())])
    assert answer.release.area == OTHER and left([first.area, OTHER]) == {"g"}
