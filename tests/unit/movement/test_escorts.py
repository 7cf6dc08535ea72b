"""Escorts: what is matched, what is left to an officer, what is overdue."""

import pytest

from safeconduct.agreements.entries import make_entry
from safeconduct.movement.escorts import EARLY, LATE, NEAR, courses, escorts_of, matching
from safeconduct.movement.guard_notes import GuardRecord, read_note

AT = 1629460800
HOUR = 3_600


def filed(movement, *points, due=AT + 3 * HOUR, at=AT, vehicles=2, arrived=None):
    """An escort entry and one entry for each point that has a time, as (id, entry)."""
    fields = {"movement": movement, "by": "cordon", "points": [p for p, _ in points], "due": due, "count": 9,
              "vehicles": vehicles, "arrived": arrived}  # fmt: skip
    name = f"{abs(hash((movement, at, due))):032x}"[:32]
    found = [(name, make_entry("escort", fields, "us", at))]
    for place, (point, when) in enumerate(points):
        if when is not None:
            leg = make_entry("escort-point", {"of": name, "point": point, "due": when}, "us", at)
            found.append((f"{name[:30]}{place:02x}", leg))
    return found


def entry(kind, at, **fields):
    return (f"{at}", make_entry(kind, fields, "radio", at))


def seen(point, at, vehicles=2, number=1):
    return GuardRecord(
        "escort", f"d:1:{number}", point, at, "cordon", "cordon", 9, read_note("escort", f"vehicles={vehicles}")
    )


def stand(entries, records=(), now=AT):
    return courses(escorts_of(entries), records, entries, now)


@pytest.mark.seed("S-21")
def test_escort_that_has_not_arrived_is_overdue_from_its_time_on():
    entries = filed("m1", ("outer-1", None), due=AT + 600)
    [before], _ = stand(entries, now=AT + 599)
    [after], _ = stand(entries, now=AT + 600)
    assert (before.state, before.since) == ("planned", None)
    assert (after.state, after.late, after.since) == ("overdue", "", AT + 600)
    [arrived], _ = stand(
        [*entries, *filed("m1", ("outer-1", None), due=AT + 600, at=AT + 900, arrived=AT + 900)], now=AT + 1000
    )
    assert (arrived.state, arrived.since) == ("arrived", None)


def test_first_point_that_is_late_is_named_and_one_before_a_passed_point_is_not():
    entries = filed("m1", ("a", AT + 60), ("b", AT + 120), ("c", None), ("d", AT + 180))
    [late], _ = stand(entries, now=AT + 130)
    assert (late.late, late.since) == ("a", AT + 60)
    [passed], _ = stand(entries, [seen("b", AT + 121)], now=AT + 130)
    assert (passed.state, passed.late, passed.since) == ("under-way", "", None)
    [last], _ = stand(entries, [seen("b", AT + 121)], now=AT + 180)
    assert (last.late, last.since) == ("d", AT + 180)


def test_newest_word_of_an_escort_stands_and_brings_its_own_times():
    entries = [*filed("m1", ("a", AT + 60)), *filed("m1", ("a", AT + 900), at=AT + 30, due=AT + 5 * HOUR)]
    [found] = escorts_of(entries)
    assert (found.points, found.due) == ((("a", AT + 900),), AT + 5 * HOUR)
    [older] = escorts_of([*entries, *filed("m1", ("b", AT), at=AT - 60)])
    assert older.points == (("a", AT + 900),), "a word of an earlier time does not replace it"


def test_point_with_a_time_that_the_escort_does_not_list_is_kept_at_the_end():
    entries = filed("m1", ("a", AT + 60))
    entries.append(("x", make_entry("escort-point", {"of": entries[0][0], "point": "b", "due": AT + 90}, "us", AT)))
    assert escorts_of(entries)[0].points == (("a", AT + 60), ("b", AT + 90))


