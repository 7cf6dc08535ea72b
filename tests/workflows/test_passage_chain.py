"""From the roll to the gate: import, passes, bundle, offline decisions, upload, merge."""

import pytest

from safeconduct.errors import REFUSALS, BadInput, Refusal
from safeconduct.gate.device_log import parse_segment
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.gate.receipt import open_receipt
from safeconduct.passes.pass_format import to_text
from safeconduct.replay.people import generate
from safeconduct.seal.canonical import decode_json
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.enrol_device import enrol_device
from safeconduct.workflows.envelopes import wrap
from safeconduct.workflows.import_roll import import_roll
from safeconduct.workflows.issue_passes import Leg, Strip, issue_passes
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_envelope import receive_envelope
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.record_departure import record_departure
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.try_pass import try_pass
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE, START, Phone

AT = START + 3 * HOUR


def receipt_of(phone, data):
    made = receive_from_device(phone.node, data)
    assert not isinstance(made, Refusal), made
    return open_receipt(made, NodeKeys.enrolled(bytes.fromhex(phone.told.receipt_key)), AT)


@pytest.fixture
def ready(world):
    """A world with passes issued, a bundle at both parties, two phones at one gate and one at an outer point."""
    world.groups = world.enlist()
    world.passes = {(p.group, p.point): p for p in world.issue(world.groups)}
    publish_bundle(world.evac)
    world.settle()
    world.phones = [
        Phone(world.evac, "gate-phone-1", world.gates[0]),
        Phone(world.evac, "gate-phone-2", world.gates[0]),
        Phone(world.cordon, "outer-phone-1", world.outer[0]),
    ]
    world.settle()
    for phone in world.phones:
        phone.load(AT)
    return world


def at_gate(world, number=0):
    return world.passes[world.groups[number], world.gates[0]].raw


# -- the roll ----------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-34")
def test_a_roll_is_imported_once_however_often_it_is_given(world):
    data = generate(24, 7)
    first, second = import_roll(world.evac, data, "roll.csv"), import_roll(world.evac, data, "again.csv")
    assert (first.people, first.again, second.people, second.again) == (24, False, 24, True)
    assert world.count(world.evac, "people") == 24


@pytest.mark.seed("S-42")
def test_an_import_that_overlaps_the_roll_is_refused_and_nothing_is_half_imported(world):
    import_roll(world.evac, generate(24, 7), "roll.csv")
    ledger = world.count(world.evac, "ledger")
    header, *lines = generate(40, 7).decode().splitlines()
    late = [line.replace(",G", ",H") for line in [*lines[30:], lines[3]]]  # new people, and one known id at the end
    with pytest.raises(BadInput, match="identifiers that are new") as caught:
        import_roll(world.evac, "\n".join([header, *late]).encode(), "late.csv")
    assert caught.value.code == "duplicate-id"
    assert world.count(world.evac, "people") == 24
    assert world.count(world.evac, "ledger") == ledger


def test_no_name_of_the_roll_is_in_the_ledger(world):
    world.enlist()
    names = {cell for line in generate(24, 7).decode().splitlines()[1:] for cell in line.split(",")[2:4] if cell}
    with world.evac.store.reading() as tx:
        entries = b"".join(tx.ledger.entry(i).envelope for i in range(tx.ledger.size()))
    assert not [name for name in names if name.encode() in entries]


# -- passes ------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-11")
def test_issuing_again_returns_the_same_passes_and_words(world):
    groups = world.enlist()
    first = world.issue(groups[:2], words=True)
    assert world.issue(groups[:2], words=True) == first
    assert all((p.words is not None) == (p.point == world.gates[0]) for p in first)
    world.reopen()  # as after a crash between the commit and the answer
    assert world.issue(groups[:2], words=True) == first
    assert world.count(world.evac, "passes") == len(first)


def test_a_request_that_is_partly_new_returns_old_and_new_passes_in_its_order(world):
    groups = world.enlist()
    old = world.issue(groups[:1])
    both = world.issue(groups[:2])
    assert both[: len(old)] == old
    assert [p.group for p in both] == [groups[0]] * 2 + [groups[1]] * 2


