"""Device logs: chain, acceptance, opening, receipts."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate import device_log as log
from safeconduct.gate import event as events
from safeconduct.gate import receipt as receipts
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.seal import canonical, signed
from unit.passes.passes_world import DEVICE, IDENTITY, NOON, OTHER, ROOT

KEY = b"k" * 32


def event(seq, kind="admit", **changes):
    fields = {
        "kind": kind,
        "seq": seq,
        "batch": IDENTITY,
        "index": seq,
        "point": "gate-north",
        "at": NOON + seq,
        "heads": 3,
        "reason": "ok",
        "bundle_seq": 3,
        "log_size": 41,
    }
    return events.Event(**(fields | changes))


def segment(first, last, previous=log.GENESIS, key=DEVICE, epoch=1, device="phone-1", **changes):
    writer = log.SegmentWriter(device, epoch, first, previous, key, KEY)
    for seq in range(first, last + 1):
        writer.append(event(seq, **changes))
    return writer.close({"evac": b"sealed", "cordon": b"sealed too"})


class Node:
    """What a node stores of one device."""

    def __init__(self):
        self.state, self.hashes = None, {}

    def take(self, data, key=DEVICE):
        parsed = log.parse_segment(data)
        answer = log.accept_segment(parsed, key.verify_key, self.state, self.hashes.get)
        if isinstance(answer, log.Accepted):
            self.state = answer.state
            self.hashes |= dict(zip(range(parsed.first_seq, parsed.last_seq + 1), parsed.hashes, strict=True))
        return answer


def test_segments_are_accepted_in_turn_and_opened():
    node = Node()
    first = segment(1, 3)
    assert node.take(first).first_new == 1
    answer = node.take(segment(4, 5, node.state.hash))
    assert (answer.first_new, answer.state.upto_seq) == (4, 5)
    assert log.open_segment(log.parse_segment(first), KEY) == ([event(1), event(2), event(3)], [])


def test_a_retry_is_a_duplicate_with_identical_bytes():
    node = Node()
    node.take(segment(1, 3))
    assert segment(1, 3) == segment(1, 3)
    assert node.take(segment(1, 3)) == log.Duplicate(3)
    assert node.take(segment(1, 2)) == log.Duplicate(3)


def test_a_segment_that_overlaps_adds_only_what_is_new():
    node = Node()
    node.take(segment(1, 3))
    answer = node.take(segment(1, 6))
    assert (answer.first_new, answer.state.upto_seq) == (4, 6)


def test_a_gap_is_refused_and_nothing_is_lost():
    node = Node()
    node.take(segment(1, 3))
    refused = node.take(segment(5, 6, bytes([1]) * 32))
    assert isinstance(refused, Refusal)
    assert (refused.code, node.state.upto_seq) == ("gap", 3)


def test_a_cloned_device_is_a_fork_with_both_hashes():
    node = Node()
    node.take(segment(1, 3))
    fork = node.take(segment(1, 4, heads=9))
    assert isinstance(fork, log.Fork)
    assert (fork.seq, fork.stored) == (1, node.hashes[1])
    assert fork.seen != fork.stored


def test_a_clone_that_goes_on_from_another_past_is_a_fork_at_the_seam():
    node = Node()
    node.take(segment(1, 3))
    clone = log.parse_segment(segment(1, 3, heads=9))
    fork = node.take(segment(4, 5, clone.head))
    assert fork == log.Fork(3, node.hashes[3], clone.head)


def test_a_fork_among_events_that_are_no_longer_stored_is_found_at_the_next_one():
    node = Node()
    node.take(segment(1, 3))
    del node.hashes[1]
    assert node.take(segment(1, 3, heads=9)).seq == 2


def test_a_new_epoch_begins_again_at_one():
    node = Node()
    node.take(segment(1, 3))
    node.hashes.clear()  # hashes are kept by epoch
    answer = node.take(segment(1, 2, epoch=2))
    assert answer.state == log.DeviceState(2, 2, node.state.hash)


def test_a_segment_signed_by_another_key_is_refused():
    assert Node().take(segment(1, 2, key=OTHER)) == Refusal("bad-signature", "segment")


@pytest.mark.parametrize("field", ["device", "epoch", "first", "keys", "previous", "head", "ciphertexts", "signature"])
def test_every_field_is_under_the_signature_or_the_chain(field):
    node = Node()
    node.take(segment(1, 3))
    good = canonical.decode_cbor(segment(2, 4, node.hashes[1]), where="test")
    spoilt = {
        "device": "phone-2",
        "epoch": 2,
        "first": 3,
        "keys": {"evac": b"other"},
        "previous": bytes([7]) * 32,
        "head": bytes(32),
        "ciphertexts": [*good["ciphertexts"][:-1], b"x"],
        "signature": bytes(64),
    }
    answer = node.take(canonical.encode_cbor({**good, field: spoilt[field]}))
    assert isinstance(answer, Refusal)
    assert answer.code in {"bad-signature", "broken-chain"}


def test_a_head_that_the_chain_does_not_reach_is_refused():
    fields = canonical.decode_cbor(segment(1, 2), where="test")
    fields["head"] = bytes(32)
    del fields["signature"]
    fields["signature"] = signed.sign(log.SEGMENT_DOMAIN, log._signed_part(fields), DEVICE)
    assert Node().take(canonical.encode_cbor(fields)) == Refusal("broken-chain", "events 1 to 2")


def test_a_bad_event_is_set_aside_and_blocks_nobody():
    writer = log.SegmentWriter("phone-1", 1, 1, log.GENESIS, DEVICE, KEY)
    writer.append(event(1))
    other_key = log.SegmentWriter("phone-1", 1, 2, writer.head, DEVICE, b"o" * 32)
    writer._ciphertexts.append(other_key.append(event(2)))
    writer.head, writer.next_seq = other_key.head, 3
    lying = log.Cipher(KEY).encrypt(log._nonce(3), events.encode_event(event(4)), log.event_aad("phone-1", 1))
    writer._ciphertexts.append(lying)
    writer.head, writer.next_seq = log.sha256(writer.head + lying).digest(), 4
    writer.append(event(4))
    parsed = log.parse_segment(writer.close({}))
    assert isinstance(log.accept_segment(parsed, DEVICE.verify_key, None, {}.get), log.Accepted)
    assert log.open_segment(parsed, KEY) == ([event(1), event(4)], [2, 3])


def test_events_come_in_turn_and_a_segment_has_one():
    writer = log.SegmentWriter("phone-1", 1, 1, log.GENESIS, DEVICE, KEY)
    with pytest.raises(BadInput):
        writer.append(event(2))
    with pytest.raises(BadInput) as refused:
        writer.close({})
    assert refused.value.code == "bad-segment"


@pytest.mark.parametrize(("first", "previous"), [(2, log.GENESIS), (1, b"x" * 32)])
def test_zeros_stand_before_the_first_event_only(first, previous):
    with pytest.raises(BadInput):
        log.parse_segment(segment(first, 3, previous))


@pytest.mark.seed("S-24")
def test_beatings_and_refusals_are_kinds_of_their_own():
    for kind in ("assault", "turned-away"):
        made = event(1, kind, batch=None, index=None, person_class="citizen", note="taken to the clinic")
        assert events.decode_event(events.encode_event(made), 1) == made
    assert {"assault", "turned-away", "refuse", "override"} <= set(events.KINDS)


def test_an_event_of_no_known_kind_does_not_exist():
    with pytest.raises(BadInput) as refused:
        event(1, "shrug")
    assert refused.value.code == "bad-event"


@pytest.mark.parametrize(
    "change",
    [
        {"batch": b"short"},
        {"batch": None},
        {"index": None},
        {"batch": None, "index": None},
        {"index": 1 << 24},
        {"point": ""},
        {"at": -1},
        {"heads": 256},
        {"note": "x" * 2_001},
        {"seq": 0},
    ],
)
def test_an_event_that_does_not_fit_is_refused(change):
    with pytest.raises(BadInput):
        events.encode_event(replace(event(1), **change))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_as_bad_input(data):
    with pytest.raises(BadInput):
        log.parse_segment(data)
    with pytest.raises(BadInput):
        events.decode_event(data, 1)
    with pytest.raises(BadInput):
        receipts.open_receipt(data, NodeKeys.enrolled(ROOT.public), NOON)


@given(st.data())
def test_every_changed_byte_and_every_cut_is_refused(data):
    good = segment(1, 3)
    at = data.draw(st.integers(0, len(good) - 1))
    flipped = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    for spoilt in (flipped, good[:at]):
        with contextlib.suppress(BadInput):
            assert isinstance(Node().take(spoilt), Refusal)


RECEIPT = receipts.Receipt("phone-1", 1, 5, b"h" * 32, NOON, 17, 20, (b"p" * 32, b"q" * 32))


def test_a_receipt_is_opened_by_the_key_of_its_node_only():
    data = receipts.sign_receipt(RECEIPT, ROOT)
    assert receipts.open_receipt(data, NodeKeys.enrolled(ROOT.public), NOON) == RECEIPT
    assert receipts.open_receipt(data, NodeKeys.enrolled(OTHER.public), NOON) == Refusal("bad-signature", "receipt")


def test_a_receipt_that_does_not_fit_is_refused():
    with pytest.raises(BadInput) as refused:
        receipts.sign_receipt(replace(RECEIPT, hash=b""), ROOT)
    assert refused.value.code == "bad-receipt"
