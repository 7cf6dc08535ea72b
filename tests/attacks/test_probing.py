"""Probing by repeated requests: the recipient can trigger nothing, and asking often gives nothing new."""

import json

import pytest

from attacks.oracle import fields_of
from attacks.setting import crossing, policy, report, weigh
from safeconduct.workflows.envelopes import KINDS, wrap
from safeconduct.workflows.receive_envelope import HANDLERS, receive_envelope
from safeconduct.workflows.release_warning import release_warning
from workflows.two_nodes import PROTECT

RANDOM = {"release_id", "commitment", "policy_digest"}


def waiting(node):
    with node.store.reading() as tx:
        return [row.kind for row in tx.outbox.due(500)]


def test_there_is_no_kind_of_envelope_that_asks_for_a_release():
    assert set(HANDLERS) <= KINDS
    assert not [
        kind for kind in KINDS if any(word in kind for word in ("request", "query", "ask", "poll", "subscribe"))
    ]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_whatever_the_partner_sends_no_release_goes_out_for_it(warned, kind):
    world = warned.world
    bodies = [
        b"{}",
        b"\xa0",
        json.dumps({"type": kind, "release_id": warned.release, "report": warned.report}).encode(),
    ]
    with world.cordon.store.transaction() as tx:
        wires = [wrap(world.cordon, tx, to="evac", kind=kind, agreement="kabul-2021", body=body) for body in bodies]
    for wire in wires:
        assert receive_envelope(world.evac, wire).status in {"refused", "parked"}
    assert "release" not in waiting(world.evac)


def test_answers_to_a_release_bring_no_other_one(warned):
    stages = [("received", False), ("understood", False), ("accepted", False), ("declined", True), ("accepted", True)]
    for stage, corrects in stages:
        answer = warned.say(
            type="acknowledgement", stage=stage, reason="again" if corrects or stage == "declined" else None,
            by="cordon", signed=True, corrects=corrects,
        )  # fmt: skip
        assert isinstance(answer, int), answer
    warned.outcome()
    warned.world.settle()
    assert waiting(warned.world.evac) == []


def test_the_owner_asking_again_sends_nothing_again(warned):
    world = warned.world
    for _ in range(3):
        again = release_warning(world.evac, warned.report, world.scenario.policy, purpose=PROTECT)
        assert again.release_id == warned.release
    assert waiting(world.evac) == []


def test_deriving_a_hundred_times_differs_in_random_fields_only():
    seen = set()
    for seed in range(100):
        told = fields_of(crossing(weigh(report(), policy(), seed=seed).release, seed))
        seen.add(json.dumps({k: v for k, v in told.items() if k not in RANDOM}, sort_keys=True))
    assert len(seen) == 1


def test_releases_of_one_report_to_a_partner_count_against_each_other_and_do_not_drift():
    """Each release is weighed against those before: the hundredth names the same cell as the first."""
    before = []
    for seed in range(30):
        before.append((weigh(report(), policy(), seed=seed, before=before).release, report()))
    assert len({one.area for one, _ in before}) == 1
