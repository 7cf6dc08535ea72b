"""A cell with one plausible target: where only one such place lies in it, the cell would name the place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attacks.oracle import cell_of, meet
from attacks.setting import PLACE, policy, report, weigh
from safeconduct.alerts.derive import Derivation
from safeconduct.alerts.override import OVERRIDABLE
from safeconduct.errors import Refusal

WIDE = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 12)
HERE = cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 15)
SITES = st.lists(
    st.tuples(
        st.text("0123", min_size=0, max_size=6).map(lambda tail: WIDE + tail),
        st.lists(st.sampled_from(["people-waiting", "guards", "medical-staff"]), min_size=1, max_size=2, unique=True),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(SITES, st.integers(1, 4), st.sampled_from(["people-waiting", "medical-staff"]))
def test_every_area_that_crosses_holds_enough_places_that_could_be_meant(sites, fewest, people):
    under = policy(
        targets=[{"id": f"t{n}", "cell": c, "classes": k} for n, (c, k) in enumerate(sites)], min_targets=fewest
    )
    answer = weigh(report(threatened_class=people), under)

    def meant(area):
        return sum(people in classes and meet(area, cell) for cell, classes in sites)

    if isinstance(answer, Derivation):
        assert meant(answer.release.area) >= fewest
        finer = HERE[: len(answer.release.area) + 1]
        assert finer == answer.release.area or meant(finer) < fewest, "no wider than it has to be"
    else:
        assert answer == Refusal("lone-target", f"floor {fewest}") and meant(WIDE) < fewest


def test_the_only_clinic_of_the_neighbourhood_is_not_named_by_its_cell():
    clinic, school = HERE, HERE[:13] + "31"
    targets = [
        {"id": "clinic", "cell": clinic, "classes": ["medical-staff"]},
        {"id": "school", "cell": school, "classes": ["residents"]},
    ]
    alone = policy(targets=targets, min_targets=2)
    assert weigh(report(threatened_class="medical-staff"), alone).code == "lone-target"


def test_no_two_people_can_decide_against_it():
    assert "lone-target" not in OVERRIDABLE


@pytest.mark.parametrize("people", ["people-waiting", "guards"])
def test_a_policy_that_declares_no_places_says_so_to_its_owner(people):
    assert "targets-undeclared" in weigh(report(threatened_class=people), policy()).flags
