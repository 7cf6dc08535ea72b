"""What giver and receiver of open cases sign and compare."""

from dataclasses import replace

import pytest

from safeconduct.register.hand_over import (
    HandOver,
    count_cases,
    differences,
    plain,
    sign_hand_over,
    signature_holds,
)
from safeconduct.seal.keys import SigningKey

ROOT = SigningKey.from_seed(bytes([1]) * 32)
PEOPLE = [("P1", "citizen"), ("P2", "at-risk"), ("P3", "citizen")]
CASES = count_cases(PEOPLE)
STATEMENT = HandOver("evac", "Department of State", "2021-09-01T00:00:00Z", CASES)


@pytest.mark.seed("S-37")
def test_a_dropped_case_shows_in_count_and_digest_and_the_order_does_not():
    assert (CASES.total, CASES.by_class) == (3, (("at-risk", 1), ("citizen", 2)))
    assert count_cases(reversed(PEOPLE)) == CASES
    assert differences(CASES, CASES) == []
    assert differences(CASES, count_cases(PEOPLE[:2])) == [
        "citizen: 2 handed over, 1 on this roll",
        "digest: the ids handed over are not the ids on this roll",
    ]


@pytest.mark.seed("S-37")
def test_one_case_put_in_the_place_of_another_shows_in_the_digest_alone():
    other = count_cases([("P9", "citizen"), *PEOPLE[1:]])
    assert differences(CASES, other) == ["digest: the ids handed over are not the ids on this roll"]


def test_the_digest_is_over_the_sorted_ids_one_a_line():
    assert count_cases([]).digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert CASES.digest == "4593ac64930482360f113205bd2cd58126116b63c7fe83ba030f28fdb06bce38"


def test_statement_holds_counts_and_neither_id_nor_name():
    assert plain(STATEMENT) == {
        "at": "2021-09-01T00:00:00Z", "by": "evac", "cases": 3, "classes": {"at-risk": 1, "citizen": 2},
        "digest": CASES.digest, "to": "Department of State", "v": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"by": "cordon"}, {"to": "Another office"}, {"at": "2021-09-01T00:00:01Z"}, {"cases": count_cases(PEOPLE[:2])}],
    ids=lambda change: next(iter(change)),
)
def test_signature_is_void_for_any_other_statement(change):
    signature = sign_hand_over(STATEMENT, ROOT)
    key = ROOT.verify_key
    assert signature_holds(STATEMENT, signature, key)
    assert not signature_holds(replace(STATEMENT, **change), signature, key)
    assert not signature_holds(STATEMENT, signature, SigningKey.from_seed(bytes([2]) * 32).verify_key)
