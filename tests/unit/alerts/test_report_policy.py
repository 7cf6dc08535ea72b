"""Reading reports and policies; an empty policy refuses."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.alerts import policy as policies
from safeconduct.alerts import report as reports
from safeconduct.errors import BadInput, Refusal

JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=3), max_size=2)
    | st.just({})
)


@pytest.mark.seed("S-03")
def test_report_reads_back_as_it_was_written(report):
    assert reports.from_json(reports.to_json(report)) == report
    assert [(one.reliability, one.credibility) for one in report.sources] == [("B", 2), ("A", 3)]


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("lat", 34.25, None),
        ("lat", 90_000_001, "report.lat"),
        ("precision_m", 0, "report.precision_m"),
        ("sources", [], "report.sources"),
        ("sources", [{"name": "x", "reliability": "G", "credibility": 1}], "report.sources[0].reliability"),
        ("sources", [{"name": "x", "reliability": "A", "credibility": 7}], "report.sources[0].credibility"),
        ("window_to", 1629985020, "report.window_to"),
        ("likelihood", 8, "report.likelihood"),
        ("handling", "secret", "report.handling"),
        ("harm_answer", 5, "report.harm_answer"),
    ],
)
def test_bad_report_is_refused_by_field(plain_report, read_report, name, value, where):
    plain_report[name] = value
    with pytest.raises(BadInput) as caught:
        read_report(plain_report)
    assert caught.value.where == (where or "report")


def test_policy_reads_back_as_it_was_written(policy):
    assert policies.from_json(policies.to_json(policy)) == policy


def test_policy_digest_needs_its_salt(policy):
    one, other = policies.digest(policy, bytes(32)), policies.digest(policy, bytes([1]) * 32)
    assert len(one) == 32 and one != other


@pytest.mark.seed("S-05")
@pytest.mark.parametrize("name", ["sources", "details", "site", "what", "entered_by"])
def test_policy_cannot_list_what_is_never_released(plain_policy, read_policy, name):
    plain_policy["fields"].append(name)
    plain_policy["fields"].remove("actor")
    with pytest.raises(BadInput, match="fields"):
        read_policy(plain_policy)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_cell_level", 16),
        ("slot_seconds", 7000),
        ("slot_seconds", 60),
        ("slot_seconds", 10_800),  # a divisor of a day, but it does not nest with the other slots
        ("max_cell_level", 17),
        ("min_targets", 1),
        ("min_targets", -1),
        ("targets", [{"id": "t", "classes": ["people-waiting"], "cell": "30"}]),
        ("targets", [{"id": "t", "classes": ["the man in the red coat"], "cell": "30"}]),
        ("targets", [{"id": "t", "classes": ["guards"], "cell": "9"}]),
        ("actors", {"a": "b"}),
        ("actors", {"a": "b", "b": "a"}),
        ("actors", {"a b": ""}),
        ("candidates", [{"id": "c", "cells": ["9"]}]),
        ("candidates", [{"id": "c", "cells": []}, {"id": "c", "cells": []}]),
        ("handling", "TLP:WHITE"),
    ],
)
def test_bad_policy_is_refused_by_field(plain_policy, read_policy, name, value):
    plain_policy[name] = value
    with pytest.raises(BadInput) as caught:
        read_policy(plain_policy)
    assert name in caught.value.where


@given(data=st.data())
def test_any_field_of_a_report_or_policy_replaced_is_read_or_refused(report, policy, data):
    room, value = data.draw(st.sampled_from([(reports, report), (policies, policy)]))
    plain = json.loads(room.to_json(value))
    plain[data.draw(st.sampled_from(sorted(plain)))] = data.draw(JUNK)
    read = None
    with contextlib.suppress(BadInput):
        read = room.from_json(json.dumps(plain).encode())
    assert read is None or room.from_json(room.to_json(read)) == read


def test_a_policy_without_targets_is_read_as_one_that_declares_none(plain_policy, read_policy, make):
    policy = read_policy(plain_policy)
    assert (policy.targets, policy.min_targets) == ((), 0)
    assert "targets-undeclared" in make(policy=policy).flags


def test_an_area_is_widened_until_enough_places_could_be_meant_and_else_refused(
    plain_policy, read_policy, make, release
):
    near, far = release.area, release.area[:-2] + "3" * 2
    classes = ["people-waiting", "people-on-the-way"]
    plain_policy["targets"] = [
        {"id": "one", "classes": classes, "cell": near},
        {"id": "two", "classes": classes, "cell": far},
        {"id": "clinic", "classes": ["medical-staff"], "cell": near},
    ]
    plain_policy["min_targets"] = 1
    assert make(policy=read_policy(plain_policy)).release.area == near
    plain_policy["min_targets"] = 2
    wider = make(policy=read_policy(plain_policy))
    assert near.startswith(wider.release.area) and far.startswith(wider.release.area)
    assert "coarsened" in wider.flags and "targets-undeclared" not in wider.flags
    plain_policy["min_targets"] = 3
    assert make(policy=read_policy(plain_policy)) == Refusal("lone-target", "floor 3")


@pytest.mark.seed("S-05")
@pytest.mark.parametrize("missing", policies.NEEDED)
def test_policy_that_does_not_list_what_a_release_needs_refuses(plain_policy, read_policy, make, missing):
    plain_policy["fields"].remove(missing)
    assert make(policy=read_policy(plain_policy)) == Refusal("field-not-allowed", missing)


@pytest.mark.seed("S-05")
def test_empty_policy_refuses(plain_policy, read_policy, make):
    plain_policy["fields"] = []
    assert isinstance(make(policy=read_policy(plain_policy)), Refusal)


@pytest.mark.parametrize(
    ("actor", "level", "floor", "name"),
    [
        ("cell-9", 3, 3, "wing-one"),
        ("cell-9", 3, 1, "wing-one"),
        ("cell-9", 1, 3, "armed-group"),
        ("cell-9", 2, 4, "armed-group"),
        ("cell-9", 3, 5, None),
        ("wing-two", 2, 2, "armed-group"),
        ("somebody else", 2, 2, None),
    ],
)
def test_actor_is_named_only_as_exactly_as_enough_actors_share(plain_policy, read_policy, actor, level, floor, name):
    plain_policy["actor_level"], plain_policy["min_candidates"] = level, floor
    assert policies.generalise(read_policy(plain_policy), actor, fewest=2) == name


@pytest.mark.parametrize("room", [reports, policies])
def test_what_is_no_object_is_refused(room):
    with pytest.raises(BadInput) as caught:
        room.from_json(b"[]")
    assert caught.value.code == "bad-field"