def test_one_bad_strip_leaves_no_pass_of_the_request(world):
    groups = world.enlist()
    bad = Strip(groups[1], (Leg("nowhere", START + HOUR, HOUR),))
    with pytest.raises(BadInput) as caught:
        issue_passes(world.evac, [*world.strips(groups[:1]), bad], subject=PASSAGE, purpose=PURPOSE)
    assert caught.value.code == "unknown-point"
    assert world.count(world.evac, "passes") == 0


# -- bundles -----------------------------------------------------------------------------------------------------


def test_the_partner_takes_a_bundle_and_refuses_an_older_one(world):
    world.issue(world.enlist()[:1])
    publish_bundle(world.evac)
    with world.evac.store.reading() as tx:
        older = tx.passes.bundle()[1]
    publish_bundle(world.evac)
    assert [(k, a.status) for k, a in world.settle()] == [("bundle", "taken")] * 2
    with world.evac.store.transaction() as tx:
        wire = wrap(world.evac, tx, to="cordon", kind="bundle", agreement="kabul-2021", body=older)
    taken = receive_envelope(world.cordon, wire)
    assert (taken.status, taken.code) == ("refused", "bundle-older")
    with world.cordon.store.reading() as tx:
        assert tx.passes.bundle()[0] == 2


def test_a_revoked_pass_is_refused_after_the_next_bundle(ready):
    phone = ready.phones[0]
    assert phone.scan(at_gate(ready), AT)[0].reason == "ok"
    assert revoke_passes(ready.evac, [ready.groups[1]], "reported lost") == 2
    assert revoke_passes(ready.evac, [ready.groups[1]], "reported lost") == 0
    publish_bundle(ready.evac)
    phone.load(AT)
    assert phone.scan(at_gate(ready, 1), AT)[0].reason == "revoked"


# -- devices and segments ----------------------------------------------------------------------------------------


def test_a_device_is_enrolled_only_where_its_party_holds_the_point(world):
    key = SigningKey.from_seed(bytes([9]) * 32).public
    assert enrol_device(world.evac, "stray", key, world.outer[0]).code == "not-holder"
    assert enrol_device(world.cordon, "stray", key, world.gates[0]).code == "not-holder"
    assert enrol_device(world.evac, "mine", key, world.gates[0]) == enrol_device(
        world.evac, "mine", key, world.gates[0]
    )
    with pytest.raises(BadInput) as caught:
        enrol_device(world.evac, "mine", SigningKey.from_seed(bytes([8]) * 32).public, world.gates[0])
    assert caught.value.code == "duplicate-id"


@pytest.mark.seed("S-20")
def test_an_upload_gives_a_receipt_and_the_same_upload_the_same_place(ready):
    phone = ready.phones[0]
    data = phone.segment([phone.scan(at_gate(ready), AT)[1], phone.scan(at_gate(ready), AT + 60)[1]])
    first = receipt_of(phone, data)
    size = ready.count(ready.evac, "ledger")
    again = receipt_of(phone, data)
    assert (first.upto_seq, first.hash) == (2, phone.head)
    assert (again.upto_seq, again.hash, again.ledger_index) == (2, first.hash, first.ledger_index)
    assert ready.count(ready.evac, "ledger") == size
    with ready.evac.store.reading() as tx:
        assert tx.ledger.entry(first.ledger_index).envelope == data
        assert sum(t[3] for t in tx.devices.tallies()) == 2


def test_a_group_that_passed_a_gate_departs_once(ready):
    phone = ready.phones[0]
    receipt_of(phone, phone.segment([phone.scan(at_gate(ready), AT)[1]]))
    with ready.evac.store.reading() as tx:
        [(_, heads, _, state)] = tx.roll.groups([ready.groups[0]])
    assert state == "passed"
    assert record_departure(ready.evac) == heads
    assert record_departure(ready.evac) == 0


def test_a_segment_after_a_gap_is_refused_and_goes_through_once_the_gap_is_filled(ready):
    phone = ready.phones[0]
    one = phone.segment([phone.scan(at_gate(ready), AT)[1]])
    two = phone.segment([phone.scan(at_gate(ready, 1), AT + 60)[1]])
    assert receive_from_device(phone.node, two).code == "gap"
    assert receipt_of(phone, one).upto_seq == 1
    assert receipt_of(phone, two).upto_seq == 2


