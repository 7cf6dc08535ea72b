"""Offices of the room: what they are made of, what their roles open, and what an older record reads as."""

import json

import pytest

from safeconduct.errors import BadInput
from safeconduct.operators.people import (
    ACTS,
    EXERCISE,
    FIRST,
    KEYBOARD,
    KEYBOARD_OPERATOR,
    ROLES,
    Operator,
    from_json,
    may,
    new_operator,
    to_json,
)


def test_an_office_comes_back_from_its_record_as_it_was():
    one = Operator("night-desk", "night desk", ("duty-officer", "liaison"), "ab" * 32, removed=True)
    assert from_json("night-desk", to_json(one)) == one


def test_the_first_operator_of_an_older_node_may_still_release():
    older = json.dumps({"token": "ab" * 32, "roles": ["duty-officer"]}).encode()
    found = from_json("first", older)
    assert (found.office, found.roles, found.removed) == ("first", ("duty-officer", "releasing-officer"), False)


@pytest.mark.parametrize(
    "record", [b"[]", b"{", b'{"token": 1, "roles": []}', b'{"token": "", "roles": [], "office": "x"}']
)
def test_a_damaged_record_is_named(record):
    with pytest.raises(BadInput):
        from_json("x", record)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("", "desk", ["reader"]), "operator.id"),
        (("Night Desk", "desk", ["reader"]), "operator.id"),
        ((KEYBOARD, "desk", ["reader"]), "operator.id"),
        (("desk", "  ", ["reader"]), "operator.office"),
        (("desk", "a\nb", ["reader"]), "operator.office"),
        (("desk", "x" * 101, ["reader"]), "operator.office"),
        (("desk", "desk", []), "operator.roles"),
        (("desk", "desk", ["king"]), "operator.roles"),
    ],
)
def test_what_was_typed_wrong_is_refused_with_its_field(given, field):
    with pytest.raises(BadInput) as caught:
        new_operator(*given, token="")
    assert caught.value.where == field


def test_a_role_opens_its_own_acts_and_no_others():
    for role in ROLES:
        one = new_operator("desk", " the desk ", [role, role], "")
        assert one.roles == (role,) and one.office == "the desk"
        assert {act for act in ACTS if may(one, act) is None} == {act for act, roles in ACTS.items() if role in roles}
    assert {act for act in ACTS if may(Operator("r", "r", ("reader",), ""), act) is None} == set()


def test_an_unknown_or_removed_office_may_nothing():
    gone = Operator("desk", "desk", tuple(ROLES), "", removed=True)
    for one in (None, gone):
        assert all(may(one, act).code == "role-needed" for act in ACTS)


def test_nobody_alone_can_go_against_a_rule():
    """Who releases and who confirms are different offices, but for the keyboard, which counts as one person."""
    assert may(FIRST, "release") is None and may(FIRST, "confirm").code == "role-needed"
    for one in EXERCISE:
        assert may(one, "ask") is not None or may(one, "confirm") is not None
    assert may(KEYBOARD_OPERATOR, "confirm") is None and may(KEYBOARD_OPERATOR, "release") is None
