import json

import pytest

from safeconduct.incidents.account import account
from safeconduct.incidents.claims import FigureKey
from safeconduct.incidents.misfits import Amount, Total, check_series, misfits
from safeconduct.incidents.reading import read_dossier

INCIDENT = {"id": "i1", "title": "An operation", "kind": "operation", "date": "2021-08-14", "place": "a gate"}
SOURCE = {
    "id": "s", "kind": "log", "publisher": "a log", "published": "2021-08-14", "file": "log.txt", "origin": "s",
}  # fmt: skip
BOUNDS = {
    "exact": ("min", "max"), "about": ("min", "max"), "at-least": ("min",), "more-than": ("min",), "up-to": ("max",),
}  # fmt: skip


def claim(name, key, basis, number=None, **changes):
    attribute, population, outcome = key.split("/")
    return {
        "id": name, "incident": "i1", "attribute": attribute, "population": population, "outcome": outcome,
        "claimant": "officials", "said": "2021-08-30", "text": "A figure.", "source": "s", "line": 1, "basis": basis,
        **dict.fromkeys(BOUNDS.get(basis, ()), number), **changes,
    }  # fmt: skip


def killed(name, population, basis, number=None, **changes):
    return claim(name, f"casualties/{population}/killed", basis, number, **changes)


def found(*claims, ties=(), known_at="2021-12-31"):
    document = {"incidents": [INCIDENT], "sources": [SOURCE], "claims": claims, "relations": ties, "cases": []}
    dossier, _ = read_dossier(json.dumps(document).encode())
    told = account(dossier.incidents[0], dossier.sources, dossier.claims, dossier.relations, known_at=known_at)
    return misfits(told)


SEVEN = killed("ch", "children", "exact", 7)


# -- parts and wholes ----------------------------------------------------------------------------------------------


@pytest.mark.seed("S-42")
def test_more_children_than_civilians_are_shown_with_both_claims():
    (one,) = found(SEVEN, killed("cv", "civilians", "exact", 5))
    assert (one.kind, one.by, one.claims) == ("part-above-whole", 2, ("ch", "cv"))
    assert one.text == "children killed (7) above civilians killed (5)"


@pytest.mark.seed("S-42")
def test_a_part_is_compared_with_each_of_its_wholes():
    wholes = (killed("cv", "civilians", "exact", 6), killed("all", "people", "up-to", 5))
    assert [m.text for m in found(SEVEN, *wholes)] == [
        "children killed (7) above civilians killed (6)",
        "children killed (7) above people killed (up to 5)",
        "civilians killed (6) above people killed (up to 5)",
    ]


@pytest.mark.parametrize(
    "whole",
    [
        killed("cv", "civilians", "exact", 7),
        killed("cv", "civilians", "at-least", 5),  # may be any number above
        killed("cv", "civilians", "dozens"),
        killed("cv", "service-members", "exact", 5),  # children are no part of them
        killed("cv", "civilians", "exact", 5, outcome="injured"),
        killed("cv", "civilians", "exact", 5, meant="2021-08-26"),  # of one day only
    ],
)
def test_a_part_that_may_fit_its_whole_is_not_shown(whole):
    assert found(SEVEN, whole) == ()


def test_one_figure_of_the_whole_that_holds_the_part_is_enough():
    assert found(SEVEN, killed("cv", "civilians", "exact", 5), killed("cv2", "civilians", "exact", 10)) == ()


def test_a_figure_that_was_corrected_is_no_longer_compared():
    claims = (SEVEN, killed("cv", "civilians", "exact", 5), killed("cv2", "civilians", "exact", 10, said="2021-09-17"))
    tie = {"from": "cv2", "to": "cv", "kind": "corrects"}
    assert len(found(*claims, ties=[tie], known_at="2021-09-16")) == 1
    assert found(*claims, ties=[tie]) == ()


# -- series --------------------------------------------------------------------------------------------------------


def amount(number, basis="about", name="c"):
    return Amount(number, f"{basis} {number:,}", basis in ("at-least", "more-than"), (name,))


def total(meant, number, daily=None, basis="about", daily_basis="about"):
    day = None if daily is None else amount(daily, daily_basis, f"day-{meant}")
    key = FigureKey("count", "people", "out-since-14-august", meant)
    return Total(key, amount(number, basis, f"total-{meant}"), day)


def kinds(*totals):
    return [(m.kind, m.by) for m in check_series(totals)]


@pytest.mark.seed("S-44")
def test_total_that_cannot_contain_its_day_is_shown():
    (one,) = check_series([total("2021-08-26", 13_000, 13_400)])
    assert (one.kind, one.by) == ("less-than-daily", -400)
    assert one.text == "total about 13,000 is below the day's own about 13,400"
    assert one.claims == ("day-2021-08-26", "total-2021-08-26")


