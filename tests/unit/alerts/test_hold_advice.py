"""A hold is advised where a crowd and an active warning meet, and nowhere else."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.alerts.hold_advice import (
    AHEAD,
    CROWD,
    FRESH,
    READY,
    CrowdReport,
    PointWarning,
    advise,
    is_active,
    newest_crowds,
)


def _crowd(level="dense", at=0, point="gate-a", by="device"):
    return CrowdReport(point, level, at, by)


def _warned(release, point="gate-a", why="assigned"):
    return PointWarning(point, release, why)


@pytest.mark.seed("S-27")
def test_a_hold_is_advised_when_a_crowd_and_an_active_warning_meet(release):
    now = release.window_from
    [hold] = advise([_crowd(at=now - 60)], [_warned(release)], now)
    assert (hold.point, hold.releases, hold.until) == ("gate-a", (release.id,), release.window_to)
    assert hold.crowd.level == "dense"


@pytest.mark.seed("S-27")
@pytest.mark.parametrize("level", ["clear", "some", "many people here"])
def test_no_hold_without_a_crowd_and_an_unknown_word_is_no_calm_and_no_crowd(release, level):
    now = release.window_from
    assert advise([_crowd(level, at=now)], [_warned(release)], now) == ()


def test_no_hold_where_the_warning_is_elsewhere_or_the_crowd_unknown(release):
    now = release.window_from
    assert advise([_crowd(at=now, point="gate-b")], [_warned(release)], now) == ()
    assert advise([], [_warned(release)], now) == ()
    assert advise([_crowd(at=now)], [], now) == ()
    early = release.window_from - READY - 1
    assert advise([_crowd(at=early)], [_warned(release)], early) == ()


def test_a_crowd_that_was_reported_long_ago_counts_no_longer(release):
    now = release.window_from
    assert advise([_crowd(at=now - FRESH + 1)], [_warned(release)], now)
    assert advise([_crowd(at=now - FRESH)], [_warned(release)], now) == ()


def test_a_device_whose_clock_is_far_ahead_neither_holds_a_gate_nor_hides_later_reports(release):
    now = release.window_from
    ahead = _crowd("crushing", at=now + AHEAD + 1)
    assert advise([ahead], [_warned(release)], now) == ()
    assert newest_crowds([ahead, _crowd("some", at=now)], now)["gate-a"].level == "some"
    assert advise([_crowd(at=now + AHEAD)], [_warned(release)], now)


def test_the_newest_report_counts_and_of_two_in_one_second_the_fuller(release):
    now = release.window_from
    assert newest_crowds([_crowd("crushing", at=5), _crowd("clear", at=9)], now)["gate-a"].level == "clear"
    both = [_crowd("crushing", at=9), _crowd("clear", at=9)]
    assert newest_crowds(both, now)["gate-a"].level == "crushing"
    assert newest_crowds(both[::-1], now)["gate-a"].level == "crushing"


def test_a_warning_is_active_from_an_hour_before_its_window_to_its_end_unless_withdrawn(release):
    assert not is_active(release, release.window_from - READY - 1)
    assert is_active(release, release.window_from - READY)
    assert is_active(release, release.window_to - 1)
    assert not is_active(release, release.window_to)
    assert not is_active(dataclasses.replace(release, revoked=True), release.window_from)


def test_two_warnings_at_one_point_make_one_hold_until_the_later_end(release):
    now = release.window_from
    later = dataclasses.replace(release, id="w-2", window_to=release.window_to + 900)
    [hold] = advise([_crowd(at=now)], [_warned(release), _warned(later), _warned(release, why="placed")], now)
    assert (hold.releases, hold.until) == (("w-2", release.id), later.window_to)


@given(st.lists(st.tuples(st.sampled_from([*CROWD, "?"]), st.integers(0, 100)), max_size=6))
def test_the_newest_report_does_not_depend_on_the_order_in_which_they_came(reports):
    given_ = [_crowd(level, at) for level, at in reports]
    newest = newest_crowds(given_, 100).get("gate-a")
    back = newest_crowds(given_[::-1], 100).get("gate-a")
    assert (newest and newest.at) == (back and back.at) == max((at for _, at in reports), default=None)
