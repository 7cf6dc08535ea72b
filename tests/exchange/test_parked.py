"""What waits for another envelope: why, how much of it, for how long, and that it is seen."""

import pytest

from exchange.operation import due
from safeconduct.seal.canonical import encode_cbor
from safeconduct.workflows import parked_envelopes
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.envelopes import wrap
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_envelope import receive_envelope, retry_parked
from safeconduct.workflows.show_exchange import show_exchange
from safeconduct.workflows.sign_agreement import accept, propose
from workflows.two_nodes import World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def before_agreement(world, number=1):
    """Bundles of a party whose acceptance has not come: the other node has the proposal only."""
    propose(world.cordon, world.terms())
    for row in due(world.cordon):
        receive_envelope(world.evac, row.wire)
    accept(world.evac, 1)
    [acceptance] = due(world.evac)
    for _ in range(number):
        publish_bundle(world.evac)
    return acceptance.wire, [row.wire for row in due(world.evac)]


def test_it_waits_for_the_agreement_and_is_taken_in_with_it(world):
    acceptance, [bundle] = before_agreement(world)
    taken = receive_envelope(world.cordon, bundle)
    assert (taken.status, taken.code) == ("parked", "no-agreement")
    assert receive_envelope(world.cordon, bundle).status == "parked"
    [waiting] = show_exchange(world.cordon).waiting
    assert (waiting.kind, waiting.code, waiting.tries) == ("bundle", "no-agreement", 1)
    with world.cordon.store.reading() as tx:
        assert not refused_acts(tx)
    assert receive_envelope(world.cordon, acceptance).status == "taken"
    with world.cordon.store.reading() as tx:
        assert tx.passes.bundle()[0] == 1
    assert not show_exchange(world.cordon).waiting
    assert receive_envelope(world.cordon, bundle).status == "duplicate"


def test_what_waited_for_seven_days_is_given_up_visibly_and_can_still_come(world):
    acceptance, [bundle] = before_agreement(world)
    receive_envelope(world.cordon, bundle)
    now = world.cordon.clock.now()
    world.cordon.clock.move_to(now + parked_envelopes.LIFE - 1)
    assert retry_parked(world.cordon) == 0
    assert len(show_exchange(world.cordon).waiting) == 1
    world.cordon.clock.move_to(now + parked_envelopes.LIFE)
    retry_parked(world.cordon)
    view = show_exchange(world.cordon)
    assert not view.waiting and [one.code for one in view.expired] == ["no-agreement"]
    with world.cordon.store.reading() as tx:
        assert refused_acts(tx)[-1][2].code == "waited-too-long"
        assert tx.exchange.parked("expired")[0].wire is None
    receive_envelope(world.cordon, acceptance)
    assert receive_envelope(world.cordon, bundle).status == "taken"
    assert not show_exchange(world.cordon).expired


def test_one_sender_can_let_only_so_many_wait(world, monkeypatch):
    monkeypatch.setattr(parked_envelopes, "MOST", 3)
    acceptance, bundles = before_agreement(world, 5)
    answers = [receive_envelope(world.cordon, wire) for wire in bundles]
    assert [one.status for one in answers] == ["parked"] * 3 + ["refused"] * 2
    assert answers[-1].code == "too-many-waiting"
    receive_envelope(world.cordon, acceptance)
    assert [receive_envelope(world.cordon, wire).status for wire in bundles] == ["duplicate"] * 3 + ["taken"] * 2


def test_only_so_many_bytes_of_one_sender_wait(world, monkeypatch):
    _, bundles = before_agreement(world, 3)
    monkeypatch.setattr(parked_envelopes, "MOST_BYTES", len(bundles[0]) * 2 + 100)
    assert [receive_envelope(world.cordon, wire).status for wire in bundles] == ["parked", "parked", "refused"]


def test_nothing_waits_for_what_can_never_come(world):
    world.agree()
    with world.evac.store.transaction() as tx:
        other = wrap(world.evac, tx, to="cordon", kind="bundle", agreement="another", body=b"")
        body = encode_cbor({"device": "d", "key": world.evac.vault.status().public, "point": world.outer[0]})
        device = wrap(world.evac, tx, to="cordon", kind="device", agreement="kabul-2021", body=body)
    assert receive_envelope(world.cordon, other).code == "no-agreement"
    assert (receive_envelope(world.cordon, other).status, receive_envelope(world.cordon, device).status) == (
        "refused",
    ) * 2
    assert not show_exchange(world.cordon).waiting


def test_a_share_sent_while_only_our_own_renewal_is_known_waits_for_theirs(world):
    world.agree()
    change_state(world.evac, "breach", "a convoy was held up")
    [breach] = due(world.evac)
    receive_envelope(world.cordon, breach.wire)
    change_state(world.cordon, "renewal")
    for row in due(world.cordon):
        receive_envelope(world.evac, row.wire)
    world.move(world.evac.clock.now() + 60)
    change_state(world.evac, "renewal")
    [renewal] = due(world.evac)
    world.move(world.evac.clock.now() + 60)
    release = warned(world)
    assert receive_envelope(world.cordon, release).code == "agreement-suspended"
    assert [one.kind for one in show_exchange(world.cordon).waiting] == ["release"]
    assert receive_envelope(world.cordon, renewal.wire).status == "taken"
    with world.cordon.store.reading() as tx:
        assert len(tx.alerts.releases()) == 1
        assert not refused_acts(tx)


def warned(world):
    import json  # noqa: PLC0415

    from safeconduct.workflows.enter_report import enter_report  # noqa: PLC0415
    from safeconduct.workflows.release_warning import release_warning  # noqa: PLC0415
    from workflows.two_nodes import PROTECT  # noqa: PLC0415

    world.move(json.loads(world.scenario.report)["entered_at"] + 600)
    reported = enter_report(world.evac, world.scenario.report)
    made = release_warning(world.evac, reported, world.scenario.policy, purpose=PROTECT)
    assert made.release_id
    return due(world.evac)[-1].wire
