"""A fake or flooding outcome: a thousand are bounded and logged a few times; one for an unknown release is refused."""

import json
from collections import Counter

import pytest

from safeconduct.workflows.envelopes import wrap
from safeconduct.workflows.receive_envelope import receive_envelope
from safeconduct.workflows.show_room import show_room

MANY = 1_000


def outcome(world, release, **changes):
    said = {
        "type": "outcome", "release_id": release, "result": "nothing", "assessor": "cordon", "assessor_kind": "partner",
        "confidence": "thought", "number": None, "hedge": None, "text": "nothing was found", "evidence": None,
        "at": world.cordon.clock.now(), **changes,
    }  # fmt: skip
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def push(world, bodies):
    """Sign and send whatever the partner's program would never send; return what the owner answered."""
    with world.cordon.store.transaction() as tx:
        wires = [
            wrap(world.cordon, tx, to="evac", kind="outcome", agreement="kabul-2021", body=body) for body in bodies
        ]
    answers = Counter()
    for wire in wires:
        taken = receive_envelope(world.evac, wire)
        answers[taken.status, taken.code] += 1
    return answers


def held(world):
    """How much the owner keeps: answers, ledger entries, refusals that are logged."""
    with world.evac.store.reading() as tx:
        return len(tx.alerts.answers()), tx.ledger.size(), len(tx.ledger.find("own:refused"))


@pytest.mark.slow
def test_a_thousand_outcomes_of_one_release_are_bounded(warned):
    world = warned.world
    before = held(world)
    answers = push(world, [outcome(world, warned.release, text=f"nothing was found, {n}") for n in range(MANY)])
    kept = held(world)
    taken = answers["taken", ""]
    assert 0 < taken <= 50 and sum(answers.values()) == MANY
    assert kept[0] - before[0] == taken
    assert kept[1] - before[1] <= taken + 50 and kept[2] - before[2] <= 50, "a flood does not fill the ledger"


def test_a_flood_does_not_hide_what_was_said_before_it(warned):
    world = warned.world
    warned.outcome(text="the first word")
    world.settle()
    push(world, [outcome(world, warned.release, text=f"{n}") for n in range(60)])
    [ours] = show_room(world.evac).warnings
    with world.evac.store.reading() as tx:
        texts = [json.loads(row.body).get("text") for row in tx.alerts.answers(warned.release)]
    assert texts[0] == "the first word" and ours.state == "closed"


@pytest.mark.slow
def test_outcomes_of_unknown_releases_are_taken_by_nobody(warned):
    """Set aside for a while at most, since their release may be on its way: bounded, and shown nowhere as an outcome."""
    world = warned.world
    before = held(world)
    answers = push(world, [outcome(world, f"00000000-0000-4000-8000-{n:012d}") for n in range(MANY)])
    assert not [key for key in answers if key[0] == "taken"]
    kept = held(world)
    assert kept[0] == before[0] and kept[1] - before[1] <= 60 and kept[2] - before[2] <= 60
    assert {code for _, code in answers} <= {"unknown-release", "too-many-waiting"}


def test_an_outcome_that_claims_more_than_was_said_before_needs_evidence(warned):
    world, later = warned.world, warned.world.cordon.clock.now() + 1
    assert push(world, [outcome(world, warned.release)]) == {("taken", ""): 1}
    raised = [
        outcome(world, warned.release, confidence="confirmed", at=later),
        outcome(world, warned.release, number=60, at=later),
    ]
    assert push(world, raised) == {("refused", "upgraded-silently"): 2}


def test_a_backdated_outcome_replaces_nothing_and_the_ledger_shows_that_it_came_later(warned):
    """Its date is the partner's word: answers may come in any order, so an earlier date alone is no reason to refuse."""
    world, now = warned.world, warned.world.cordon.clock.now()
    push(world, [outcome(world, warned.release, text="nothing was found", at=now)])
    push(world, [outcome(world, warned.release, text="all was stopped", confidence="confirmed", at=now - 60)])
    with world.evac.store.reading() as tx:
        rows = [(json.loads(row.body)["text"], row.ledger_index) for row in tx.alerts.answers(warned.release)]
    assert [text for text, _ in rows] == ["nothing was found", "all was stopped"]
    assert rows[0][1] < rows[1][1]


def test_an_outcome_in_the_name_of_somebody_else_is_refused(warned):
    world = warned.world
    names = [("evac", "own"), ("evac", "partner"), ("a ministry", "named-office"), ("two officials", "unnamed")]
    answers = push(world, [outcome(world, warned.release, assessor=who, assessor_kind=kind) for who, kind in names])
    assert {status for status, _ in answers} == {"refused"} and sum(answers.values()) == 4
    assert held(world)[0] == 0
