"""Small help counted as it was said, and control of areas by the words that stand."""

import pytest

from safeconduct.agreements.agreement import Holding, PointTerm
from safeconduct.agreements.entries import make_entry
from safeconduct.movement import assistance, control
from safeconduct.movement.assistance import Help, bags_by_group, counted
from safeconduct.movement.control import AGREED, ControlWord, areas_of, consents, control_of
from safeconduct.movement.guard_notes import GuardRecord, read_note

AT = 1629460800
DAY = 86_400


def bags(number, point="gate-a", at=AT, group="G1", basis="guards", hedge="", holder="evac", by="cordon"):
    return Help("bags", by, point, holder, at, number, hedge, 0, group, "", basis, "x")


@pytest.mark.seed("S-23", "S-50")
def test_a_vague_number_of_bags_stays_a_word_and_what_was_filed_is_counted_apart():
    lines = counted([bags(2), bags(3), bags(None, hedge="some"), bags(None, hedge="some"), bags(4, basis="filed")])
    assert [(x.basis, x.times, x.bags, x.vague) for x in lines] == [("filed", 1, 4, ()), ("guards", 4, 5, ("some",))]


def test_holders_and_parties_have_lines_of_their_own():
    lines = counted([bags(1, holder="evac"), bags(2, holder="cordon"), bags(4, by="evac")])
    assert [(x.holder, x.by, x.bags) for x in lines] == [
        ("cordon", "cordon", 2),
        ("evac", "cordon", 1),
        ("evac", "evac", 4),
    ]


@pytest.mark.seed("S-23")
def test_bags_of_a_group_are_summed_by_point_and_a_gate_without_a_record_is_no_zero():
    acts = [
        bags(5, at=AT + 60),
        bags(6, "outer-1"),
        bags(1, at=AT + 90),
        bags(9, group=""),
        bags(2, "outer-1", group="G2"),
    ]
    first, second = bags_by_group(acts, ["gate-a"])
    assert (first.points, first.carried, first.most, first.at_gate) == ((("outer-1", 6), ("gate-a", 6)), 12, 6, 6)
    assert (second.group, second.at_gate) == ("G2", None)
    assert bags_by_group([bags(None, hedge="a few")], [])[0].vague == ("a few",)


def test_entries_and_records_become_acts():
    filed = make_entry("bags-carried", {"by": "cordon", "point": "gate-a", "count": 2, "group": "G1"}, "us", AT)
    made = assistance.of_entry(filed, "evac")
    assert (made.kind, made.bags, made.group, made.holder, made.basis) == ("bags", 2, "G1", "evac", "filed")
    small = make_entry("small-assistance", {"by": "cordon", "text": "opened a door"}, "us", AT)
    assert assistance.of_entry(small, "").text == "opened a door"
    assert assistance.of_entry(make_entry("area-control", {"area": "a", "party": "b"}, "x", AT), "") is None
    record = GuardRecord("help", "d:1:1", "gate-a", AT, "evac", "evac", 3, read_note("help", "by=other\nwater"), "G1")
    made = assistance.of_record(record, "cordon")
    assert (made.by, made.bags, made.people, made.text, made.basis) == ("cordon", None, 3, "water", "guards")


def said(party, at, source="one", grade="B2", area="the valley"):
    return ControlWord(area, (party,) if party else (), at, source, grade)


def stands(*words, at=AT + 99 * DAY):
    found = control_of("the valley", words, at)
    return found.state, found.parties


@pytest.mark.seed("S-32")
def test_newer_word_replaces_one_of_the_same_source_and_of_an_equal_one_after_a_day():
    assert stands() == ("unknown", ())
    assert stands(said("a", AT)) == ("held", ("a",))
    assert stands(said("a", AT), said("b", AT + 1)) == ("held", ("b",))
    assert stands(said("a", AT), said("b", AT + DAY - 1, "two")) == ("disputed", ("a", "b"))
    assert stands(said("a", AT), said("b", AT + DAY, "two")) == ("held", ("b",))
    assert stands(said("a", AT), said("b", AT + 1, "two"), said("b", AT + 2, "one")) == ("held", ("b",))


