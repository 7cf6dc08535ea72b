"""What the partner could infer from all that it has had."""

import dataclasses

import pytest

from safeconduct.alerts.earlier import earlier_of, question, trace_of
from safeconduct.alerts.inference import REASONS, infer, joined
from safeconduct.alerts.policy import Candidate, Target
from safeconduct.alerts.quadtree import cell


@pytest.fixture
def split(policy, report):
    here, beside = cell(report.lat, report.lon, 15), cell(report.lat, report.lon, 14)
    reach = {"a": (beside,), "b": (here,), "c": (here,), "d": (cell(0, 0, 9),)}
    targets = (Target("gate", ("people-waiting",), here), Target("clinic", ("medical-staff",), here))
    return dataclasses.replace(
        policy, min_candidates=1, targets=targets, min_targets=1,
        candidates=tuple(Candidate(name, cells) for name, cells in reach.items()),
    )  # fmt: skip


def inferred(report, policy, new, held):
    asked = question(report, policy)
    traces = [(one, ()) for one in held]
    return infer(policy, new, asked, earlier_of(asked, traces), traces, total=len(held))


def test_the_first_release_rules_out_who_could_not_know(report, split, release):
    told = inferred(report, split, trace_of(release), [])
    assert (told.held, told.total, told.areas) == ((), 0, (release.area,))
    assert (told.candidates, told.before, told.after, told.lost) == (4, ("a", "b", "c", "d"), ("a", "b", "c"), ("d",))
    assert told.targets == ("gate",) and told.floor == 1
    assert told.spans == ((release.window_from, release.window_to),) and told.actors == ("wing-one",)


def test_earlier_releases_are_put_together_as_the_partner_could(report, split, release):
    sibling = release.area[:-1] + ("0" if release.area[-1] != "0" else "1")
    wide = dataclasses.replace(
        trace_of(release), release_id="w-0", area=release.area[:-2], actor="armed-group",
        window_from=release.window_from - 7200, window_to=release.window_from,
    )  # fmt: skip
    next_to = dataclasses.replace(trace_of(release), release_id="w-1", area=sibling, actor=None)
    told = inferred(report, split, trace_of(release), [next_to, wide])
    assert [(one.release_id, one.reasons) for one in told.held] == [
        ("w-1", ("touching", "alike")),
        ("w-0", ("touching",)),
    ]
    assert told.areas == (release.area[:-2],), "cells in a wider one are not named again"
    assert told.spans == ((release.window_from - 7200, release.window_to),)
    assert told.actors == ("armed-group", "wing-one")
    assert told.before == ("a",) == told.after, "b and c reach the first cell only"
    assert all(reason in REASONS for one in told.held for reason in one.reasons)


def test_stretches_of_time_join_where_they_meet():
    assert joined([(5, 7), (1, 3), (3, 4), (6, 6)]) == ((1, 4), (5, 7))
    assert joined([]) == ()
