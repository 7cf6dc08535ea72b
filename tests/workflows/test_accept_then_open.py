"""A segment is durable and receipted before anybody opens it; opening finds the same as if it had been at once."""

from threading import Barrier, Event, Thread

import pytest

from safeconduct.errors import Refusal
from safeconduct.gate.device_log import SegmentWriter
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.gate.receipt import open_receipt
from safeconduct.storage.vault import OsRandom, seal_to
from safeconduct.web.api import opening
from safeconduct.wiring import close_node, start_node
from safeconduct.workflows.enrol_device import enrol_device
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import accept_from_device, has_unopened, open_accepted
from workflows.two_nodes import HOUR, START, Phone

AT = START + 3 * HOUR


@pytest.fixture
def ready(world):
    """Two phones at one gate, with passes of five groups."""
    groups = world.enlist()
    passes = {(one.group, one.point): one.raw for one in world.issue(groups)}
    world.raws = [passes[group, world.gates[0]] for group in groups[:5]]
    publish_bundle(world.evac)
    world.phones = [Phone(world.evac, name, world.gates[0]) for name in ("phone-1", "phone-2")]
    for phone in world.phones:
        phone.load(AT)
    return world


def accepted(phone, data):
    made = accept_from_device(phone.node, data)
    assert not isinstance(made, Refusal), made
    return open_receipt(made, NodeKeys.enrolled(bytes.fromhex(phone.told.receipt_key)), AT)


def stored(node):
    with node.store.reading() as tx:
        return sum(row[3] for row in tx.devices.tallies()), [one.last_at for one in tx.devices.all()]


def test_a_receipt_comes_before_anything_is_opened_and_opening_merges_it_once(ready):
    first, second = ready.phones
    assert accepted(first, first.segment([first.scan(ready.raws[0], AT)[1]])).upto_seq == 1
    assert accepted(second, second.segment([second.scan(ready.raws[0], AT + 9)[1]])).upto_seq == 1
    assert has_unopened(ready.evac) and stored(ready.evac) == (0, [0, 0])
    assert (open_accepted(ready.evac), open_accepted(ready.evac)) == (2, 0)
    assert not has_unopened(ready.evac) and stored(ready.evac) == (2, [AT, AT + 9])
    with ready.evac.store.reading() as tx:
        assert len(tx.devices.conflicts()) == 1


def test_the_same_segment_again_has_the_same_receipt_and_another_with_its_number_is_a_fork(ready):
    phone = ready.phones[0]
    event, other = phone.scan(ready.raws[0], AT)[1], phone.scan(ready.raws[1], AT)[1]
    other = type(other)(*[1 if name == "seq" else getattr(other, name) for name in other.__slots__])
    truth, clone = phone.segment([event], advance=False), phone.segment([other], advance=False)
    assert accepted(phone, truth).hash == accepted(phone, truth).hash
    assert accept_from_device(ready.evac, clone).code == "fork"
    open_accepted(ready.evac)
    assert stored(ready.evac)[0] == 1
    with ready.evac.store.reading() as tx:
        assert tx.devices.quarantined() == [("phone-1", 1, 1, "fork")]


def test_a_longer_segment_that_begins_with_what_is_stored_adds_what_is_new_in_it(ready):
    phone, key = ready.phones[0], OsRandom().bytes(32)
    events = [phone.scan(raw, AT + number)[1] for number, raw in enumerate(ready.raws[:3])]
    sealed = {party: seal_to(recipient, key) for party, recipient in phone.told.recipients.items()}

    def closed(count):
        writer = SegmentWriter(phone.name, 1, 1, bytes(32), phone.key, key)
        for event in events[:count]:
            writer.append(event)
        return writer.close(sealed)

    assert [accepted(phone, closed(count)).upto_seq for count in (1, 3, 2)] == [1, 3, 3]
    open_accepted(ready.evac)
    assert stored(ready.evac) == (3, [AT + 2, 0])


def test_what_a_crash_left_unopened_is_opened_at_the_next_start(ready):
    phone = ready.phones[0]
    accepted(phone, phone.segment([phone.scan(ready.raws[0], AT)[1]]))
    assert stored(ready.evac)[0] == 0
    again = start_node(ready.evac_config)
    assert stored(again.node) == (1, [AT, 0])
    close_node(again.node)


def test_an_event_lies_before_its_acceptance_and_at_the_point_of_that_time(ready):
    phone = ready.phones[0]
    ready.move(AT + 60)
    accepted(phone, phone.segment([phone.scan(ready.raws[0], AT)[1]]))
    ready.move(AT + 5 * HOUR)
    enrol_device(ready.evac, phone.name, phone.key.public, ready.gates[1])
    open_accepted(ready.evac)
    with ready.evac.store.reading() as tx:
        event = tx.devices.event(phone.name, 1, 1)
    assert (event.high, event.point, event.kind) == (AT + 60, ready.gates[0], "admit")


def test_one_request_opens_for_all_and_none_is_left_behind(ready, monkeypatch):
    """While one opens, another only leaves its segment; the first looks again before it goes."""
    phone, busy, go_on = ready.phones[0], Event(), Event()
    opened = opening.open_accepted
    calls = []

    def slowly(node):
        calls.append(opened(node))
        busy.set()
        assert go_on.wait(10)
        return calls[-1]

    monkeypatch.setattr(opening, "open_accepted", slowly)
    one = opening.Opening()
    accepted(phone, phone.segment([phone.scan(ready.raws[0], AT)[1]]))
    thread = Thread(target=one.run, args=(ready.evac,))
    thread.start()
    assert busy.wait(10)
    accepted(phone, phone.segment([phone.scan(ready.raws[1], AT + 1)[1]]))
    one.run(ready.evac)  # returns at once: somebody is busy
    assert has_unopened(ready.evac)
    go_on.set()
    thread.join(10)
    assert calls == [1, 1] and not has_unopened(ready.evac) and stored(ready.evac)[0] == 2


def test_many_uploads_at_once_end_with_all_merged(ready):
    one, barrier = opening.Opening(), Barrier(4)
    phones = [Phone(ready.evac, f"other-{number}", ready.gates[0]) for number in range(4)]
    for phone in phones:
        phone.load(AT)

    def upload(phone):
        barrier.wait(10)
        for number, raw in enumerate(ready.raws):
            accepted(phone, phone.segment([phone.scan(raw, AT + number)[1]]))
            one.run(ready.evac)

    threads = [Thread(target=upload, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not has_unopened(ready.evac) and stored(ready.evac)[0] == 20
