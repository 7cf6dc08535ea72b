"""Scans accepted durably: segments of 200 events from many devices, until each has its signed receipt.

One node in this process, SQLite with `synchronous=FULL`. `scans_durable` is events by wall-clock seconds from the first
segment to the last receipt: acceptance opens nothing. `scans_merged` counts the seconds as well in which the segments
are then opened and merged: every event is the one admission of a pass that the node issued, so that the roll's states
are paid for.
"""

import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.harness import figure
from safeconduct.errors import Refusal
from safeconduct.gate.event import Event
from safeconduct.passes.pass_format import decode_payload
from safeconduct.workflows.ports import Node
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import accept_from_device, open_accepted
from workflows.two_nodes import HOUR, START, Phone, World

NAMES = ("scans_durable", "scans_merged", "scans_durable_growth", "scans_merged_growth")
GOAL, EVENTS, DEVICES = 20_000, 200, 8
SIZES = (6_000, 24_000, 96_000)  # people


def run() -> list[dict[str, Any]]:
    """Measure at each size; the growth is the time for an event at the largest by that at the smallest."""
    rates, merged = [], []
    for people in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            world = World(Path(folder))
            try:
                node, segments = _prepared(world, people)
                accepted, all_done = _accept(node, segments)
                rates.append(accepted)
                merged.append(all_done)
                scans = f"{people:>8,} people, {EVENTS * len(segments):>7,} scans"
                print(f"{scans}: {accepted:>8,.0f}/s accepted, {all_done:>8,.0f}/s merged", flush=True)
            finally:
                world.close()
    return [
        figure("scans_durable", rates[-1], "scans/s", limit=GOAL),
        figure("scans_merged", merged[-1], "scans/s"),
        figure("scans_durable_growth", rates[0] / rates[-1], "x"),
        figure("scans_merged_growth", merged[0] / merged[-1], "x"),
    ]


def _prepared(world: World, people: int) -> tuple[Node, list[bytes]]:
    """An agreement, a roll, passes and a bundle; and the sealed segments of devices that scanned every gate pass."""
    world.agree()
    groups = world.enlist(people=people)
    issued = world.issue(groups)
    assert not isinstance(issued, Refusal)
    world.move(START + 2 * HOUR)
    publish_bundle(world.evac)
    gate = world.gates[0]
    raws = [one.raw for one in issued if one.point == gate]
    phones = [Phone(world.evac, f"phone-{number}", gate) for number in range(DEVICES)]
    for phone in phones:
        phone.load(START + 2 * HOUR)
    segments = []
    for number in range(len(raws) // EVENTS):
        phone = phones[number % DEVICES]
        events = [_admission(phone, raw) for raw in raws[number * EVENTS : (number + 1) * EVENTS]]
        segments.append(phone.segment(events))
    return world.evac, segments


def _admission(phone: Phone, raw: bytes) -> Event:
    fields = decode_payload(raw[:32])
    phone.seq += 1
    batch = phone.bundle.by_key_id[fields.key_id][0]
    return Event(
        "admit", phone.seq, batch.identity, fields.index, phone.point, START + 2 * HOUR + 60, fields.heads, "ok",
        phone.bundle.seq, phone.bundle.ledger_index,
    )  # fmt: skip


def _accept(node: Node, segments: list[bytes]) -> tuple[float, float]:
    """Scans a second until the last receipt, and until all is merged."""
    events = EVENTS * len(segments)
    begun = perf_counter()
    for segment in segments:
        receipt = accept_from_device(node, segment)
        assert not isinstance(receipt, Refusal), receipt
    accepted = perf_counter() - begun
    assert open_accepted(node) == len(segments)
    return events / accepted, events / (perf_counter() - begun)
