"""What a node tells a device of uses elsewhere, and how the rest of a group counts: without a browser."""

from dataclasses import replace

import pytest
from litestar.testing import TestClient

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.frames import to_frames
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.gate.rest import REST_SECONDS
from safeconduct.gate.used_list import open_used
from safeconduct.seal.canonical import encode_cbor
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.signed import sign
from safeconduct.web.api.app import create_app
from safeconduct.wiring import start_node
from safeconduct.workflows.bring_events import MAGIC, bring_events
from safeconduct.workflows.fetch_bundle import fetch_payload
from safeconduct.workflows.fetch_used import DOMAIN, fetch_used
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from workflows.two_nodes import HOUR, START, Phone, World

AT = START + 3 * HOUR


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.agree()
    yield made
    made.close()


@pytest.fixture
def lane(world):
    """A phone at the gate that has admitted a group: (phone, decision, event, the pass's group)."""
    issued = [p for p in world.issue(world.enlist()) if p.point == world.gates[0]]
    world.move(AT)
    publish_bundle(world.evac)
    phone = Phone(world.evac, "lane-1", world.gates[0])
    phone.load(AT)
    made, event = phone.scan(issued[0].raw, AT)
    assert made.admit
    return phone, made, event, issued[0].group


def asked(world, phone, *, since=0, key=None, at=AT):
    signature = sign(DOMAIN, fetch_payload(phone.name, at), key or phone.key)
    return fetch_used(world.evac, phone.name, at, signature, since=since)


def told(world, phone, **given):
    keys = NodeKeys.enrolled(bytes.fromhex(phone.told.receipt_key))
    return open_used(asked(world, phone, **given), keys, given.get("at", AT))


def test_a_device_learns_what_others_used_and_not_what_it_used_itself(world, lane):
    phone, made, event, _ = lane
    other = Phone(world.evac, "lane-2", world.gates[0])
    assert told(world, other).used == {}
    receive_from_device(world.evac, phone.segment([event]))
    seen = told(world, other)
    assert (seen.device, dict(seen.used)) == ("lane-2", {made.batch: (made.index,)})
    assert told(world, phone).used == {}
    again = told(world, other, since=seen.upto)
    assert (again.from_, again.upto, again.used) == (seen.upto, seen.upto, {})


def test_uses_of_batches_that_are_over_are_not_told(world, lane):
    phone, _, event, _ = lane
    other = Phone(world.evac, "lane-2", world.gates[0])
    receive_from_device(world.evac, phone.segment([event]))
    late = START + 400 * 24 * HOUR
    world.move(late)
    assert told(world, other, at=late).used == {}


def test_nobody_but_the_device_is_told(world, lane):
    phone, *_ = lane
    assert asked(world, phone, key=SigningKey.from_seed(bytes(32))).code == "bad-signature"
    assert asked(world, phone, at=AT - HOUR).code == "bad-signature"
    phone.name = "stranger"
    assert asked(world, phone).code == "unknown-device"


def test_the_route_gives_the_list_and_refuses_what_is_no_question(world, lane):
    phone, _, event, _ = lane
    receive_from_device(world.evac, phone.segment([event]))
    other = Phone(world.evac, "lane-2", world.gates[0])
    keys = NodeKeys.enrolled(bytes.fromhex(other.told.receipt_key))
    signature = sign(DOMAIN, fetch_payload("lane-2", AT), other.key).hex()
    world.evac.store.close()
    with TestClient(create_app(start_node(world.evac_config))) as client:
        good = {"Authorization": f"Device {AT} {signature}"}
        seen = client.get("/devices/lane-2/used?since=0", headers=good)
        assert seen.status_code == 200 and not isinstance(open_used(seen.content, keys, AT), Refusal)
        bad = (
            "",
            "Device",
            f"Device x {signature}",
            f"Device {AT} zz{signature[2:]}",
            f"Check {AT} {signature}",
            f"Device {10**20} {signature}",
        )
        for header in bad:
            assert client.get("/devices/lane-2/used", headers={"Authorization": header}).status_code == 400, header
        for since in ("-1", str(1 << 60), "x"):
            assert client.get(f"/devices/lane-2/used?since={since}", headers=good).status_code == 400, since
        assert client.get("/devices/lane-9/used", headers=good).status_code in (403, 404, 422)
        page = client.get("/devices/read")
        assert page.headers["permissions-policy"] == "camera=(self)" and "room-reader.js" in page.text
    world.open()


def following(phone, named, at, heads):
    phone.seq += 1
    return replace(named, seq=phone.seq, at=at, heads=heads, reason="rest", note=str(named.seq))


def test_the_rest_of_a_group_takes_the_place_of_its_first_admission(world, lane):
    phone, made, event, _ = lane
    first = replace(event, heads=1)
    then = following(phone, first, AT + HOUR, 3)
    last = following(phone, then, AT + 2 * HOUR, 4)
    for run in ([first, then], [last]):
        assert isinstance(receive_from_device(world.evac, phone.segment(run)), bytes)
    with world.evac.store.reading() as tx:
        assert [(use.seq, use.heads) for use in tx.devices.uses_of([(made.batch, made.index)])] == [(3, 4)]
        assert tx.devices.conflicts() == []
        assert sum(people for *_, people in tx.devices.admitted()) == 4


@pytest.mark.parametrize("wrong", ["late", "fewer", "another pass", "no number", "itself", "a very long number"])
def test_what_is_no_rest_is_a_second_use(world, lane, wrong):
    phone, made, event, _ = lane
    first = replace(event, heads=2)
    changes = {
        "late": {"at": AT + REST_SECONDS + 1}, "fewer": {"heads": 2}, "another pass": {"index": made.index + 1},
        "no number": {"note": "one"}, "itself": {"note": "2"}, "a very long number": {"note": "1" * 40},
    }  # fmt: skip
    then = replace(following(phone, first, AT + 60, 3), **changes[wrong])
    assert isinstance(receive_from_device(world.evac, phone.segment([first, then])), bytes)
    with world.evac.store.reading() as tx:
        uses = tx.devices.uses_of([(made.batch, made.index), (made.batch, made.index + 1)])
    assert sorted(use.seq for use in uses) == [1, 2]


def test_frames_as_lines_of_text_are_a_file_of_events(world, lane):
    phone, _, event, _ = lane
    lines = to_frames(MAGIC + encode_cbor([phone.segment([event])]))
    data = "\r\n".join([*lines[::-1], ""]).encode()
    brought, receipts = bring_events(world.evac, data)
    assert [one.refusal for one in brought] == [None] and len(receipts) == 1
    with pytest.raises(BadInput) as refused:
        bring_events(world.evac, "\n".join(lines[:-1]).encode())
    assert refused.value.code == "bad-frames" and "without" in str(refused.value)
