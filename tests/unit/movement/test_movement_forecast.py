import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.movement.forecast import DAY, forecast

NOW, DEADLINE = 1_629_957_600, 1_630_438_140  # 2021-08-26T06:00Z, 2021-08-31T19:29Z


@pytest.mark.seed("S-53")
def test_pace_that_suffices_makes_the_deadline():
    found = forecast([16_000, 22_000, 19_000], NOW, DEADLINE, 38_000)
    assert found.pace == 19_000 and found.done_at == NOW + 2 * DAY and found.makes_deadline
    assert found.low == NOW + -(-38_000 * DAY // 22_000) and found.high == NOW + -(-38_000 * DAY // 16_000)
    assert found.left_at_deadline == 0 and "before the deadline" in found.words


@pytest.mark.seed("S-53")
def test_pace_that_does_not_suffice_says_how_many_are_left():
    found = forecast([1_000], NOW, NOW + 2 * DAY, 5_000)
    assert found.makes_deadline is False and found.left_at_deadline == 3_000 and "3,000" in found.words


def test_only_recent_days_set_the_pace():
    assert forecast([90_000, 1_000, 1_000, 1_000], NOW, DEADLINE, 5_000).pace == 1_000


def test_closed_gates_give_no_date_instead_of_a_division_by_zero():
    found = forecast([0, 0, 0], NOW, DEADLINE, 10)
    assert (found.done_at, found.high, found.makes_deadline, found.left_at_deadline) == (None, None, False, 10)


def test_a_day_without_people_opens_the_range_upwards():
    found = forecast([0, 500], NOW, DEADLINE, 1_000)
    assert found.high is None and found.low is not None and found.done_at is not None


def test_nothing_is_said_before_the_first_day():
    found = forecast([], NOW, DEADLINE, 10)
    assert found.makes_deadline is None and found.done_at is None


def test_empty_roll_is_done():
    assert forecast([5], NOW, DEADLINE, 0).makes_deadline is True
    assert forecast([5], DEADLINE + 1, DEADLINE, 0).makes_deadline is False


@given(
    st.lists(st.integers(0, 50_000), max_size=20), st.integers(-DAY, 30 * DAY), st.integers(0, 10**6), st.integers(1, 9)
)
def test_low_done_and_high_are_in_order(counts, ahead, remaining, recent):
    found = forecast(counts, NOW, NOW + ahead, remaining, recent=recent)
    times = [time for time in (found.low, found.done_at, found.high) if time is not None]
    assert times == sorted(times)
    if found.done_at is not None and remaining:
        assert found.makes_deadline == (found.done_at <= NOW + ahead)
