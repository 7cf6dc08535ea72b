"""Clearances of routes: the form in a notice, and how a route stands by all that was said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.agreements.entries import make_entry
from safeconduct.errors import BadInput
from safeconduct.movement.clearance import Typed, Word, clearances, may_follow, read_text, word_of, write_text

AT = 1629460800
HOUR = 3_600


def word(step, at, by="cordon", until=None, route="r1", *, signed=True):
    return Word(step, route, by, at, until, "", f"{step}-{at}", at, signed)


def state(*words, now):
    found = clearances(words, now)
    return found[0].state if found else None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (Typed("asked", "r1", AT, "for two buses\nat noon"),
         "clearance=asked route=r1 until=2021-08-20T12:00:00Z\nfor two buses\nat noon"),
        (Typed("confirmed", "north.road", AT), "clearance=confirmed route=north.road until=2021-08-20T12:00:00Z"),
        (Typed("refused", "r1", None, "fighting"), "clearance=refused route=r1\nfighting"),
        (Typed("closed", "r1", None), "clearance=closed route=r1"),
    ],
)  # fmt: skip
def test_step_is_written_and_read_back(typed, text):
    assert write_text(typed) == text
    assert read_text(text) == typed


@pytest.mark.parametrize(
    "text",
    [
        "", "passage goes on", "clearance=asked route=r1", "clearance=asked route=r1 until=soon",
        "clearance=refused route=r1 until=2021-08-20T12:00:00Z", "clearance=closed route=", "clearance=opened route=r1",
        "route=r1 clearance=closed", "clearance=closed  route=r1", "clearance=closed route=a b",
        "clearance=asked route=r1 until=2021-02-30T12:00:00Z", "Clearance=closed route=r1",
    ],
)  # fmt: skip
def test_other_text_is_an_ordinary_notice(text):
    assert read_text(text) is None


@given(st.text(max_size=80))
def test_any_text_is_read_or_left_alone(text):
    typed = read_text(text)
    assert typed is None or write_text(typed) == text or text.endswith("\n")


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        (Typed("opened", "r1", None), "step"),
        (Typed("closed", "a road", None), "route"),
        (Typed("asked", "r1", None), "until"),
        (Typed("closed", "r1", AT), "until"),
    ],
)
def test_step_that_cannot_be_is_not_written(typed, where):
    with pytest.raises(BadInput, match=f"clearance.{where}"):
        write_text(typed)


@pytest.mark.seed("S-22")
def test_clearance_is_asked_confirmed_lapsed_and_closed():
    asked, confirmed = word("asked", AT, "evac", AT + HOUR), word("confirmed", AT + 10, until=AT + HOUR)
    closed = word("closed", AT + 5000, "evac")
    assert state(asked, now=AT + 3599) == "asked"
    assert state(asked, now=AT + HOUR) == "unanswered"
    assert state(confirmed, asked, now=AT + 3599) == "confirmed", "whatever the order in which they came"
    assert state(confirmed, asked, now=AT + HOUR) == "lapsed"
    assert state(asked, confirmed, closed, now=AT + 9000) == "closed"
    assert state(asked, word("refused", AT + 10), now=AT + 9000) == "refused"
    assert state(now=AT) is None


def test_answer_by_the_party_that_asked_counts_for_nothing():
    asked, own = word("asked", AT, "evac", AT + HOUR), word("confirmed", AT + 5, "evac", AT + 9 * HOUR)
    [found] = clearances([asked, own], AT + 10)
    assert (found.state, found.newest, len(found.words), found.until) == ("asked", asked, 2, AT + HOUR)


@pytest.mark.parametrize(
    ("words", "typed", "by", "code"),
    [
        ([], Typed("asked", "r1", AT + 1), "evac", None),
        ([], Typed("asked", "r1", AT), "evac", "clearance-over"),
        ([], Typed("confirmed", "r1", AT + 1), "cordon", "clearance-not-asked"),
        ([word("confirmed", AT - 9, until=AT + 9)], Typed("refused", "r1", None), "cordon", "clearance-not-asked"),
        ([word("asked", AT - 9, "evac", AT + 9)], Typed("refused", "r1", None), "cordon", None),
        ([word("asked", AT - 9, "evac", AT + 9)], Typed("confirmed", "r1", AT + 5), "evac", "unknown-sender"),
        ([word("asked", AT - 9, "evac", AT - 1)], Typed("confirmed", "r1", AT + 5), "cordon", "clearance-not-asked"),
        ([], Typed("closed", "r1", None), "evac", "clearance-not-asked"),
        ([word("asked", AT - 9, "evac", AT - 1)], Typed("closed", "r1", None), "evac", None),
        ([word("refused", AT - 9)], Typed("closed", "r1", None), "evac", "clearance-not-asked"),
    ],
)
def test_step_follows_only_what_it_may(words, typed, by, code):
    held = next(iter(clearances(words, AT)), None)
    answer = may_follow(held, typed, by, AT)
    assert answer is typed if code is None else answer.code == code


def test_entries_are_unsigned_words():
    cleared = {"route": "r1", "state": "closed", "by": "cordon", "until": AT}
    made = word_of(make_entry("route-cleared", cleared, "liaison", AT), "e1", 7)
    assert (made.step, made.until, made.signed, made.source, made.ledger_index) == ("closed", None, False, "liaison", 7)
    refused = word_of(make_entry("route-refused", {"route": "r1", "by": "cordon"}, "liaison", AT), "e2", 8)
    assert (refused.step, refused.text, refused.until) == ("refused", "", None)
    assert word_of(make_entry("area-control", {"area": "a", "party": "b"}, "x", AT), "e3", 9) is None
