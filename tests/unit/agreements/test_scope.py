"""What is permitted: nothing, unless the agreement lists it."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.agreements.scope import (
    Permit,
    StateEvent,
    closed_at,
    may_follow,
    permit,
    phase_at,
    read_state_event,
    state_event_json,
    state_of,
)
from safeconduct.errors import BadInput, Refusal

AUG_20 = 1629460800
ACT = {"act": "share", "subject": "threat-warning", "purpose": "no-attacks", "by": "evac", "now": AUG_20}


@pytest.mark.seed("S-01", "S-60")
def test_act_within_the_agreement_gets_a_permit_to_cite(agreement):
    assert permit(agreement, **ACT) == Permit("corridor-a", 1, "share", "threat-warning", "no-attacks", "evac", AUG_20)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"state": "closed"}, Refusal("agreement-closed"), marks=pytest.mark.seed("S-58")),
        pytest.param({"state": "suspended"}, Refusal("agreement-suspended"), marks=pytest.mark.seed("S-62")),
        ({"state": "as you like"}, Refusal("agreement-suspended")),
        ({"now": AUG_20 - 30 * 86_400}, Refusal("no-agreement", "it begins at 2021-08-14T00:00:00Z")),
        ({"now": AUG_20 + 30 * 86_400}, Refusal("agreement-closed", "it ended at 2021-08-31T19:29:00Z")),
        ({"by": "third"}, Refusal("unknown-sender", "third")),
        pytest.param({"subject": "trade"}, Refusal("out-of-scope", "trade"), marks=pytest.mark.seed("S-63")),
        pytest.param(
            {"subject": "threat-warning-abroad"},
            Refusal("out-of-scope", "threat-warning-abroad"),
            marks=pytest.mark.seed("S-64"),
        ),
        pytest.param({"subject": "threat"}, Refusal("out-of-scope", "threat"), marks=pytest.mark.seed("S-64")),
        pytest.param({"purpose": None}, Refusal("purpose-missing"), marks=pytest.mark.seed("S-60")),
        pytest.param(
            {"purpose": "friendship"}, Refusal("purpose-missing", "friendship"), marks=pytest.mark.seed("S-60")
        ),
    ],
)
def test_act_outside_is_refused_with_its_reason(agreement, changes, refusal):
    assert permit(agreement, **{**ACT, **changes}) == refusal


@pytest.mark.seed("S-01")
def test_without_an_agreement_everything_is_refused():
    assert permit(None, **ACT) == Refusal("no-agreement")


@given(subject=st.text(max_size=30), purpose=st.none() | st.text(max_size=30))
@pytest.mark.seed("S-63")
def test_empty_scope_permits_no_subject(agreement, subject, purpose):
    empty = dataclasses.replace(agreement, scope=())
    assert permit(empty, **{**ACT, "subject": subject, "purpose": purpose}) == Refusal("out-of-scope", subject)


@pytest.mark.seed("S-38")
def test_phase_narrows_what_may_be_done_from_its_day_on(terms, read):
    terms["phases"] = [
        {"id": "military", "name": "Military", "start": "2021-08-15T00:00:00Z", "acts": ["share", "passage"]},
        {"id": "diplomatic", "name": "Diplomatic", "start": "2021-08-30T00:00:00Z", "acts": ["passage"]},
    ]
    agreement = read(terms)
    assert isinstance(permit(agreement, **ACT), Permit)
    late = {**ACT, "now": AUG_20 + 10 * 86_400}
    assert permit(agreement, **late) == Refusal("out-of-phase", "share, in phase diplomatic")
    early = {**ACT, "now": agreement.start_at}
    assert phase_at(agreement, agreement.start_at) is None
    assert permit(agreement, **early) == Refusal("out-of-phase", "share, in phase none yet")


def _event(kind, by, at):
    return StateEvent(kind, by, AUG_20 + at, "as recorded")


@pytest.mark.seed("S-62")
def test_breach_suspends_until_both_renewed_after_it(agreement):
    events = [
        _event("renewal", "cordon", -5),
        _event("breach", "evac", 0),
        _event("renewal", "evac", 5),
        _event("renewal", "cordon", 9),
    ]
    assert state_of(agreement, events, AUG_20 - 1) == "open"
    assert state_of(agreement, events, AUG_20) == "suspended"
    assert state_of(agreement, events, AUG_20 + 8) == "suspended"
    assert state_of(agreement, events, AUG_20 + 9) == "open"


@pytest.mark.seed("S-58")
def test_last_departure_closes_for_good(agreement):
    events = [_event("last-departure", "evac", 0), _event("renewal", "evac", 1), _event("renewal", "cordon", 1)]
    state = state_of(agreement, events, AUG_20 + 5)
    assert state == "closed"
    assert permit(agreement, **ACT, state=state) == Refusal("agreement-closed")


def test_end_closes_and_a_stranger_suspends_nothing(agreement):
    assert state_of(agreement, [_event("breach", "third", 0)], AUG_20 + 5) == "open"
    assert state_of(agreement, [], agreement.end_at) == "closed"


@given(order=st.permutations(["breach", "renewal", "renewal"]))
def test_events_of_one_second_read_the_same_in_every_order_and_doubt_suspends(agreement, order):
    parties = iter(["evac", "cordon"])
    events = [_event(kind, next(parties) if kind == "renewal" else "evac", 0) for kind in order]
    assert state_of(agreement, events, AUG_20) == "suspended"


@pytest.mark.parametrize(
    ("before", "event", "refusal"),
    [
        ([], _event("renewal", "evac", 1), Refusal("not-suspended")),
        ([_event("breach", "cordon", 0)], _event("renewal", "evac", 1), None),
        ([], _event("breach", "third", 1), Refusal("unknown-sender", "third")),
        (
            [_event("last-departure", "evac", 0)],
            _event("breach", "cordon", 1),
            Refusal("agreement-closed", "the last departure is recorded"),
        ),
    ],
    ids=["nothing-to-renew", "renewal", "stranger", "closed"],
)
def test_an_event_may_follow_only_where_it_says_something(agreement, before, event, refusal):
    assert may_follow(agreement, before, event) == (refusal or event)


def test_the_cooperation_closes_at_the_last_departure_or_the_end_whichever_is_first(agreement):
    gone = _event("last-departure", "evac", 0)
    assert closed_at(agreement, [], AUG_20) is None
    assert closed_at(agreement, [gone], AUG_20 + 5) == AUG_20
    assert closed_at(agreement, [gone, _event("last-departure", "third", -9)], AUG_20 + 5) == AUG_20
    assert closed_at(agreement, [], agreement.end_at) == agreement.end_at


@given(data=st.data())
def test_any_bytes_are_a_state_event_or_bad_input(data):
    event = _event("renewal", "evac", 0)
    assert read_state_event(state_event_json(event)) == StateEvent("renewal", "evac", AUG_20, "as recorded")
    raw = bytearray(state_event_json(event))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = read_state_event(bytes(raw))
    except BadInput:
        return
    assert read_state_event(state_event_json(read)) == read


def test_a_breach_without_words_is_bad_input():
    for kind in ("breach", "lapse"):
        with pytest.raises(BadInput) as caught:
            read_state_event(state_event_json(StateEvent(kind, "evac", AUG_20, "")))
        assert caught.value.where == "event.text"
    assert read_state_event(state_event_json(StateEvent("renewal", "evac", AUG_20, ""))).text == ""
