"""At least k plausible sources remain after any sequence of releases, counted by somebody who knows all candidates.

Random candidates, reports and orders. After each release the attacker intersects, by his own geometry, whatever he can
hold for one source: all releases that truly rest on one (he may have guessed right), all that name ground in common
with a place, and all that can be taken for one threat.
"""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from attacks.oracle import cell_of, groups, lattice, lies_in, meet, middle, reach, square
from attacks.setting import NOW, PLACE, policy, report, weigh
from safeconduct.alerts.derive import Derivation

CORNER = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 11)
CELLS = st.text("0123", min_size=0, max_size=4).map(lambda tail: CORNER + tail)
K = 2

REPORTS = st.lists(
    st.fixed_dictionaries(
        {
            "where": st.text("0123", min_size=5, max_size=5).map(lambda tail: middle(CORNER + tail)),
            "precision_m": st.sampled_from([10, 1_000, 2_000, 4_000, 9_000]),
            "hour": st.integers(0, 5),
            "source": st.sampled_from(["S1", "S2", "S3"]),
            "class": st.sampled_from(["people-waiting", "guards"]),
        }
    ),
    min_size=2,
    max_size=5,
)


def entered(number, given):
    start = NOW + 100_800 + given["hour"] * 3_600
    return report(
        id=f"rep-{number}", lat=given["where"][0], lon=given["where"][1], precision_m=given["precision_m"],
        window_from=start, window_to=start + 7_200, threatened_class=given["class"],
        sources=[{"name": given["source"], "reliability": "B", "credibility": 2}],
    )  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=3, max_size=8), REPORTS)
def test_enough_sources_remain_after_any_sequence_of_releases(people, told):
    under = policy(
        min_cell_level=12, max_cell_level=15, min_candidates=K,
        candidates=[{"id": f"c{n}", "cells": sorted(set(cells))} for n, cells in enumerate(people)],
    )  # fmt: skip
    before, sources = [], []
    for number, given_report in enumerate(told):
        one = entered(number, given_report)
        made = weigh(one, under, before=before)
        if isinstance(made, Derivation):
            before.append((made.release, one))
            sources.append(given_report["source"])
    releases = [release for release, _ in before]

    def left(chosen):
        return sum(reach(cells, [release.area for release in chosen]) for cells in people)

    for source in set(sources):
        assert left([r for r, s in zip(releases, sources, strict=True) if s == source]) >= K, (
            "one source, all its releases"
        )
    for place in [middle(release.area) for release in releases]:
        holding = [r for r in releases if lies_in(Fraction(place[0], 10**6), Fraction(place[1], 10**6), r.area)]
        assert left(holding) >= K, "all releases that hold one place"
    for newest, release in enumerate(releases):
        overlapping = [r for r in releases[: newest + 1] if meet(r.area, release.area)]
        assert left(overlapping) >= K, "all that name ground in common with one release, when it was made"
        threat = [
            r for r in releases[: newest + 1]
            if r.threatened_class == release.threatened_class and near(r.area, release.area)
            and r.window_from < release.window_to and release.window_from < r.window_to
        ]  # fmt: skip
        assert left(threat) >= K, "all that can be taken for one threat"


def near(one, other):
    """No further apart than neighbouring cells of level 12: at most one such cell lies between."""
    a, b = (square(cell_of(*[Fraction(part, 10**6) for part in middle(cell)], 12)) for cell in (one[:12], other[:12]))
    side = Fraction(360, 2**12)
    return abs(a[0] - b[0]) <= side and abs(a[1] - b[1]) <= side


def test_an_area_that_was_widened_does_not_tell_where_in_it_the_place_lies():
    """The attacker knows policy and candidates, and that areas are widened only where a finer one has too few sources.

    He does not know the report's precision. Each place of the wide cell still explains what he sees, with one precision
    or another, so that each candidate of the wide cell stays plausible.
    """
    here = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 14)
    people = {"a": [here + "0"], "b": [here + "0"], "c": [here + "0"], "d": [here + "3"], "e": [here]}
    under = policy(min_candidates=3, candidates=[{"id": n, "cells": c} for n, c in people.items()])
    worlds = [(place, precision) for place in lattice(here, 1) for precision in (10, 300, 1_000, 1_500, 2_400)]

    def seen(world):
        place, precision = world
        made = weigh(report(lat=place[0], lon=place[1], precision_m=precision), under)
        return made.release.area if isinstance(made, Derivation) else None

    found = groups(worlds, seen)
    assert set(found) == {here, here + "0"}
    assert {place for place, _ in found[here]} == set(lattice(here, 1))
    for area, explained in found.items():
        cells = {cell_of(lat / 1e6, lon / 1e6, 15) for (lat, lon), _ in explained}
        plausible = {name for name, reached in people.items() if any(reach(reached, [cell]) for cell in cells)}
        assert len(plausible) >= 3, area


def test_a_common_source_that_only_its_owner_knows_of_changes_nothing_that_crosses():
    """Two worlds that differ in one thing: whether the new report rests on the source of an earlier, far one."""
    far = [report(id="rep-0", lat=10_000_000, lon=20_000_000)]
    everywhere = [{"id": f"c{n}", "cells": ["3"]} for n in range(5)]
    under = policy(candidates=[*everywhere, {"id": "here", "cells": [CORNER]}], min_candidates=5)
    first = weigh(far[0], under).release
    seen = set()
    for name in ("Source Heron", "somebody else"):
        one = report(sources=[{"name": name, "reliability": "B", "credibility": 2}])
        seen.add(weigh(one, under, before=[(first, far[0])]).release.area)
    assert len(seen) == 1


def test_releases_for_one_place_count_together_whatever_else_differs():
    """Another source, class of people and day; still it may be the one who watches that place."""
    here = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 15)
    beside = here[:14] + ("0" if here[14] != "0" else "1")
    people = {"a": [here], "b": [here], "c": [here], "d": [beside], "e": [beside], "f": [here[:14]]}
    under = policy(min_candidates=5, candidates=[{"id": n, "cells": c} for n, c in people.items()])
    wide = report(precision_m=2_000)
    first = weigh(wide, under).release
    assert first.area == here[:14] and sum(reach(cells, [first.area]) for cells in people.values()) == 6
    other = report(
        id="rep-2", threatened_class="guards", window_from=NOW + 300_000, window_to=NOW + 310_000,
        sources=[{"name": "S2", "reliability": "B", "credibility": 2}],
    )  # fmt: skip
    loose = policy(min_candidates=4, candidates=[{"id": n, "cells": c} for n, c in people.items()])
    fine = weigh(other, loose, before=[(first, wide)]).release
    assert fine.area == here and sum(reach(cells, [first.area, fine.area]) for cells in people.values()) == 4
    lat, lon = middle(beside)
    third = report(
        id="rep-3", threatened_class="medical-staff", lat=lat, lon=lon, precision_m=2_000, window_from=NOW + 500_000,
        window_to=NOW + 510_000, sources=[{"name": "S3", "reliability": "B", "credibility": 2}],
    )  # fmt: skip
    strict = weigh(third, under, before=[(first, wide), (fine, other)])
    assert strict.code == "too-few-candidates", "all that is held for this ground leaves four, not five"
