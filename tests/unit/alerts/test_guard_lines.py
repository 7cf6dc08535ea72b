"""Lines that guards read: fixed words, each for one point or all, each with its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.alerts.guard_lines import (
    EVERYWHERE,
    HOLD,
    LIMIT,
    MORE,
    GuardLine,
    hold_line,
    read,
    standing_at,
    standing_line,
    warning_line,
    write,
)
from safeconduct.alerts.standing import Releasable

UNTIL = 1629972000  # 2021-08-26T10:00:00Z


@pytest.mark.seed("S-26", "S-89")
def test_lines_read_back_as_they_were_written_and_an_officers_own_words_are_left_out():
    lines = (
        standing_line(Releasable("high", ("small-groups",), UNTIL)),
        hold_line("gate-a", UNTIL - 3_600),
        warning_line("outer-1", "screen-early", UNTIL),
    )
    text = write(lines)
    assert text.splitlines()[0].startswith("[*] until 2021-08-26T10:00Z: threat level high: let people wait apart")
    assert read(f"{text}\nWater comes at noon.\n[x] until tomorrow: no") == lines


@pytest.mark.seed("S-26")
def test_a_hold_says_nothing_of_any_warning_and_its_end_is_none_of_a_window():
    at_ten, a_little_later = hold_line("gate-a", UNTIL), hold_line("gate-a", UNTIL + 3_599)
    assert at_ten == a_little_later == GuardLine("gate-a", UNTIL + 7_200, HOLD)
    assert "warning" not in at_ten.text


@pytest.mark.seed("S-89")
def test_a_line_is_over_at_its_end_and_is_for_its_own_point():
    text = write(
        [GuardLine("gate-a", UNTIL, HOLD), GuardLine(EVERYWHERE, UNTIL + 60, "threat level low: work as usual")]
    )
    assert [line.point for line in standing_at(text, "gate-a", UNTIL - 1)] == ["gate-a", "*"]
    assert [line.point for line in standing_at(text, "gate-a", UNTIL)] == ["*"]
    assert [line.point for line in standing_at(text, "gate-b", UNTIL - 1)] == ["*"]
    assert standing_at(text, "gate-a", UNTIL + 60) == ()


def test_what_does_not_fit_a_bundle_is_said_to_be_missing():
    lines = [warning_line(f"point-{number}", "look-around", UNTIL + 60 * number) for number in range(200)]
    text = write(lines)
    assert len(text) <= LIMIT
    kept = read(text)
    assert kept[-1] == GuardLine(EVERYWHERE, lines[-1].until, MORE)
    assert kept[:-1] == tuple(lines[: len(kept) - 1])
    assert len(kept) > 20


def test_the_same_line_twice_is_written_once_and_nothing_is_written_of_nothing():
    assert write([GuardLine("a", UNTIL, HOLD)] * 2).count("\n") == 0
    assert write([]) == ""
    assert read("") == ()


@given(st.lists(st.tuples(st.sampled_from(["a", "*", "gate-7"]), st.integers(0, 10**8)), max_size=5))
def test_any_lines_read_back(drawn):
    lines = tuple(dict.fromkeys(GuardLine(point, minute * 60, HOLD) for point, minute in drawn))
    assert read(write(lines)) == lines