def test_a_fork_is_refused_and_kept_apart(ready):
    phone = ready.phones[0]
    event, other = phone.scan(at_gate(ready), AT)[1], phone.scan(at_gate(ready, 1), AT)[1]
    other = type(other)(*[1 if name == "seq" else getattr(other, name) for name in other.__slots__])
    truth, clone = phone.segment([event], advance=False), phone.segment([other], advance=False)
    assert receipt_of(phone, truth).upto_seq == 1
    assert receive_from_device(phone.node, clone).code == "fork"
    with ready.evac.store.reading() as tx:
        assert tx.devices.quarantined() == [("gate-phone-1", 1, 1, "fork")]
        assert sum(t[3] for t in tx.devices.tallies()) == 1


def test_an_unreadable_event_is_set_aside_and_blocks_nothing(ready):
    phone = ready.phones[0]
    events = [phone.scan(at_gate(ready, n), AT + n)[1] for n in range(3)]
    assert receipt_of(phone, phone.segment(events, garbled={2})).upto_seq == 3
    with ready.evac.store.reading() as tx:
        assert tx.devices.quarantined() == [("gate-phone-1", 1, 2, "unreadable")]
        assert sum(t[3] for t in tx.devices.tallies() if t[1] == "admit") == 2


@pytest.mark.parametrize("sealed", [{}, {"evac": b"no age file"}, {"cordon": b"for somebody else"}])
def test_a_segment_whose_key_cannot_be_opened_is_set_aside_whole_and_blocks_nothing(ready, sealed):
    phone = ready.phones[0]
    lost = phone.segment([phone.scan(at_gate(ready, n), AT + n)[1] for n in range(2)], sealed_keys=sealed)
    assert receipt_of(phone, lost).upto_seq == 2
    later = phone.segment([phone.scan(at_gate(ready, 2), AT + 9)[1]])
    assert receipt_of(phone, later).upto_seq == 3
    with ready.evac.store.reading() as tx:
        assert [(seq, why) for _, _, seq, why in tx.devices.quarantined()] == [(1, "unreadable"), (2, "unreadable")]


def test_an_unknown_device_is_refused(ready):
    phone = ready.phones[2]  # enrolled at the other node
    data = phone.segment([phone.scan(ready.passes[ready.groups[0], ready.outer[0]].raw, AT)[1]])
    assert receive_from_device(ready.evac, data).code == "unknown-device"


@pytest.mark.parametrize("place", [0, 1, 20, 200, -1, -40, -70])
def test_a_damaged_segment_is_refused_with_a_code(ready, place):
    phone = ready.phones[0]
    data = bytearray(phone.segment([phone.scan(at_gate(ready), AT)[1]]))
    data[place] ^= 0x10
    before = ready.count(ready.evac, "ledger")
    try:
        made = receive_from_device(ready.evac, bytes(data))
    except BadInput as error:
        assert error.code in {"bad-cbor", "bad-segment"}  # noqa: PT017
    else:
        assert made.code in {"bad-signature", "broken-chain", "unknown-device", "gap"}
        before += 1  # the refusal is logged
    assert ready.count(ready.evac, "ledger") == before


# -- merge -------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-24")
def test_a_copy_used_at_two_offline_devices_is_found_at_merge_with_both_places_and_times(ready):
    one, two, _ = ready.phones
    first, second = one.scan(at_gate(ready), AT), two.scan(at_gate(ready), AT + 300)
    assert first[0].admit  # neither device can know
    assert second[0].admit
    receipt_of(two, two.segment([second[1]]))
    with ready.evac.store.reading() as tx:
        assert tx.devices.conflicts() == []
    receipt_of(one, one.segment([first[1]]))
    with ready.evac.store.reading() as tx:
        [(batch, index, body, _, second_at)] = tx.devices.conflicts()
        [entry] = tx.ledger.find("own:conflict")
    found = decode_json(body, where="conflict")
    assert (batch, index) == (first[0].batch, first[0].index)
    assert [(u["device"], u["point"], u["at"], u["holder"]) for u in found["uses"]] == [
        ("gate-phone-1", ready.gates[0], AT, "evac"),
        ("gate-phone-2", ready.gates[0], AT + 300, "evac"),
    ]
    assert second_at == AT + 300
    assert entry.envelope == body