@pytest.mark.seed("S-32")
def test_a_worse_source_never_replaces_a_better_one_and_a_better_one_replaces_at_once():
    assert stands(said("a", AT), said("b", AT + 9 * DAY, "two", "C1")) == ("disputed", ("a", "b"))
    assert stands(said("a", AT, grade=""), said("b", AT + 1, "two", "F6")) == ("held", ("b",))
    assert stands(said("a", AT), said("b", AT + 1, "two", "A1")) == ("held", ("b",))
    assert stands(said("a", AT, grade=AGREED), said("b", AT + 9 * DAY, "two", "A1")) == ("disputed", ("a", "b"))


def test_a_source_that_does_not_know_takes_back_its_own_word_and_disputes_no_other():
    assert stands(said("a", AT), said("", AT + 1)) == ("unknown", ())
    assert stands(said("a", AT), said("", AT + 1, "two")) == ("held", ("a",))


def test_history_is_kept_and_later_words_do_not_count_before_their_time():
    words = [said("b", AT + 2 * DAY), said("a", AT), said("a", AT + DAY)]
    found = control_of("The  Valley", words, AT + 3 * DAY)
    assert (found.since, [(c.at, c.parties) for c in found.history]) == (AT + 2 * DAY, [(AT, ("a",))])
    assert control_of("the valley", words, AT + DAY).since == AT, "the same said again is no change"
    assert control_of("the valley", words, AT - 1).since is None
    same = control_of("the valley", [said("a", AT), said("b", AT)], AT)
    assert (same.parties, same.history) == (("b",), ())


def test_agreement_names_holders_over_time_and_nobody_in_between():
    term = PointTerm("gate-a", "Gate A", "gate", (), (
        Holding("evac", "2021-08-20T12:00:00Z", "2021-08-21T12:00:00Z"),
        Holding("cordon", "2021-08-21T12:00:00Z", "2021-08-22T12:00:00Z"),
    ))  # fmt: skip
    words = control.of_point(term)
    seen = [control_of("gate-a", words, AT + hours * 3_600).parties for hours in (-1, 0, 24, 48)]
    assert seen == [(), ("evac",), ("cordon",), ()]


def test_words_come_from_entries_and_from_guards_on_the_spot():
    held = make_entry(
        "area-held", {"area": "a", "parties": ["x", "nobody"], "reliability": "B", "credibility": "3"}, "s", AT
    )
    assert (control.of_entry(held, "e", 4).grade, control.of_entry(held, "e", 4).parties) == ("B3", ("x",))
    old = make_entry("area-control", {"area": "a", "party": "nobody"}, "s", AT)
    assert (control.of_entry(old, "e", 4).grade, control.of_entry(old, "e", 4).parties) == ("", ())
    assert control.of_entry(make_entry("small-assistance", {"by": "x", "text": "y"}, "s", AT), "e", 4) is None
    for holder, parties in (("own", ("cordon",)), ("other", ("evac",)), ("unclear", ())):
        note = read_note("area", f"holder={holder}")
        word = control.of_record(GuardRecord("area", "d:1:1", "p", AT, "cordon", "cordon", 0, note), "evac")
        assert (word.parties, word.source, word.rank) == (parties, "guards of cordon at p", 7)


@pytest.mark.seed("S-32")
def test_way_names_everybody_whose_consent_it_needs_in_its_order_and_never_our_own():
    words = [said("evac", AT), said("cordon", AT, area="the plain"), said("evac", AT, "two", area="the plain")]
    found = consents(["the valley", "the plain", "the hills"], words, AT, "evac")
    assert [(c.place, c.control.state, c.needed) for c in found] == [
        ("the valley", "held", ()), ("the plain", "disputed", ("cordon",)), ("the hills", "unknown", ()),
    ]  # fmt: skip
    assert areas_of(words) == ("the plain", "the valley")
