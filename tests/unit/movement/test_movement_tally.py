import pytest

from safeconduct.movement.tally import Entry, Total, check_series, once_each, tally


@pytest.mark.seed("S-20", "S-50")
def test_vague_quantity_stays_a_word_and_adds_no_number():
    found = tally(
        [
            Entry("2021-08-23", "outer-south", "citizen", 12),
            Entry("2021-08-23", "outer-south", "citizen", 3),
            Entry("2021-08-23", "abbey", "citizen", 5),
            Entry("2021-08-23", "outer-south", "citizen", None, "numerous"),
        ]
    )
    assert found.total() == 20 and found.total(point="outer-south") == 15 and found.total(day="2021-08-24") == 0
    assert [entry.vague for entry in found.vague] == ["numerous"]


@pytest.mark.seed("S-44")
def test_total_that_cannot_contain_its_day_is_shown():
    (warning,) = check_series([Total("2021-08-26", 13_000, 13_400)])
    assert warning.kind == "less-than-daily" and warning.by == -400


@pytest.mark.seed("S-44")
def test_difference_of_totals_that_is_not_the_day_is_shown_with_its_size():
    warnings = check_series([Total("2021-08-22", 28_000), Total("2021-08-23", 37_000, 16_300)])
    assert [(warning.kind, warning.by) for warning in warnings] == [("differs-from-daily", -7_300)]


@pytest.mark.seed("S-44")
def test_rounded_totals_fit_their_days():
    assert check_series([Total("2021-08-25", 82_300), Total("2021-08-26", 95_700, 13_400)]) == ()


@pytest.mark.seed("S-45")
def test_later_total_that_falls_is_shown():
    warnings = check_series([Total("2021-08-24", 58_700), Total("2021-08-25", 50_700)])
    assert [(warning.kind, warning.by) for warning in warnings] == [("falls", -8_000)]


@pytest.mark.seed("S-45")
def test_total_below_an_earlier_lower_bound_falls_and_a_lower_bound_below_does_not():
    assert (
        check_series([Total("2021-08-26", 100_000, basis="more-than"), Total("2021-08-27", 95_700)])[0].kind == "falls"
    )
    assert check_series([Total("2021-08-26", 104_000), Total("2021-08-27", 100_000, basis="more-than")]) == ()


def test_days_apart_or_without_a_total_are_not_compared():
    assert check_series([Total("2021-08-17", 3_200), Total("2021-08-19", 9_000, 2_000)]) == ()
    assert check_series([Total("2021-08-17", 3_200), Total("2021-08-18", None), Total("2021-08-19", 9_000, 10)]) == ()


@pytest.mark.seed("S-47")
def test_person_carried_by_two_nations_counts_once_jointly():
    per_nation, together = once_each([("p1", "one"), ("p1", "two"), ("p2", "two"), ("p2", "two")])
    assert per_nation == {"one": 1, "two": 2} and together == 2
