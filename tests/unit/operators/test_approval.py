"""Approval by two: who may confirm what, until when, and how often."""

from dataclasses import replace

import pytest

from safeconduct.errors import BadInput
from safeconduct.operators.approval import LIFETIME, Request, decide, from_json, state_of, to_json
from safeconduct.operators.people import Operator

ASKED = Request("r1", "release", "report-1", ("embargoed",), "lives", "desk", 1_000, 1_000 + LIFETIME, "{}")
SECOND = Operator("second", "second desk", ("second-approver",), "")


def test_a_second_office_confirms_or_declines():
    for confirmed, verdict in ((True, "confirmed"), (False, "declined")):
        made = decide(ASKED, SECOND, confirmed=confirmed, why="seen", now=1_500)
        assert (made.verdict, made.second, made.why, made.decided_at) == (verdict, "second", "seen", 1_500)
        assert state_of(made, 10**9) == verdict
        assert from_json(to_json(made)) == made


def test_the_same_office_twice_is_refused_whatever_its_roles():
    both = Operator("desk", "desk", ("releasing-officer", "second-approver"), "")
    assert decide(ASKED, both, confirmed=True, why="", now=1_500).code == "second-person-needed"


@pytest.mark.parametrize(
    "office", [None, Operator("x", "x", ("releasing-officer",), ""), replace(SECOND, removed=True)]
)
def test_the_second_office_needs_the_role(office):
    assert decide(ASKED, office, confirmed=True, why="", now=1_500).code == "role-needed"


def test_a_request_expires_and_is_decided_once():
    assert state_of(ASKED, ASKED.expires - 1) == "open"
    assert state_of(ASKED, ASKED.expires) == "expired"
    assert decide(ASKED, SECOND, confirmed=True, why="", now=ASKED.expires).code == "approval-over"
    once = decide(ASKED, SECOND, confirmed=False, why="no", now=1_500)
    assert decide(once, SECOND, confirmed=True, why="", now=1_600).code == "approval-over"


@pytest.mark.parametrize("record", [b"{", b"[]", b"{}", to_json(ASKED)[:-1] + b',"more":1}'])
def test_a_damaged_record_is_named(record):
    with pytest.raises(BadInput):
        from_json(record)