@pytest.mark.seed("S-44")
def test_an_outer_points_log_crosses_to_the_issuer_and_a_gates_log_does_not(ready):
    gate, _, outer = ready.phones
    receipt_of(gate, gate.segment([gate.scan(at_gate(ready), AT)[1]]))
    assert ready.settle() == []
    data = outer.segment([outer.scan(ready.passes[ready.groups[0], ready.outer[0]].raw, AT)[1]])
    assert set(parse_segment(data).sealed_keys) == {"evac", "cordon"}
    receipt_of(outer, data)
    assert [(k, a.status) for k, a in ready.settle()] == [("segment", "taken")]
    with ready.evac.store.reading() as tx:
        assert {t[0] for t in tx.devices.tallies()} == {ready.gates[0], ready.outer[0]}
    with ready.cordon.store.reading() as tx:
        assert {t[0] for t in tx.devices.tallies()} == {ready.outer[0]}


def test_a_device_cannot_speak_for_another_control_point(ready):
    """A guard of the outer cordon must not be able to let the issuer believe that a group passed a gate."""
    outer = ready.phones[2]
    _, event = outer.scan(ready.passes[ready.groups[0], ready.outer[0]].raw, AT)
    false = type(event)(*[ready.gates[0] if n == "point" else getattr(event, n) for n in event.__slots__])
    receipt_of(outer, outer.segment([false]))
    ready.settle()
    with ready.evac.store.reading() as tx:
        [(_, _, _, state)] = tx.roll.groups([ready.groups[0]])
        assert state == "waiting"
        assert [(seq, why) for _, _, seq, why in tx.devices.quarantined()] == [(1, "other-point")]


@pytest.mark.seed("S-26")
def test_a_hold_stands_until_somebody_ends_it(ready):
    """Bundles go out for other reasons too; none of them opens a point that was put on hold."""

    def shown():
        ready.settle()
        return [{p.id: p.state for p in show_room(n).points}[ready.gates[0]] for n in (ready.evac, ready.cordon)]

    publish_bundle(ready.evac, states={ready.gates[0]: "hold"})
    assert shown() == ["hold", "hold"]
    revoke_passes(ready.evac, [ready.groups[1]], "reported lost")
    publish_bundle(ready.evac)
    assert shown() == ["hold", "hold"]
    ready.phones[0].load(AT)
    made, _ = ready.phones[0].scan(at_gate(ready, 5), AT)
    assert (made.admit, made.reason) == (False, "point-hold")
    publish_bundle(ready.evac, states={ready.gates[0]: "open"})
    assert shown() == ["open", "open"]
    ready.phones[0].load(AT)
    assert ready.phones[0].scan(at_gate(ready, 5), AT)[0].admit


# -- trying a pass -----------------------------------------------------------------------------------------------


def test_after_an_exercise_a_pass_is_tried_at_its_own_time(ready):
    """No bundle is in force years later; a newcomer who pastes a pass then still sees what its gate would say."""
    good = at_gate(ready, 3)
    forged = bytes([*good[:14], good[14] + 1, *good[15:]])
    ready.move(START + 400 * 24 * HOUR)
    shown = try_pass(ready.evac, to_text(good), ready.gates[0])
    assert (shown.admit, shown.word) == (True, "PASS")
    assert ("decided at", "14 Aug 05:59 UTC") in shown.details
    assert "forged" in try_pass(ready.evac, to_text(forged), ready.gates[0]).line
    assert try_pass(ready.evac, "no pass at all", ready.gates[0]).line == REFUSALS["malformed"]
    asked = try_pass(ready.evac, to_text(good), ready.gates[0], at=START + 400 * 24 * HOUR)
    assert asked.line == REFUSALS["bundle-expired"]
