"""Differencing a correction: what changed between two versions tells no more than the two versions do."""

from collections import defaultdict
from itertools import product

from attacks.oracle import cell_of, fields_of, lattice, reach
from attacks.setting import NOW, PLACE, crossing, policy, released, report, weigh
from safeconduct.errors import Refusal

HERE = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 14)
EACH_TIME = {"version", "commitment", "policy_digest", "issued", "lead_seconds"}


def corrected(old, new, *, seed=1, **given):
    first = released(old, policy())
    return first, weigh(new, policy(), seed=seed, before=[(first, old)], replaces=first, **given)


def test_pairs_of_positions_that_explain_both_versions_are_whole_cells_times_whole_cells():
    places = lattice(HERE, 1, inside=3)
    found = defaultdict(set)
    first = {place: released(report(lat=place[0], lon=place[1]), policy()) for place in places}
    some = places[::5]
    for old, new in product(some, places):
        one = report(lat=old[0], lon=old[1])
        second = weigh(report(lat=new[0], lon=new[1]), policy(), before=[(first[old], one)], replaces=first[old])
        found[first[old].area, second.release.area].add((old, new))
    cell = {place: cell_of(place[0] / 1e6, place[1] / 1e6, 15) for place in places}
    for explained in found.values():
        olds, news = {pair[0] for pair in explained}, {pair[1] for pair in explained}
        assert explained == set(product(olds, news)), "the two versions together told a pair of positions apart"
        assert {p for p in some if cell[p] in {cell[o] for o in olds}} == olds
        assert {p for p in places if cell[p] in {cell[n] for n in news}} == news


def test_a_correction_of_what_was_withheld_changes_random_fields_only():
    changes = {
        "what": "Something else is being prepared.", "site": "North path", "lat": PLACE[0] + 40, "precision_m": 60,
        "actor": "cell-7", "details": "", "window_from": NOW + 106_630, "harm_answer": "Nobody was asked twice.",
        "sources": [{"name": "Source Heron", "reliability": "A", "credibility": 1}], "confidence": "high",
    }  # fmt: skip
    first, second = corrected(report(), report(id="rep-0018", **changes), now=NOW + 60)
    one, other = fields_of(crossing(first)), fields_of(crossing(second.release))
    assert {name for name in one if one[name] != other[name]} <= EACH_TIME
    assert one["commitment"] != other["commitment"], "it tells nothing: a new one is made even where nothing changed"
    same = corrected(report(), report(), now=NOW + 60)[1].release
    assert same.commitment != first.commitment


def test_a_corrected_place_leaves_enough_sources_for_both_places():
    """The partner knows that both versions come from one report: who could not tell of both places is out."""
    far = cell_of(35, 70, 15)
    here = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 15)
    people = {"a": [here], "b": [here], "c": [here, far], "d": [far], "e": [far]}
    under = policy(candidates=[{"id": n, "cells": c} for n, c in people.items()], min_candidates=2)
    first = released(report(), under)
    moved = report(
        id="rep-0018", lat=35_000_010, lon=70_000_010, sources=[{"name": "S", "reliability": "A", "credibility": 1}]
    )
    assert {n for n, cells in people.items() if reach(cells, [first.area, far])} == {"c"}
    answer = weigh(moved, under, before=[(first, report())], replaces=first)
    assert answer == Refusal("too-few-candidates", "floor 2")
    assert weigh(moved, under, before=[(first, report())]).release.area == far, (
        "as a warning of its own it tells nothing"
    )
