import pytest

from safeconduct.movement.tally import Entry, once_each, tally


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


@pytest.mark.seed("S-47")
def test_person_carried_by_two_nations_counts_once_jointly():
    per_nation, together = once_each([("p1", "one"), ("p1", "two"), ("p2", "two"), ("p2", "two")])
    assert per_nation == {"one": 1, "two": 2} and together == 2