@pytest.mark.seed("S-44")
def test_difference_of_totals_that_is_not_the_day_is_shown_with_its_size():
    (one,) = check_series([total("2021-08-22", 28_000), total("2021-08-23", 37_000, 16_300)])
    assert (one.kind, one.by) == ("differs-from-daily", -7_300)
    assert "7,300 below 44,300" in one.text


@pytest.mark.seed("S-44")
def test_rounded_totals_fit_their_days():
    assert kinds(total("2021-08-25", 82_300), total("2021-08-26", 95_700, 13_400)) == []
    assert kinds(total("2021-08-25", 82_300), total("2021-08-26", 96_200, 13_400)) == []
    assert kinds(total("2021-08-25", 82_300), total("2021-08-26", 96_201, 13_400)) == [("differs-from-daily", 501)]


@pytest.mark.seed("S-44")
@pytest.mark.parametrize(("before", "daily"), [("more-than", "exact"), ("exact", "at-least")])
def test_sum_of_a_lower_bound_may_be_exceeded_and_not_missed(before, daily):
    first = total("2021-08-25", 80_000, basis=before)
    assert kinds(first, total("2021-08-26", 99_000, 10_000, "exact", daily)) == []
    assert kinds(first, total("2021-08-26", 85_000, 10_000, "exact", daily)) == [("differs-from-daily", -5_000)]


@pytest.mark.seed("S-45")
def test_later_total_that_falls_is_shown():
    (one,) = check_series([total("2021-08-25", 50_700), total("2021-08-24", 58_700)])  # by the day, not as given
    assert (one.kind, one.by, one.text) == ("falls", -8_000, "total falls from about 58,700 to about 50,700")
    assert one.claims == ("total-2021-08-24", "total-2021-08-25")


@pytest.mark.seed("S-45")
def test_total_below_an_earlier_lower_bound_falls_and_a_lower_bound_below_does_not():
    assert kinds(total("2021-08-26", 100_000, basis="more-than"), total("2021-08-27", 95_700)) == [("falls", -4_300)]
    assert kinds(total("2021-08-26", 104_000), total("2021-08-27", 100_000, basis="more-than")) == []


@pytest.mark.seed("S-45")
def test_total_is_compared_with_the_highest_of_all_earlier_days():
    totals = (total("2021-08-24", 90), total("2021-08-25", 80), total("2021-08-26", 85), total("2021-08-27", 91))
    assert kinds(*totals) == [("falls", -10), ("falls", -5)]


def test_days_apart_are_not_added_and_days_of_two_months_are():
    assert kinds(total("2021-08-17", 3_200), total("2021-08-19", 9_000, 2_000)) == []
    assert kinds(total("2021-08-31", 3_200), total("2021-09-01", 9_000, 2_000)) == [("differs-from-daily", 3_800)]


def test_total_of_a_part_of_a_day_stands_between_the_days_and_is_not_added():
    totals = (total("2021-08-24", 58_000), total("2021-08-24/2021-08-25", 70_000), total("2021-08-25", 77_000, 19_000))
    assert kinds(*totals) == []
    assert kinds(totals[1], total("2021-08-25", 69_000)) == [("falls", -1_000)]


def count(name, outcome, basis, number, **changes):
    return claim(name, f"count/people/{outcome}", basis, number, **changes)


@pytest.mark.seed("S-44")
def test_series_is_built_from_the_figures_of_an_account():
    before = count("t21", "out-since-1-may", "about", 17_000, meant="2021-08-21")
    now = count("t22", "out-since-1-may", "about", 28_000, meant="2021-08-22")
    own = count("own", "out-on-own-aircraft", "exact", 3_900, meant="2021-08-22")
    others = count("others", "out-on-other-aircraft", "about", 4_000, meant="2021-08-22")
    (one,) = found(before, now, own, others)
    assert one.claims == ("t21", "own", "others", "t22") and one.by == 3_100
    assert found(before, now, own) == ()  # one part alone is not the day
    (one,) = found(before, now, own, others, count("day", "out-in-24-hours", "exact", 9_000, meant="2021-08-22"))
    assert one.claims == ("t21", "day", "t22") and one.by == 2_000


def test_vague_ambiguous_and_upper_figures_are_no_totals():
    first = count("t1", "out-since-1-may", "exact", 50_000, meant="2021-08-21")
    for basis, number, more in (
        ("many", None, {}),
        ("up-to", 40_000, {}),
        ("exact", 40_000, {"ambiguous": "a slip of the tongue"}),
    ):
        assert found(first, count("t2", "out-since-1-may", basis, number, meant="2021-08-22", **more)) == ()


def test_two_series_are_kept_apart():
    by_air = count("air", "out-since-1-may", "exact", 50_000, meant="2021-08-21")
    by_land = claim("land", "count/people/across-since-1-may", "exact", 400, meant="2021-08-22")
    assert found(by_air, by_land) == ()
