"""What the room sees of its devices: where they stand, how far their logs have come, where one was lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import holder_at
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.common import in_force
from safeconduct.workflows.enrol_device import ENDED
from safeconduct.workflows.invite_device import CLAIMED, OPEN, Invitation, invitations
from safeconduct.workflows.ports import Node

_WITNESSED = ("assault", "turned-away", "crowd")
_TYPED = ("escort", "bags", "help", "hold", "route", "area", "child-alone")  # reasons of notes, `spec/device-log.md`


@dataclass(frozen=True, slots=True)
class Gap:
    """A device was enrolled anew: what it had recorded after an event of its last epoch, and not sent, is lost."""

    epoch: int
    upto: int  # newest event of that epoch that arrived
    at: int  # unix seconds, of the new enrolment


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device of this party."""

    id: str
    point: str
    point_name: str
    epoch: int
    upto: int  # events of this epoch that arrived
    last_at: int  # newest device time, 0: none yet
    gaps: tuple[Gap, ...]  # the oldest first
    set_aside: int  # events and segments kept apart


@dataclass(frozen=True, slots=True)
class NotedView:
    """What guards recorded that is no scan, by control point and kind."""

    point_name: str
    what: str  # "assault by-other", "escort", "crowd dense": the kind and its reason
    times: int
    people: int  # as far as they were counted
    last_at: int  # newest device time, unix seconds


@dataclass(frozen=True, slots=True)
class DevicesView:
    """The page of devices."""

    now: int
    points: tuple[tuple[str, str], ...]  # (id, name) of the control points that this party holds now
    waiting: tuple[Invitation, ...]  # phones that claimed a code
    open: tuple[Invitation, ...]  # codes that no phone has claimed
    devices: tuple[DeviceView, ...]
    has_bundle: bool
    agreed: bool
    noted: tuple[NotedView, ...] = ()  # the newest first


def show_devices(node: Node) -> DevicesView:
    """Return the page's view from stored state."""
    now = node.clock.now()
    with node.store.reading() as tx:
        found = in_force(tx)
        points = found[0].control_points if found else ()
        names = {p.id: p.name for p in points}
        held = tuple((p.id, p.name) for p in points if found and holder_at(found[0], p.id, now) == node.party)
        alive = [one for one in invitations(tx) if now < one.expires]
        gaps: dict[str, list[Gap]] = {}
        for _, body, _ in tx.records.all(ENDED):
            told = decode_json(body, where=ENDED)
            gaps.setdefault(told["device"], []).append(Gap(told["epoch"], told["upto"], told["at"]))
        aside: dict[str, int] = {}
        for device, _, _, _ in tx.devices.quarantined():
            aside[device] = aside.get(device, 0) + 1
        devices = tuple(
            DeviceView(
                d.id, d.point, names.get(d.point, d.point), d.epoch, d.upto_seq, d.last_at, tuple(gaps.get(d.id, ())),
                aside.get(d.id, 0),
            )
            for d in tx.devices.all() if d.party == node.party
        )  # fmt: skip
        bundle = tx.passes.bundle()
        noted = _noted(tx.devices.tallies(), names)
    return DevicesView(
        now=now,
        points=held,
        waiting=tuple(one for one in alive if one.state == CLAIMED),
        open=tuple(one for one in alive if one.state == OPEN),
        devices=devices,
        has_bundle=bundle is not None,
        agreed=found is not None,
        noted=noted,
    )


def _noted(tallies: Sequence[tuple[str, str, str, int, int, int]], names: Mapping[str, str]) -> tuple[NotedView, ...]:
    found = [
        NotedView(
            names.get(point, point), reason if kind == "note" else f"{kind} {reason}".strip(), times, people, last
        )
        for point, kind, reason, times, people, last in tallies
        if kind in _WITNESSED or (kind == "note" and reason in _TYPED)
    ]
    return tuple(sorted(found, key=lambda one: (-one.last_at, one.point_name, one.what)))