def test_end_holds_against_a_word_for_an_earlier_time_and_not_against_a_later_one():
    base = filed("m1", ("a", AT + 60))
    ended = [*base, entry("escort-ended", AT + 500, movement="m1", how="called-off", because="snow")]
    assert [(e.end, e.ended, e.because) for e in escorts_of(ended)] == [("called-off", AT + 500, "snow")]
    assert escorts_of([*ended, *filed("m1", ("a", AT + 90), at=AT + 400)])[0].end == "called-off"
    assert escorts_of([*ended, *filed("m1", ("a", AT + 900), at=AT + 600)])[0].end == ""
    assert escorts_of([entry("escort-ended", AT, movement="m9", how="arrived")]) == ()


@pytest.mark.seed("S-21")
@pytest.mark.parametrize(
    ("at", "fits"),
    [(-EARLY - 1, 0), (-EARLY, 1), (0, 1), (LATE, 1), (LATE + 1, 0)],
)
def test_record_is_matched_within_the_time_planned_for_its_point_only(at, fits):
    escorts = escorts_of(filed("m1", ("a", AT), due=AT + HOUR))
    assert len(matching(escorts, seen("a", AT + at))) == fits
    assert matching(escorts, seen("b", AT + at)) == ()


def test_point_without_a_time_is_matched_from_its_filing_until_a_day_after_the_arrival():
    escorts = escorts_of(filed("m1", ("a", None), due=AT + HOUR))
    inside = [at for at in (-EARLY - 1, -EARLY, HOUR + LATE, HOUR + LATE + 1) if matching(escorts, seen("a", AT + at))]
    assert inside == [-EARLY, HOUR + LATE]


def test_nothing_is_matched_to_an_escort_long_after_its_end():
    entries = [*filed("m1", ("a", AT)), entry("escort-ended", AT + 60, movement="m1", how="arrived")]
    escorts = escorts_of(entries)
    assert matching(escorts, seen("a", AT + 60 + NEAR)) == ("m1",)
    assert matching(escorts, seen("a", AT + 61 + NEAR)) == ()


def test_of_several_escorts_the_one_with_as_many_vehicles_then_the_only_near_one_is_meant():
    far = filed("far", ("a", AT + 2 * HOUR))
    near = filed("near", ("a", AT + 60))
    lorries = filed("lorries", ("a", AT + 120), vehicles=5)
    both = escorts_of([*far, *near])
    assert matching(both, seen("a", AT)) == ("near",)
    assert matching(both, seen("a", AT + HOUR)) == ("far", "near"), "neither is near: an officer says which"
    assert matching(escorts_of([*far, *near, *lorries]), seen("a", AT, vehicles=5)) == ("lorries",)
    assert matching(escorts_of([*near, *filed("next", ("a", AT + 90))]), seen("a", AT)) == ("near", "next")


def test_record_that_fits_nothing_or_several_is_left_loose_until_somebody_says_which():
    entries = [*filed("one", ("a", AT)), *filed("two", ("a", AT))]
    (one, two), (loose, none) = stand(entries, [seen("a", AT), seen("z", AT, number=2)])
    assert (one.legs[0].passings, two.legs[0].passings) == ((), ())
    assert (loose.candidates, none.candidates) == (("one", "two"), ())
    entries.append(entry("escort-passed", AT + 5, movement="two", point="a", record="d:1:1"))
    (one, two), (left,) = stand(entries, [seen("a", AT), seen("z", AT, number=2)])
    assert (one.legs[0].passings, left.record.id) == ((), "d:1:2")
    [passing] = two.legs[0].passings
    assert (passing.at, passing.vehicles, passing.source, passing.reported) == (AT, 2, "d:1:1, assigned: radio", False)


def test_words_about_one_point_stand_in_the_order_of_time():
    entries = [*filed("m1", ("a", AT)), entry("escort-passed", AT - 60, movement="m1", point="a", count=9)]
    [course], loose = stand(entries, [seen("a", AT)])
    assert [(p.at, p.reported) for p in course.legs[0].passings] == [(AT - 60, True), (AT, False)]
    assert loose == ()
