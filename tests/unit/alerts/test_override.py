"""Overrides: two people, a reason, and only rules that a person may decide against."""

import dataclasses

import pytest

from safeconduct.alerts.derive import Derivation
from safeconduct.alerts.override import OVERRIDABLE, Override, decided
from safeconduct.alerts.words import FLAGS
from safeconduct.errors import REFUSALS, BadInput, Refusal

NOW = 1629878400
WINDOW_FROM = 1629985020
GOOD = Override("too-late-to-help", "lives may still be saved", "Duty officer", "Legal adviser", NOW)


def against(rule, **changes):
    return dataclasses.replace(GOOD, rule=rule, **changes)


def test_rules_that_may_be_decided_against_are_refusals_and_no_others():
    assert set(OVERRIDABLE) == {"too-late-to-help", "embargoed", "too-few-candidates"} <= set(REFUSALS)
    assert {f"override:{rule}" for rule in OVERRIDABLE} <= set(FLAGS)


@pytest.mark.parametrize("second", [None, "", " ", "Duty officer", "duty  OFFICER "])
def test_an_override_without_a_second_other_person_is_refused_by_its_rule(second):
    assert decided([GOOD, against("embargoed", second=second)]) == Refusal("second-person-needed", "embargoed")


@pytest.mark.parametrize(
    "rule",
    ["too-precise", "names-a-person", "out-of-scope", "purpose-missing", "harm-not-considered", "field-not-allowed",
     "lone-target", "expired-release", ""],
)  # fmt: skip
def test_a_rule_that_protects_people_stands_whoever_decides(make, rule):
    assert decided([against(rule)]) == make(overrides=[against(rule)]) == Refusal("rule-stands", rule)


@pytest.mark.parametrize("empty", ["reason", "by"])
def test_an_override_without_reason_or_name_is_bad_input(empty):
    with pytest.raises(BadInput, match=empty):
        decided([dataclasses.replace(GOOD, **{empty: " "})])


def test_no_overrides_decide_nothing():
    assert decided([]) == frozenset()


# -- in a derivation ---------------------------------------------------------------------------------------------


@pytest.mark.seed("S-06")
def test_a_late_warning_is_released_by_two_people_and_flagged(make):
    late = make(now=WINDOW_FROM - 60, overrides=[GOOD])
    assert isinstance(late, Derivation) and {"late", "override:too-late-to-help"} <= set(late.flags)


def test_an_override_that_was_not_needed_leaves_no_flag(make):
    plain = make(overrides=[against(rule) for rule in OVERRIDABLE])
    assert not [flag for flag in plain.flags if flag.startswith("override") or flag == "late"]


def test_an_override_of_another_rule_does_not_help(make):
    assert make(now=WINDOW_FROM - 60, overrides=[against("embargoed")]).code == "too-late-to-help"


def test_nothing_is_released_under_embargo_and_the_embargo_is_never_released(make, report):
    held = dataclasses.replace(report, embargo_until=NOW + 1)
    assert make(report=held) == Refusal("embargoed", "until 2021-08-25T08:00:01Z")
    done = make(report=held, overrides=[against("embargoed")])
    assert "override:embargoed" in done.flags
    assert {one.field: one.theirs for one in done.shown}["embargo_until"] is None
    assert "2021-08-25T08:00:01Z" in next(one for one in done.withheld if one.field == "embargo_until").values
    over = make(report=dataclasses.replace(report, embargo_until=NOW))
    assert isinstance(over, Derivation) and "override:embargoed" not in over.flags


def test_each_of_two_broken_rules_needs_its_own_override(make, report):
    held = dataclasses.replace(report, embargo_until=WINDOW_FROM)
    given = {"report": held, "now": WINDOW_FROM - 60}
    assert make(**given, overrides=[GOOD]).code == "embargoed"
    both = make(**given, overrides=[GOOD, against("embargoed")])
    assert {"override:too-late-to-help", "override:embargoed"} <= set(both.flags)


def test_too_few_candidates_are_overridden_into_the_widest_area(make, plain_policy, read_policy):
    plain_policy["min_candidates"] = 4
    policy = read_policy(plain_policy)
    done = make(policy=policy, overrides=[against("too-few-candidates")])
    assert len(done.release.area) == policy.min_cell_level and done.candidates == 3
    assert {"override:too-few-candidates", "coarsened"} <= set(done.flags)


def test_a_window_that_is_over_is_not_released_by_anybody(make, report):
    everything = [against(rule) for rule in OVERRIDABLE]
    assert make(now=report.window_to, overrides=everything).code == "expired-release"


def test_confidence_never_crosses_and_never_shares_a_sentence_with_likelihood(make, report, read_report, plain_report):
    sure = make(report=dataclasses.replace(report, confidence="low"))
    shown = {one.field: one for one in sure.shown}
    assert shown["confidence"].theirs is None and shown["confidence"].ours == "low"
    assert "low" not in shown["likelihood"].ours
    for change in ({"confidence": "certain"}, {"embargo_until": -1}, {"embargo_until": "soon"}):
        with pytest.raises(BadInput, match=next(iter(change))):
            read_report({**plain_report, **change})
