"""What an officer may decide about a conflict, and what the counts become."""

import pytest

from safeconduct.errors import BadInput
from safeconduct.gate.resolve import (
    ASIDE,
    DIFFERENT,
    DOUBLE,
    FORK,
    INQUIRY,
    OUTCOMES,
    REOPENED,
    SAME,
    SKIP,
    Passage,
    Resolution,
    count_people,
    resolve,
)

STANDING = Resolution("c", SAME, "both guards say so", "desk")


@pytest.mark.parametrize("kind", [DOUBLE, FORK, SKIP, ASIDE])
def test_every_kind_can_be_settled_and_sent_to_an_inquiry(kind):
    for outcome in OUTCOMES[kind]:
        made = resolve("c", kind, outcome, "  as the   guard said ", "desk", None)
        assert (made.outcome, made.reason, made.by) == (outcome, "as the guard said", "desk")
        assert made.settles == (outcome != INQUIRY)


def test_a_decision_needs_a_reason_and_an_outcome_of_its_kind():
    for reason in ("", " a ", "x" * 501):
        with pytest.raises(BadInput) as raised:
            resolve("c", DOUBLE, SAME, reason, "desk", None)
        assert raised.value.code == "bad-reason"
    with pytest.raises(BadInput) as raised:
        resolve("c", SKIP, SAME, "a reason", "desk", None)
    assert raised.value.code == "bad-outcome"


def test_only_what_was_decided_is_opened_again_and_nothing_is_decided_twice_alike():
    assert resolve("c", DOUBLE, REOPENED, "new word", "desk", None).code == "not-resolved"
    reopened = resolve("c", DOUBLE, REOPENED, "new word", "desk", STANDING)
    assert not reopened.settles
    assert resolve("c", DOUBLE, REOPENED, "again", "desk", reopened).code == "not-resolved"
    assert resolve("c", DOUBLE, SAME, "both guards say so", "other", STANDING).code == "already-resolved"
    assert resolve("c", DOUBLE, DIFFERENT, "both guards say so", "other", STANDING).outcome == DIFFERENT


def test_a_pass_counts_once_unless_different_people_used_it():
    assert count_people([("evac", 100)], []).jointly == 100
    twice = Passage("evac", "a", (5, 4))
    assert count_people([("evac", 100)], [twice]).jointly == 105
    apart = count_people([("evac", 100)], [Passage("evac", "a", (5, 4), apart=True)])
    assert (apart.jointly, apart.by_issuer, apart.twice) == (109, (("evac", 109),), 0)


@pytest.mark.seed("S-47")
def test_people_with_passes_of_two_nations_count_for_each_and_once_jointly():
    made = count_people(
        [("evac", 100), ("north", 40)],
        [Passage("evac", "k", (5,)), Passage("north", "k", (6,)), Passage("north", "other", ())],
    )
    assert made.by_issuer == (("evac", 105), ("north", 46))
    assert (made.jointly, made.twice) == (146, 5)
    assert sum(people for _, people in made.by_issuer) == made.jointly + made.twice
