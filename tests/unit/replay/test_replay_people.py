from collections import Counter

import pytest

from safeconduct.register.roll_import import parse_roll
from safeconduct.replay.people import ERROR_COUNTS, RECORDS, generate

DAY = "2021-08-20"


@pytest.fixture(scope="module")
def roll():
    return parse_roll(generate(40_000, 11), filename="synthetic.csv")


def test_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert generate(500, 3) == generate(500, 3) != generate(500, 4)


@pytest.mark.parametrize("people", [1, 2, 7, 1_000])
def test_roll_has_exactly_as_many_people_as_asked_for(people):
    assert len(parse_roll(generate(people, 1), filename="x").people) == people


def test_errors_occur_as_often_as_in_the_real_records(roll):
    doubts = Counter(doubt for person in roll.people for doubt in person.doubts)
    doubts["child-without-parents"] = sum(person.with_parents == "no" for person in roll.people)
    for name, count in ERROR_COUNTS.items():
        expected = count / RECORDS * len(roll.people)
        assert abs(doubts[name] - expected) <= 5 * expected**0.5 + 0.03 * expected, name


def test_error_rates_can_be_set():
    roll = parse_roll(generate(300, 5, errors=dict.fromkeys(ERROR_COUNTS, 0.0)), filename="x")
    assert not any(person.doubts for person in roll.people)
    assert all(person.with_parents != "no" for person in roll.people)


def test_no_child_is_alone_in_a_group(roll):
    assert not any(group.needs_guardian(DAY) for group in roll.groups)
    assert any(group.has_child_without_parents(DAY) for group in roll.groups)


def test_families_are_of_the_size_of_families(roll):
    sizes = Counter(group.heads for group in roll.groups)
    assert max(sizes) == 10 and 3.5 < len(roll.people) / len(roll.groups) < 4.8
