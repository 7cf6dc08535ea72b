"""What is spoken on a bad line: every number digit by digit, nothing that is not in the release."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.alerts.read_out import (
    LETTERS,
    digit_words,
    heard_number,
    quote_number,
    read_out,
    spelled,
    time_words,
)
from safeconduct.alerts.words import ADVICE, THREATENED


@pytest.mark.seed("S-03")
def test_a_warning_is_read_out_without_a_single_digit_and_with_all_that_it_says(release):
    said = read_out(release, party="Party One", points=("Gate A",))
    text = " ".join(said)
    assert not re.search(r"\d", text)
    assert ADVICE[release.advised_action] in text and THREATENED[release.threatened_class] in text
    assert digit_words(quote_number(release.id, 1)) in text
    assert time_words(release.window_from) in text and time_words(release.window_to) in text
    assert "Golf, Alfa, Tango, Echo, space, Alfa" in text
    assert "no leave to use force" in text
    assert "very likely" in text
    assert "How likely" not in " ".join(read_out(dataclasses.replace(release, likelihood=None), party="x"))


def test_a_correction_says_so_and_a_withdrawal_says_nothing_else(release):
    assert "corrects" in read_out(dataclasses.replace(release, version=2), party="x")[0]
    gone = " ".join(read_out(dataclasses.replace(release, version=2, revoked=True), party="x"))
    assert "withdrawn" in gone
    assert ADVICE[release.advised_action] not in gone


def test_places_south_and_west_are_said_so_and_wide_areas_in_kilometres(release):
    wide = " ".join(read_out(dataclasses.replace(release, area="0323"), party="x"))
    assert "south" in wide and "west" in wide and "kilometres across" in wide
    assert "metres across" in " ".join(read_out(release, party="x"))


def test_a_time_reads_as_nobody_mistakes_it():
    assert time_words(1629931800) == "two two five zero hours, day two five, August, two zero two one"


def test_a_name_is_spelled_with_what_is_no_letter_left_as_it_is():
    assert spelled("b-2 é") == "Bravo, -, two, space, é"
    assert len(LETTERS) == 26


@pytest.mark.seed("S-03")
def test_a_number_differs_by_version_and_comes_back_however_it_is_written():
    number = quote_number("w-5f3a", 1)
    assert number != quote_number("w-5f3a", 2)
    assert heard_number(number.replace(" ", "")) == heard_number(number.replace(" ", "-")) == number
    assert heard_number("12") is None
    assert heard_number("12345６7") is None
    assert heard_number("abcdefg") is None


@given(st.uuids(), st.integers(0, 6), st.integers(1, 9))
def test_one_misheard_digit_is_always_noticed(release_id, place, shift):
    digits = quote_number(str(release_id), 1).replace(" ", "")
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert heard_number(digits) is not None
    assert heard_number(wrong) is None


@given(st.uuids(), st.integers(0, 5))
def test_two_neighbouring_digits_swapped_are_always_noticed(release_id, place):
    digits = quote_number(str(release_id), 1).replace(" ", "")
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert (heard_number(swapped) is None) == (swapped != digits)
