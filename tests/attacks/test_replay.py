"""Replay, downgrade, suppressed withdrawal."""

import hashlib
import json

import pytest

from safeconduct.errors import Refusal
from safeconduct.workflows.correct_release import correct_release
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.receive_envelope import receive_envelope
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.withdraw_release import withdraw_release
from workflows.two_nodes import PROTECT


def on_its_way(node):
    with node.store.transaction() as tx:
        rows = list(tx.outbox.due(500))
        tx.outbox.delivered([row.id for row in rows], node.clock.now())
    return [row.wire for row in rows]


def corrected(warned, **changes):
    world = warned.world
    plain = {**json.loads(world.scenario.report), "id": "report-corrected", **changes}
    enter_report(world.evac, json.dumps(plain).encode())
    made = correct_release(world.evac, warned.release, "report-corrected", purpose=PROTECT, reason="heard better")
    assert not isinstance(made, Refusal), made
    [wire] = on_its_way(world.evac)
    return wire


def withdrawn(warned):
    assert isinstance(withdraw_release(warned.world.evac, warned.release, reason="it was wrong"), int)
    [wire] = on_its_way(warned.world.evac)
    return wire


def counts(world, release):
    """What the partner acts on: version, revoked."""
    with world.cordon.store.reading() as tx:
        body = json.loads(tx.alerts.release(release).body)
    return body["version"], body["revoked"]


def test_a_replayed_release_changes_nothing(warned):
    world, [wire] = warned.world, warned.wires
    size = world.count(world.cordon, "ledger")
    assert [receive_envelope(world.cordon, wire).status for _ in range(50)] == ["duplicate"] * 50
    assert world.count(world.cordon, "ledger") == size


@pytest.mark.parametrize("place", range(4))
def test_a_replay_with_a_changed_byte_is_refused(warned, place):
    [wire] = warned.wires
    at = len(wire) * (2 * place + 1) // 8
    changed = wire[:at] + bytes([wire[at] ^ 1]) + wire[at + 1 :]
    assert hashlib.sha256(changed).digest() != hashlib.sha256(wire).digest()
    assert receive_envelope(warned.world.cordon, changed).status == "refused"


def test_an_older_version_after_a_newer_one_does_not_count_again(warned):
    world, [first] = warned.world, warned.wires
    newer = corrected(warned, likelihood=2)
    assert receive_envelope(world.cordon, newer).status == "taken"
    assert counts(world, warned.release) == (2, False)
    receive_envelope(world.cordon, first)
    assert counts(world, warned.release) == (2, False)


def test_versions_held_back_and_turned_round_end_in_the_same_state(world):
    """A courier that delivers the withdrawal first, then the correction, then the release."""
    world.move(json.loads(world.scenario.report)["entered_at"] + 600)
    report = enter_report(world.evac, world.scenario.report)
    sent = release_warning(world.evac, report, world.scenario.policy, purpose=PROTECT)
    [first] = on_its_way(world.evac)
    plain = {**json.loads(world.scenario.report), "id": "report-corrected", "likelihood": 2}
    enter_report(world.evac, json.dumps(plain).encode())
    correct_release(world.evac, sent.release_id, "report-corrected", purpose=PROTECT, reason="heard better")
    [second] = on_its_way(world.evac)
    withdraw_release(world.evac, sent.release_id, reason="it was wrong")
    [third] = on_its_way(world.evac)
    for wire in (third, second, first, second, third):
        receive_envelope(world.cordon, wire)
    assert counts(world, sent.release_id) == (3, True)
    with world.cordon.store.reading() as tx:
        assert [json.loads(row.body)["version"] for row in tx.alerts.versions(sent.release_id)] == [1, 2, 3]


def test_nothing_undoes_a_withdrawal(warned):
    world, [first] = warned.world, warned.wires
    held_back = corrected(warned, likelihood=2)
    assert receive_envelope(world.cordon, withdrawn(warned)).status == "taken"
    for wire in (held_back, first):
        receive_envelope(world.cordon, wire)
    assert counts(world, warned.release)[1] is True


def test_a_withdrawal_that_never_arrives_stays_listed_at_its_owner_until_it_is_acknowledged(warned):
    """The courier drops it; an acknowledgement of the warning itself does not pass for one of the withdrawal."""
    world = warned.world
    acknowledge = {"type": "acknowledgement", "reason": None, "by": "cordon", "signed": True, "corrects": False}
    warned.say(**acknowledge, stage="accepted")
    world.settle()
    assert show_room(world.evac).unanswered == 0
    dropped = withdrawn(warned)
    world.move(world.evac.clock.now() + 6 * 3_600)
    world.settle()
    assert show_room(world.evac).unanswered == 1
    warned.outcome()
    world.settle()
    assert show_room(world.evac).unanswered == 1, "an outcome is no acknowledgement of the withdrawal"
    assert receive_envelope(world.cordon, dropped).status == "taken"
    warned.say(**acknowledge, stage="received")
    world.settle()
    assert show_room(world.evac).unanswered == 0
